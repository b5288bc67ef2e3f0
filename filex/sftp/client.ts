import type { Client } from 'ssh2';
import type SftpClient from 'ssh2-sftp-client';

/** A client that is yet to connect, and ssh2's own client in it. Loaded when first needed. */
export async function newClient(): Promise<{ client: SftpClient; ssh: Client }> {
	const { default: Sftp } = await import('ssh2-sftp-client');
	// Its own default callbacks write to the console.
	const client = new (Sftp as unknown as new (name: string, callbacks: object) => SftpClient)('filex', {});
	return { client, ssh: (client as unknown as { client: Client }).client };
}
