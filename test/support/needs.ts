import { isInstalled } from '../../scripts/run';

export interface Need {
	/** The program, e.g. `sshd`. */
	program: string;
	/** The command that would install it. */
	install: string;
	/** Whether the tests must run as root. */
	root?: boolean;
}

export const SSHD: Need = { program: 'sshd', install: 'apt-get install openssh-server', root: true };
export const OPENSSH: Need = { program: 'sftp', install: 'apt-get install openssh-client' };
export const LFTP: Need = { program: 'lftp', install: 'apt-get install lftp' };
export const CURL: Need = { program: 'curl', install: 'apt-get install curl' };
export const AWS_CLI: Need = { program: '/usr/bin/aws', install: 'apt-get install awscli' };
export const TINYPROXY: Need = { program: 'tinyproxy', install: 'apt-get install tinyproxy' };
export const MICROSOCKS: Need = { program: 'microsocks', install: 'apt-get install microsocks' };
export const PYTHON_REQUESTS: Need = {
	program: '/usr/lib/python3/dist-packages/requests/__init__.py',
	install: 'apt-get install python3-requests',
};
export const ASYNCSSH: Need = {
	program: '/usr/lib/python3/dist-packages/asyncssh/__init__.py',
	install: 'apt-get install python3-asyncssh',
};
export const POSTGRES: Need = {
	program: '/usr/lib/postgresql/15/bin/postgres',
	install: 'apt-get install postgresql-15',
	root: true,
};
export const CHROMIUM: Need = { program: 'chromium', install: 'apt-get install chromium' };

/**
 * `describe` for tests that need something of the system. Where that is missing they are skipped by
 * name, with the command that would install it; in CI, where no one reads skips, they fail.
 */
export function describeWith(need: Need, name: string, tests: () => void): void {
	describeUnless(missing(need), name, tests);
}

/** As {@link describeWith}, for tests that lack something for a reason. */
export function describeUnless(reason: string | undefined, name: string, tests: () => void): void {
	if (reason === undefined) return describe(name, tests);
	if (process.env.CI === 'true') {
		return describe(name, () => {
			it('has what it needs', () => {
				throw new Error(reason);
			});
		});
	}
	describe.skip(`${name} (skipped: ${reason})`, tests);
}

/** Why a need is not met; undefined where it is. */
export function missing({ program, install, root }: Need): string | undefined {
	if (!isInstalled(program)) return `${program} is missing: ${install}`;
	if (root && process.getuid?.() !== 0) return `${program} must be run as root here`;
	return undefined;
}
