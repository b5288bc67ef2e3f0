import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SandboxInfo } from '../../sandbox/sandbox';
import { runProgram, type Outcome } from './program';

/**
 * Runs commands in one session of OpenSSH's sftp, logged in by the first account's password.
 *
 * @param folder where it finds and leaves files
 * @param limit milliseconds after which it is ended
 */
export async function openSshSftp({ sftp, accounts }: SandboxInfo, folder: string, commands: string[], limit?: number): Promise<Outcome> {
	const { username, password } = accounts[0]!;
	const askpass = join(folder, 'askpass');
	await writeFile(askpass, `#!/bin/sh\necho ${password}\n`);
	await chmod(askpass, 0o700);
	// The first of two settings holds: a batch file alone would turn the password off.
	const options = ['BatchMode=no', 'StrictHostKeyChecking=no', `UserKnownHostsFile=${folder}/known`, 'PreferredAuthentications=password', 'NumberOfPasswordPrompts=1'];
	return await runProgram('sftp', ['-q', '-P', String(sftp.port), ...options.flatMap((each) => ['-o', each]), '-b', '-', `${username}@127.0.0.1`], {
		cwd: folder,
		input: commands.join('\n'),
		env: { SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force', DISPLAY: ':0' },
		limit,
	});
}
