import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { readAccount, SftpSpace } from '../../filex';
import { LoginGuard } from '../../filex/account/login-guard';
import { ConnectionSemaphore } from '../../filex/sftp/connection-semaphore';
import { verifyDownload } from '../../filex/transfer/verify-download';
import { deadline } from '../../filex/util/deadline';
import { ODD_SEED, type OddServer, startOddServer } from '../support/odd-sftp-server';
import { Random } from '../support/random';

const FILE = { orgId: '0001', application: 'crd', subSpace: 'reports', name: 'a.bin' };
const random = new Random(ODD_SEED + 1);
const CONTENT = randomBytes(5_000_011);

describe('an SFTP server that answers', () => {
	let server: OddServer;
	let space: SftpSpace;

	function connect(inFlight?: number, guard = new LoginGuard(), signal?: AbortSignal): void {
		const account = readAccount({
			environment: 'custom',
			restUrl: 'http://127.0.0.1:1',
			fipUrl: 'http://127.0.0.1:1',
			sftpHost: '127.0.0.1',
			sftpPort: server.port,
			username: 'demo',
			password: 'any',
			orgId: '0001',
		});
		space = new SftpSpace(account, {
			guard,
			semaphore: new ConnectionSemaphore(),
			inFlight,
			signal,
			loginTimeout: 1000,
			answerTimeout: 300,
		});
	}

	async function digest(): Promise<string> {
		const { stream, size } = await space.read(FILE);
		const checked = verifyDownload(stream, size, FILE.name);
		checked.stream.resume();
		await finished(checked.stream);
		return checked.sha256();
	}

	afterEach(async () => {
		await space.close();
		await server.close();
	});

	it.each([
		['short', { shorten: (n: number) => Math.ceil(n * random.next()) }],
		['out of order', { shuffle: true }],
		['short and out of order', { shorten: (n: number) => Math.ceil(n * random.next()), shuffle: true }],
		['one byte less than asked', { shorten: (n: number) => n - 1, shuffle: true }],
	])(`%s is read byte for byte (ODD_SEED=${ODD_SEED})`, async (_name, oddity) => {
		server = await startOddServer(CONTENT, oddity);
		connect();
		expect(await digest()).toBe(createHash('sha256').update(CONTENT).digest('hex'));
		expect(server.mostInFlight()).toBeGreaterThan(8);
	});

	it('is asked for one packet at a time where packets must stay in order', async () => {
		server = await startOddServer(CONTENT.subarray(0, 500_000), { shorten: (n) => Math.ceil(n / 2) });
		connect(1);
		expect(await digest()).toBe(createHash('sha256').update(CONTENT.subarray(0, 500_000)).digest('hex'));
		expect(server.mostInFlight()).toBe(1);
	});

	it('the login, and then nothing, is given up', async () => {
		server = await startOddServer(CONTENT, { mute: true });
		connect();
		await expect(space.read(FILE)).rejects.toMatchObject({
			kind: 'unavailable',
			message: expect.stringContaining('took longer than 1 s'),
		});
	});

	it.each(['OPEN', 'FSTAT', 'OPENDIR', 'READDIR'] as const)('all but %s is given up', async (ignores) => {
		server = await startOddServer(CONTENT, { ignores });
		connect();
		const ask = async () => await (/DIR/.test(ignores) ? space.list(FILE) : space.read(FILE));
		await expect(ask()).rejects.toMatchObject({
			kind: 'unavailable',
			retrySafe: true,
			message: expect.stringMatching(/^The SFTP request for '0001\/crd\/reports.*took longer than/),
		});
	});

	it('that the password has expired gets it once', async () => {
		server = await startOddServer(CONTENT, { passwordExpired: true });
		const guard = new LoginGuard();
		connect(undefined, guard);
		await expect(space.read(FILE)).rejects.toMatchObject({
			kind: 'credentials',
			hint: expect.stringMatching(/^The password has expired/),
		});
		connect(undefined, guard);
		await expect(space.read(FILE)).rejects.toMatchObject({ kind: 'credentials' });
		expect(server.logins()).toBe(1);
	});

	it.each(['reset', 'end', 'silence'] as const)(
		'no login, but ends it by %s, gets the password twice, and not again at once',
		async (hangUp) => {
			server = await startOddServer(CONTENT, { hangUp });
			const guard = new LoginGuard();
			const messages: string[] = [];
			for (let turn = 0; turn < 4; turn++) {
				connect(undefined, guard);
				messages.push(await space.read(FILE).then(String, ({ message }: Error) => message));
			}
			expect(server.logins()).toBe(2);
			expect(messages[3]).toMatch(
				/^Authorization of 'demo' at 127.0.0.1:\d+ was not answered 2 times in a row, so it was not tried again$/,
			);
		},
	);

	it('no login within the time of a poll gets the password twice', async () => {
		server = await startOddServer(CONTENT, { hangUp: 'silence' });
		const guard = new LoginGuard();
		for (let turn = 0; turn < 3; turn++) {
			const limit = deadline(200, 'The poll');
			connect(undefined, guard, limit.signal);
			await expect(space.read(FILE)).rejects.toMatchObject({ kind: 'unavailable' });
			limit.clear();
		}
		expect(server.logins()).toBe(2);
	});

	it('no login before it is stopped, by hand or by the time limit of an execution, gets the password twice', async () => {
		server = await startOddServer(CONTENT, { hangUp: 'silence' });
		const guard = new LoginGuard();
		for (let turn = 0; turn < 3; turn++) {
			connect(undefined, guard, AbortSignal.timeout(200));
			await expect(space.read(FILE)).rejects.toMatchObject(
				turn < 2 ? { kind: 'cancelled' } : { message: expect.stringContaining('was not answered 2 times in a row') },
			);
		}
		expect(server.logins()).toBe(2);
	});

	const listed = {
		filename: FILE.name,
		longname: '',
		attrs: { mode: 0o100_644, size: CONTENT.length, atime: 0, mtime: 7 },
	};

	it.each(['refused', 'without a size'] as const)("FSTAT %s is read by the listing's size", async (fstat) => {
		server = await startOddServer(CONTENT, { fstat, entries: [listed] });
		connect();
		expect(await digest()).toBe(createHash('sha256').update(CONTENT).digest('hex'));
		expect(await digest()).toBe(createHash('sha256').update(CONTENT).digest('hex'));
	});

	it('no size, and a file longer than its listing says, makes no file', async () => {
		const shorter = { ...listed, attrs: { ...listed.attrs, size: 100_000 } };
		server = await startOddServer(CONTENT, { fstat: 'refused', entries: [shorter] });
		connect();
		await expect(digest()).rejects.toMatchObject({ message: expect.stringContaining('of 100000 bytes') });
	});

	it('one file at a time, and refuses the next, gives them one after the other', async () => {
		server = await startOddServer(CONTENT, { oneHandle: true, entries: [listed] });
		connect();
		const all = await Promise.all([digest(), digest(), digest(), space.list(FILE)]);
		expect(all.slice(0, 3)).toEqual(Array(3).fill(createHash('sha256').update(CONTENT).digest('hex')));
		expect(all[3]).toMatchObject([{ name: FILE.name }]);
	});

	it('one file at a time, and no FSTAT, still gives them', async () => {
		server = await startOddServer(CONTENT, { oneHandle: true, fstat: 'refused', entries: [listed] });
		connect();
		expect(new Set(await Promise.all([digest(), digest()]))).toEqual(
			new Set([createHash('sha256').update(CONTENT).digest('hex')]),
		);
	});

	it.each(['OPEN', 'OPENDIR', 'READDIR'] as const)(
		'%s with success, and gives nothing, is told as that',
		async (succeedsEmpty) => {
			server = await startOddServer(CONTENT, { succeedsEmpty, entries: [listed] });
			connect();
			const ask = async () => await (/DIR/.test(succeedsEmpty) ? space.list(FILE) : space.read(FILE));
			await expect(ask()).rejects.toMatchObject({
				kind: 'unexpected-answer',
				message: expect.stringMatching(/with success in place of (a handle|entries)$/),
			});
		},
	);

	it('READ with success, and gives nothing, is told as that', async () => {
		server = await startOddServer(CONTENT, { succeedsEmpty: 'READ', entries: [listed] });
		connect();
		await expect(digest()).rejects.toMatchObject({
			hint: expect.stringContaining('answered a read at byte 0 of 5000011 without bytes'),
		});
	});

	it('FSTAT with success, and gives nothing, is read by the listing', async () => {
		server = await startOddServer(CONTENT, { succeedsEmpty: 'FSTAT', entries: [listed] });
		connect();
		expect(await digest()).toBe(createHash('sha256').update(CONTENT).digest('hex'));
	});

	it('an upload with success in place of a handle gets no byte of it', async () => {
		server = await startOddServer(CONTENT, { succeedsEmpty: 'OPEN' });
		connect();
		expect(await upload()).toMatchObject({ outcome: 'rejected', error: { kind: 'unexpected-answer' } });
		expect(server.written()).toEqual([]);
	});

	it.each([3, 5])('OPEN with status %i tells the status', async (openStatus) => {
		server = await startOddServer(CONTENT, { openStatus });
		connect();
		await expect(space.read(FILE)).rejects.toMatchObject({ sftpStatus: openStatus });
		expect(await upload()).toMatchObject({ outcome: 'rejected', error: { sftpStatus: openStatus } });
	});

	it('no request while its answers have no room is never asked for more than has', async () => {
		server = await startOddServer(CONTENT, { stopsReading: true });
		connect();
		const expected = createHash('sha256').update(CONTENT).digest('hex');
		expect(await Promise.all(Array.from({ length: 6 }, digest))).toEqual(Array(6).fill(expected));
	});

	it('writes byte for byte gets them', async () => {
		server = await startOddServer(Buffer.alloc(0), {});
		connect();
		expect(await upload(CONTENT)).toMatchObject({ outcome: 'accepted' });
		expect(server.written().map((bytes) => bytes.equals(CONTENT))).toEqual([true]);
	});

	async function upload(bytes = Buffer.from('abc')) {
		const request = await space.requestUpload(FILE);
		const content = { size: bytes.length, open: async () => Readable.from([bytes]) };
		return await request.send(content, new AbortController().signal);
	}

	/** Files of which no two are the same. */
	const FILES = Array.from({ length: 20 }, (_, index) => Buffer.alloc(50_000, `${index}.`));

	async function uploadAll() {
		return await Promise.all(
			FILES.map(async (bytes, index) => {
				const request = await space.requestUpload({ ...FILE, name: `${index}.bin` });
				const content = { size: bytes.length, open: async () => Readable.from([bytes]) };
				return await request.send(content, new AbortController().signal);
			}),
		);
	}

	it('several files at a time gets each byte for byte', async () => {
		server = await startOddServer(Buffer.alloc(0), {});
		connect();
		expect((await uploadAll()).map(({ outcome }) => outcome)).toEqual(FILES.map(() => 'accepted'));
		expect(server.written().sort(Buffer.compare)).toEqual([...FILES].sort(Buffer.compare));
		expect(server.logins()).toBe(1);
	});

	it.each([0, 7, 20])(
		'WRITE number %i with a refusal gets all other files, and never the end of that one',
		async (at) => {
			server = await startOddServer(Buffer.alloc(0), { failsWrite: { at, by: 'refusal' } });
			connect();
			const outcomes = await uploadAll();
			expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual([
				...Array<string>(19).fill('accepted'),
				'rejected',
			]);
			const whole = FILES.filter((_, index) => outcomes[index]!.outcome === 'accepted');
			expect(server.written().sort(Buffer.compare)).toEqual(whole.sort(Buffer.compare));
			expect(server.logins()).toBe(2);
		},
	);

	it.each([0, 7, 20])(
		'WRITE number %i by dropping the connection leaves open what became of those on it, only',
		async (at) => {
			server = await startOddServer(Buffer.alloc(0), { failsWrite: { at, by: 'drop' } });
			connect();
			const outcomes = await uploadAll();
			const written = new Set(server.written().map((bytes) => bytes.toString('latin1')));
			for (const [index, { outcome }] of outcomes.entries()) {
				const isThere = written.has(FILES[index]!.toString('latin1'));
				expect(isThere ? ['accepted', 'unknown'] : ['unknown', 'rejected']).toContain(outcome);
			}
			expect(outcomes.filter(({ outcome }) => outcome === 'unknown').length).toBeLessThanOrEqual(16);
			expect(outcomes.some(({ outcome }) => outcome === 'accepted')).toBe(true);
			// Nothing but whole files.
			expect([...written].every((bytes) => FILES.some((file) => file.toString('latin1') === bytes))).toBe(true);
		},
	);

	it.each(['in order', 'in another order', 'the end too early', 'some of them twice'] as const)(
		'many entries %s is read in full',
		async (readdir) => {
			const entries = Array.from({ length: 300 }, (_, index) => ({
				...listed,
				filename: `${index}.bin`,
			}));
			server = await startOddServer(CONTENT, { entries, readdir });
			connect();
			for (let turn = 0; turn < 2; turn++) {
				const names = (await space.list(FILE)).map(({ name }) => name);
				expect(names.sort()).toEqual(entries.map(({ filename }) => filename).sort());
			}
			if (readdir === 'in order') expect(server.mostListings()).toBeGreaterThan(4);
		},
	);

	it('many entries is asked for one packet at a time where packets must stay in order', async () => {
		const entries = Array.from({ length: 300 }, (_, index) => ({ ...listed, filename: `${index}.bin` }));
		server = await startOddServer(CONTENT, { entries, readdir: 'in another order' });
		connect(1);
		expect(await space.list(FILE)).toHaveLength(300);
		expect(server.mostListings()).toBe(1);
	});

	it('fewer bytes than it announced makes no file', async () => {
		server = await startOddServer(CONTENT.subarray(0, 100_000), { claimedSize: 100_001 });
		connect();
		await expect(digest()).rejects.toMatchObject({ kind: 'incomplete', retrySafe: true });
	});
});
