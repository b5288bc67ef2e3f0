import { isInstalled, run } from './run';

/** Programs that the tests need of the system, and the Debian packages that bring them. */
export const PROGRAMS = {
	sshd: 'openssh-server',
	sftp: 'openssh-client',
	lftp: 'lftp',
	rclone: 'rclone',
	ip: 'iproute2',
	curl: 'curl',
	'/usr/bin/aws': 'awscli',
	'/usr/lib/python3/dist-packages/requests/__init__.py': 'python3-requests',
	'/usr/lib/python3/dist-packages/asyncssh/__init__.py': 'python3-asyncssh',
	chromium: 'chromium',
	debootstrap: 'debootstrap',
	nginx: 'nginx-light',
	'redis-server': 'redis-server',
	'/usr/lib/postgresql/15/bin/postgres': 'postgresql-15',
	tinyproxy: 'tinyproxy',
	microsocks: 'microsocks',
};

export type Program = keyof typeof PROGRAMS;

const CLIENTS: Program[] = ['sftp', 'curl', '/usr/bin/aws'];

/** What each room's tests need of the system. */
export const NEEDS: Record<string, Program[]> = {
	contract: ['sshd'],
	interop: [
		'sshd',
		'lftp',
		'tinyproxy',
		'microsocks',
		'/usr/lib/python3/dist-packages/requests/__init__.py',
		'/usr/lib/python3/dist-packages/asyncssh/__init__.py',
		...CLIENTS,
	],
	load: CLIENTS,
	editor: ['chromium', '/usr/lib/postgresql/15/bin/postgres'],
	scale: ['redis-server', '/usr/lib/postgresql/15/bin/postgres'],
};

/**
 * Sees to what tests need of the system: installs it with apt-get where that may be done (root, on
 * Debian), and says so; elsewhere says what would install it, and the tests concerned skip by name.
 */
export async function provide(...programs: Program[]): Promise<void> {
	const missing = programs.filter((program) => !isInstalled(program));
	if (missing.length === 0) return;
	const packages = missing.map((program) => PROGRAMS[program]);
	const command = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
	if (process.getuid?.() !== 0 || !isInstalled('apt-get')) {
		say(`Not here: ${missing.join(', ')}. The tests that need it will be skipped. To have it: ${command}`);
		return;
	}
	say(`Installing what the tests need: ${command}`);
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	const quiet = ['ignore', 'ignore', 'inherit'] as const;
	await run('apt-get', ['update', '-qq'], { env, stdio: [...quiet] });
	const code = await run('apt-get', command.split(' ').slice(1), { env, stdio: [...quiet] });
	say(
		code === 0
			? `Installed: ${packages.join(', ')}`
			: `apt-get ended with ${code}; the tests that need it will be skipped.`,
	);
}

function say(text: string): void {
	process.stdout.write(`${text}\n`);
}
