import { randomInt } from 'node:crypto';
import type { AddressInfo, Socket } from 'node:net';
import ssh2 from 'ssh2';
import { newKeyPair } from '../../sandbox/sftp/keys';
import { Random } from './random';

/** `ODD_SEED=123` repeats the order of answers and their lengths. */
export const ODD_SEED = Number(process.env.ODD_SEED ?? randomInt(2 ** 31));

const { Server, utils } = ssh2;
const { STATUS_CODE } = utils.sftp;

export interface OddServer {
	port: number;
	/** The largest number of READ requests that were waiting for their answers at once. */
	mostInFlight(): number;
	/** How many logins were tried. */
	logins(): number;
	close(): Promise<void>;
}

/** How the server answers READ requests. */
export interface Oddity {
	/** Bytes to give for a request of so many; fewer is a short answer. */
	shorten?: (length: number) => number;
	/** Whether answers come in another order than the requests. */
	shuffle?: boolean;
	/** Whether it takes the login and then never opens the SFTP session. */
	mute?: boolean;
	/** How it ends the connection when a login comes, instead of answering it; `silence` does not even end it. */
	hangUp?: 'reset' | 'end' | 'silence';
	/** Whether it asks for a new password instead of taking the old one. */
	passwordExpired?: boolean;
	/** The size that FSTAT tells; the true one where absent. */
	claimedSize?: number;
	/** Which request it never answers. */
	ignores?: 'OPEN' | 'FSTAT' | 'OPENDIR' | 'READDIR';
	/** What READDIR reports every directory, in one answer. */
	entries?: OddEntry[];
	/** Whether READDIR gives that answer again and again, without an end. */
	endless?: boolean;
}

export interface OddEntry {
	filename: string;
	longname: string;
	/** Any of them may be missing. */
	attrs: { mode?: number; size?: number; mtime?: number; atime?: number };
}

/** An SFTP server with one file, `content`, under every path, that answers READs oddly but lawfully. */
export async function startOddServer(
	content: Buffer,
	{
		shorten = (n) => n,
		shuffle = false,
		claimedSize,
		mute,
		hangUp,
		passwordExpired,
		entries = [],
		endless = false,
		ignores,
	}: Oddity,
): Promise<OddServer> {
	let waiting: Array<() => void> = [];
	let inFlight = 0;
	let most = 0;
	let logins = 0;
	const random = new Random(ODD_SEED);
	const flush = () => {
		const batch = waiting;
		waiting = [];
		for (let at = shuffle ? batch.length - 1 : 0; at > 0; at--) {
			const other = random.between(0, at);
			[batch[at], batch[other]] = [batch[other]!, batch[at]!];
		}
		for (const answer of batch) answer();
	};
	const server = new Server({ hostKeys: [newKeyPair('ed25519').private] }, (connection) => {
		connection.on('error', () => {});
		(connection as unknown as { setNoDelay(on: boolean): void }).setNoDelay(true);
		connection.on('authentication', (login) => {
			logins++;
			const { _sock: socket } = connection as unknown as { _sock: Socket };
			if (hangUp === 'reset') socket.resetAndDestroy();
			else if (hangUp === 'end') socket.end();
			else if (hangUp === 'silence') return;
			else if (passwordExpired && login.method === 'password') login.requestChange('Choose a new password', () => {});
			else login.accept();
		});
		connection.on('session', (accept) =>
			accept().on('sftp', (acceptSftp) => {
				if (mute) return;
				const sftp = acceptSftp();
				const attributes = { mode: 0o100_644, uid: 0, gid: 0, size: claimedSize ?? content.length, atime: 0, mtime: 0 };
				sftp.on('OPEN', (id) => ignores !== 'OPEN' && sftp.handle(id, Buffer.from('file')));
				let isListed = false;
				sftp.on('OPENDIR', (id) => {
					if (ignores === 'OPENDIR') return;
					isListed = false;
					sftp.handle(id, Buffer.from('directory'));
				});
				sftp.on('READDIR', (id) => {
					if (ignores === 'READDIR') return;
					if (isListed && !endless) return sftp.status(id, STATUS_CODE.EOF);
					isListed = true;
					sftp.name(id, entries as never);
				});
				sftp.on('FSTAT', (id) => ignores !== 'FSTAT' && sftp.attrs(id, attributes));
				sftp.on('CLOSE', (id) => sftp.status(id, STATUS_CODE.OK));
				sftp.on('READ', (id, _handle, offset, length) => {
					most = Math.max(most, ++inFlight);
					if (waiting.length === 0) setImmediate(flush);
					waiting.push(() => {
						inFlight--;
						const bytes = content.subarray(
							offset,
							offset + Math.max(1, shorten(Math.min(length, content.length - offset))),
						);
						if (bytes.length === 0) sftp.status(id, STATUS_CODE.EOF);
						else sftp.data(id, bytes);
					});
				});
				sftp.on('end', () => sftp.end());
			}),
		);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		port: (server.address() as AddressInfo).port,
		mostInFlight: () => most,
		logins: () => logins,
		close: async () => await new Promise((resolve) => server.close(() => resolve())),
	};
}
