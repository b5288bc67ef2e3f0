import type { Socket } from 'node:net';
import type { Client, ServerHostKeyAlgorithm } from 'ssh2';
import { fingerprint } from '../account/fingerprints';
import { FileXError, networkError } from '../errors';
import { deadline } from '../util/deadline';
import { abortReason, sftpAddress } from './address';
import { ALGORITHMS } from './algorithms';
import { newClient } from './client';
import { dial, type DialPorts } from './dial';
import type { SftpAccount } from './sftp-account';

/** What an SFTP server says of itself before any login. */
export type SftpServer =
	| {
			host: string;
			reachable: true;
			hostKey: string;
			/** Whether the credential allows this key by name. */ pinned: boolean;
	  }
	| { host: string; reachable: false; reason: string };

const PROBE_TIMEOUT = 20_000;

/**
 * Asks the SFTP server for its host key and leaves before any login: no secret is sent. Never fails.
 *
 * @param algorithms of the key, e.g. `ssh-ed25519`; where absent, the one that connections agree on
 */
export async function probeSftpServer(
	account: Pick<SftpAccount, 'endpoints' | 'sftpProxy' | 'hostKeys'>,
	{ timeout = PROBE_TIMEOUT, ...ports }: DialPorts & { /** ms */ timeout?: number } = {},
	algorithms?: string | string[],
): Promise<SftpServer> {
	const host = sftpAddress(account);
	const { ssh } = await newClient();
	const limit = deadline(timeout, `Asking ${host} for its host key`, ports.signal);
	try {
		const hostKey = await hostKeyOf(
			ssh,
			await dial(account, { ...ports, signal: limit.signal }),
			limit.signal,
			algorithms,
		);
		return { host, reachable: true, hostKey, pinned: account.hostKeys.includes(hostKey) };
	} catch (error) {
		const reason = error instanceof FileXError ? error.message : networkError(`the SFTP server ${host}`, error).message;
		return { host, reachable: false, reason };
	} finally {
		ssh.destroy();
		limit.clear();
	}
}

async function hostKeyOf(
	ssh: Client,
	sock: Socket,
	signal: AbortSignal,
	algorithms?: string | string[],
): Promise<string> {
	return await new Promise((resolve, reject) => {
		signal.addEventListener('abort', () => reject(abortReason(signal)), { once: true });
		ssh.on('error', reject);
		ssh.on('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
		ssh.connect({
			sock,
			username: 'nobody',
			algorithms: {
				...ALGORITHMS,
				...(algorithms !== undefined && { serverHostKey: [algorithms].flat() as ServerHostKeyAlgorithm[] }),
			},
			readyTimeout: 0,
			hostVerifier: (key: Buffer) => {
				resolve(fingerprint(key));
				return false;
			},
		});
	});
}
