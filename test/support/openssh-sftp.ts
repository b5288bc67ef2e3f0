import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SandboxInfo } from '../../sandbox/info';
import { type Outcome, runProgram } from './program';

export interface OpenSshOptions {
	/** The file with the private key to log in with, instead of the password. */
	key?: string;
	/** Lets ssh say on stderr what happens to the connection, e.g. why the server hung up. */
	verbose?: boolean;
}

/**
 * Runs commands in one session of OpenSSH's sftp, logged in by the first account's password.
 *
 * @param folder where it finds and leaves files
 * @param limit milliseconds after which it is ended
 */
export async function openSshSftp(
	{ sftp, accounts }: SandboxInfo,
	folder: string,
	commands: string[],
	limit?: number,
	{ key, verbose = false }: OpenSshOptions = {},
): Promise<Outcome> {
	const { username, password } = accounts[0]!;
	const askpass = join(folder, 'askpass');
	await writeFile(askpass, `#!/bin/sh\necho ${password}\n`);
	await chmod(askpass, 0o700);
	const method =
		key === undefined
			? ['PreferredAuthentications=password']
			: ['PreferredAuthentications=publickey', 'IdentitiesOnly=yes', `IdentityFile=${key}`];
	// The first of two settings holds: a batch file alone would turn the password off.
	const options = [
		'BatchMode=no',
		'StrictHostKeyChecking=no',
		`UserKnownHostsFile=${folder}/known`,
		...method,
		'NumberOfPasswordPrompts=1',
	];
	const args = [
		verbose ? '-v' : '-q',
		'-P',
		String(sftp.port),
		...options.flatMap((each) => ['-o', each]),
		'-b',
		'-',
		`${username}@127.0.0.1`,
	];
	return await runProgram('sftp', args, {
		cwd: folder,
		input: commands.join('\n'),
		env: { SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force', DISPLAY: ':0' },
		limit,
	});
}
