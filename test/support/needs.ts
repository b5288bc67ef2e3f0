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
export const CHROMIUM: Need = { program: 'chromium', install: 'apt-get install chromium' };

/**
 * `describe` for tests that need something of the system. Where that is missing they are skipped by
 * name, with the command that would install it; in CI, where nobody reads skips, they fail.
 */
export function describeWith(need: Need, name: string, tests: () => void): void {
	const reason = missing(need);
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

function missing({ program, install, root }: Need): string | undefined {
	if (!isInstalled(program)) return `${program} is missing: ${install}`;
	if (root && process.getuid?.() !== 0) return `${program} must be run as root here`;
	return undefined;
}
