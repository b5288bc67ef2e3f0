import { connect, type Socket } from 'node:net';
import type { Account } from '../account/account';
import type { Logins } from '../account/login-guard';
import { connectThrough, hostAndPort } from '../http/connect';
import { EACH_ADDRESS } from '../http/connecting';
import { type Egress, UNRESTRICTED_EGRESS } from '../http/egress';

export interface DialPorts {
	egress?: Egress;
	guard?: Logins;
	signal?: AbortSignal;
}

/**
 * A connection to the account's SFTP server that stands, straight to whichever of its addresses answers, or through its
 * proxy; SSH has not begun.
 * Fails with FileXErrors, or with Node's own errors of a socket. Whoever gets it destroys it.
 */
export async function dial(
	{ endpoints: { sftp }, sftpProxy }: Pick<Account, 'endpoints' | 'sftpProxy'>,
	{ egress = UNRESTRICTED_EGRESS, guard, signal }: DialPorts,
): Promise<Socket> {
	const target = hostAndPort(sftp.host, sftp.port);
	const { lookup } = egress;
	await egress.check(`sftp://${target}`);
	const socket = await (sftpProxy
		? connectThrough(sftpProxy, target, { lookup, guard, signal })
		: standing(connect({ ...EACH_ADDRESS, ...sftp, lookup, signal })));
	// An 'error' event without a listener would end the process, and SSH may never take this over.
	socket.on('error', () => {});
	// Otherwise every small packet waits for the one before it: tenfold slower.
	return socket.setNoDelay(true);
}

async function standing(socket: Socket): Promise<Socket> {
	await new Promise<void>((resolve, reject) => {
		socket.once('connect', resolve);
		socket.once('error', reject);
	});
	return socket;
}
