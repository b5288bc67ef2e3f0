import ssh2, { type Client, type SFTPWrapper } from 'ssh2';
import type { SandboxInfo } from '../../../sandbox/info';

/** A connection of the first account's, by its password. @throws Error where it is refused */
export async function connectSsh({ sftp, accounts }: SandboxInfo): Promise<Client> {
	const { username, password } = accounts[0]!;
	const client = new ssh2.Client();
	await new Promise<void>((resolve, reject) => {
		client.once('ready', resolve).on('error', reject);
		client.once('close', () => reject(new Error('The connection was closed.')));
		client.connect({ host: sftp.host, port: sftp.port, username, password });
	});
	return client;
}

/** A session to send single requests in, as no client of an SFTP library's would. */
export async function startSftp(client: Client): Promise<SFTPWrapper> {
	return await new Promise<SFTPWrapper>((resolve, reject) =>
		client.sftp((error, sftp) => (error ? reject(error) : resolve(sftp))),
	);
}

export async function endSsh(client: Client): Promise<void> {
	await new Promise<void>((resolve) => client.once('close', () => resolve()).end());
}

/** One request of a session; gives what it answers. @throws Error with the status as `code` */
export async function ask<Answer = void>(
	request: (done: (error: Error | null | undefined, answer?: Answer) => void) => void,
): Promise<Answer> {
	return await new Promise<Answer>((resolve, reject) =>
		request((error, answer) => (error ? reject(error) : resolve(answer as Answer))),
	);
}
