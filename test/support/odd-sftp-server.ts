import { randomInt } from 'node:crypto';
import type { AddressInfo, Socket } from 'node:net';
import ssh2, { type AuthContext, type Connection, type SFTPWrapper } from 'ssh2';
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
	/** The largest number of READDIR requests that came together. */
	mostListings(): number;
	/** How many logins were tried. */
	logins(): number;
	/** The methods of them, in order. */
	methods(): string[];
	/** What was written, by its SHA-256, of each file that was closed. */
	written(): Buffer[];
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
	/** Whether it leaves keep-alives unanswered. */
	ignoresKeepAlives?: boolean;
	/** What FSTAT gets in place of size and time. */
	fstat?: 'refused' | 'without a size';
	/** Whether it refuses to open anything while something is open. */
	oneHandle?: boolean;
	/** Which request it answers with success, and nothing of what was asked for. */
	succeedsEmpty?: 'OPEN' | 'OPENDIR' | 'READDIR' | 'READ' | 'FSTAT';
	/** A status that it refuses OPEN with. */
	openStatus?: number;
	/** Which WRITE, counted from 0, it refuses, or drops the connection at. */
	failsWrite?: { at: number; by: 'refusal' | 'drop' };
	/** How READDIR gives `entries`, ten at a time, where it is not by one answer. */
	readdir?: 'in order' | 'in another order' | 'the end too early' | 'some of them twice';
	/** Whether it reads no more requests while what it has to send has no room in the channel's window. */
	stopsReading?: boolean;
	/** Its host keys, one for each type. */
	hostKeys?: string[];
	/** How it judges a login: takes it, or says what it would take. */
	judge?: (login: AuthContext, sent: string[]) => void;
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
		ignoresKeepAlives = false,
		fstat,
		oneHandle = false,
		succeedsEmpty,
		openStatus,
		failsWrite,
		readdir,
		stopsReading = false,
		hostKeys = [newKeyPair('ed25519').private],
		judge,
	}: Oddity,
): Promise<OddServer> {
	let waiting: Array<() => void> = [];
	let inFlight = 0;
	let most = 0;
	let logins = 0;
	let writes = 0;
	const listings = { inFlight: 0 };
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
	const methods: string[] = [];
	const written: Buffer[] = [];
	const server = new Server({ hostKeys }, (connection) => {
		connection.on('error', () => {});
		(connection as unknown as { setNoDelay(on: boolean): void }).setNoDelay(true);
		connection.on('authentication', (login) => {
			logins++;
			methods.push(login.method);
			if (judge) return judge(login, methods);
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
				const { _protocol } = connection as unknown as {
					_protocol: { _handlers: Record<string, () => void> };
				};
				if (ignoresKeepAlives) _protocol._handlers.GLOBAL_REQUEST = () => {};
				let open = 0;
				let handles = 0;
				const opened = (id: number, name: string) => {
					if (openStatus !== undefined) return sftp.status(id, openStatus);
					if (oneHandle && open > 0) return sftp.status(id, STATUS_CODE.FAILURE, 'only one');
					open++;
					sftp.handle(id, Buffer.from(`${name}${handles++}`));
				};
				sftp.on('OPEN', (id) => {
					if (ignores === 'OPEN') return;
					if (succeedsEmpty === 'OPEN') return sftp.status(id, STATUS_CODE.OK);
					opened(id, 'file');
				});
				let isListed = false;
				sftp.on('OPENDIR', (id) => {
					if (ignores === 'OPENDIR') return;
					if (succeedsEmpty === 'OPENDIR') return sftp.status(id, STATUS_CODE.OK);
					isListed = false;
					page = 0;
					opened(id, 'directory');
				});
				sftp.on('READDIR', (id) => {
					if (ignores === 'READDIR') return;
					if (succeedsEmpty === 'READDIR') return sftp.status(id, STATUS_CODE.OK);
					if (readdir) return readPage(id);
					if (isListed && !endless) return sftp.status(id, STATUS_CODE.EOF);
					isListed = true;
					sftp.name(id, entries as never);
				});
				let page = 0;
				let pages: number[] = [];
				// Several that came together are answered together.
				const readPage = (id: number) => {
					if (pages.length === 0) setImmediate(answerPages);
					pages.push(id);
					listings.inFlight = Math.max(listings.inFlight, pages.length);
				};
				const answerPages = () => {
					const together = pages;
					pages = [];
					const isTogether = together.length > 1;
					if (isTogether && readdir === 'in another order') together.reverse();
					for (const id of together) {
						const isEarly = isTogether && readdir === 'the end too early' && id === together[0];
						const at = isTogether && readdir === 'some of them twice' ? 0 : page;
						const part = entries.slice(at * 10, at * 10 + 10);
						if (part.length === 0 || isEarly) sftp.status(id, STATUS_CODE.EOF);
						else sftp.name(id, part as never);
						if (!isEarly) page++;
					}
				};
				sftp.on('FSTAT', (id) => {
					if (ignores === 'FSTAT') return;
					if (succeedsEmpty === 'FSTAT') return sftp.status(id, STATUS_CODE.OK);
					if (fstat === 'refused') return sftp.status(id, STATUS_CODE.PERMISSION_DENIED);
					sftp.attrs(id, (fstat ? { mode: 0o100_644 } : attributes) as never);
				});
				const parts = new Map<string, Array<{ offset: number; data: Buffer }>>();
				sftp.on('WRITE', (id, handle, offset, data) => {
					const fails = writes++ === failsWrite?.at;
					if (fails && failsWrite?.by === 'drop')
						return void (connection as unknown as { _sock: Socket })._sock.destroy();
					if (fails) return sftp.status(id, STATUS_CODE.FAILURE, 'no room');
					const file = parts.get(handle.toString()) ?? [];
					parts.set(handle.toString(), file);
					file.push({ offset, data: Buffer.from(data) });
					sftp.status(id, STATUS_CODE.OK);
				});
				sftp.on('CLOSE', (id, handle) => {
					open--;
					const file = parts.get(handle.toString());
					if (file) written.push(inOrder(file));
					parts.delete(handle.toString());
					sftp.status(id, STATUS_CODE.OK);
				});
				if (stopsReading) stopWhileFull(connection, sftp);
				sftp.on('READ', (id, _handle, offset, length) => {
					if (succeedsEmpty === 'READ') return sftp.status(id, STATUS_CODE.OK);
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
		mostListings: () => listings.inFlight,
		logins: () => logins,
		methods: () => methods,
		written: () => written,
		close: async () => await new Promise((resolve) => server.close(() => resolve())),
	};
}

/** Reads nothing from the socket while the channel's window has no room: the client then cannot say that it has some again. */
function stopWhileFull(connection: Connection, sftp: SFTPWrapper): void {
	const { _sock: socket } = connection as unknown as { _sock: Socket };
	const { outgoing } = sftp as unknown as { outgoing: { window: number } };
	let window = outgoing.window;
	Object.defineProperty(outgoing, 'window', {
		get: () => window,
		set(value: number) {
			window = value;
			if (value === 0) socket.pause();
		},
	});
}

function inOrder(parts: Array<{ offset: number; data: Buffer }>): Buffer {
	const whole = Buffer.alloc(Math.max(...parts.map(({ offset, data }) => offset + data.length)));
	for (const { offset, data } of parts) data.copy(whole, offset);
	return whole;
}
