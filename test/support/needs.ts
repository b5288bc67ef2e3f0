import { isInstalled } from '../../scripts/run';
import { type Program, PROGRAMS } from '../../scripts/system';

export interface Need {
	program: Program;
	/** Whether the tests must run as root. */
	root?: boolean;
}

export const SSHD: Need = { program: 'sshd', root: true };
export const OPENSSH: Need = { program: 'sftp' };
export const LFTP: Need = { program: 'lftp' };
export const CURL: Need = { program: 'curl' };
export const AWS_CLI: Need = { program: '/usr/bin/aws' };
export const TINYPROXY: Need = { program: 'tinyproxy' };
export const MICROSOCKS: Need = { program: 'microsocks' };
export const PYTHON_REQUESTS: Need = { program: '/usr/lib/python3/dist-packages/requests/__init__.py' };
export const ASYNCSSH: Need = { program: '/usr/lib/python3/dist-packages/asyncssh/__init__.py' };
export const POSTGRES: Need = { program: '/usr/lib/postgresql/15/bin/postgres', root: true };
export const CHROMIUM: Need = { program: 'chromium' };

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
export function missing({ program, root }: Need): string | undefined {
	if (!isInstalled(program)) return `${program} is missing: apt-get install ${PROGRAMS[program]}`;
	if (root && process.getuid?.() !== 0) return `${program} must be run as root here`;
	return undefined;
}
