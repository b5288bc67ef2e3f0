import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { CheckedReader, type FileSpace, openFileSpace, readAccount } from '../../../filex';
import { LoginGuard } from '../../../filex/account/login-guard';
import { axiosHttp } from '../../../filex/http/axios';
import { ConnectionSemaphore } from '../../../filex/sftp/connection-semaphore';
import { summary } from '../../support/content';
import { type OddServer, startOddServer } from '../../support/odd-sftp-server';
import { type SlowLine, startSlowLine } from '../../support/slow-line';

const FILE = { orgId: '0001', application: 'crd', subSpace: 'reports', name: 'a.bin' };
const CONTENT = randomBytes(4_000_000);
const SHA256 = createHash('sha256').update(CONTENT).digest('hex');

/** 80 s each way: more than five keep-alives, after which SSH libraries give a connection up. */
const RATE = 50_000;

describe('an SFTP server that leaves keep-alives unanswered', () => {
	let server: OddServer;
	const closing: Array<() => Promise<void>> = [];

	beforeAll(async () => {
		const entry = {
			filename: FILE.name,
			longname: '',
			attrs: { mode: 0o100_644, size: CONTENT.length, atime: 0, mtime: 0 },
		};
		server = await startOddServer(CONTENT, { ignoresKeepAlives: true, entries: [entry] });
	});
	afterAll(async () => {
		for (const close of closing.reverse()) await close();
		await server.close();
	});

	async function open(): Promise<FileSpace> {
		const line: SlowLine = await startSlowLine({ host: '127.0.0.1', port: server.port }, RATE);
		const account = readAccount({
			environment: 'custom',
			restUrl: 'http://127.0.0.1:1',
			fipUrl: 'http://127.0.0.1:1',
			sftpHost: '127.0.0.1',
			sftpPort: line.port,
			username: 'demo',
			password: 'any',
			orgId: '0001',
		});
		const http = { ...axiosHttp, authorized: axiosHttp.text };
		const ports = { http, guard: new LoginGuard(), semaphore: new ConnectionSemaphore() };
		const space = openFileSpace(account, 'sftp', ports);
		closing.push(line.close, space.close);
		return space;
	}

	it('keeps its connection while data flows, up and down', async () => {
		const [down, up] = await Promise.all([open(), open()]);
		const sent = async () => {
			const request = await up.requestUpload(FILE);
			const content = { size: CONTENT.length, open: async () => Readable.from([CONTENT]) };
			return await request.send(content, new AbortController().signal);
		};
		const got = async () => await summary((await new CheckedReader(down).read(FILE)).stream);
		expect(await Promise.all([got(), sent()])).toEqual([
			{ size: CONTENT.length, sha256: SHA256 },
			{ outcome: 'accepted', sha256: SHA256 },
		]);
		expect(server.logins()).toBe(2);
		expect(server.written().map((bytes) => createHash('sha256').update(bytes).digest('hex'))).toEqual([SHA256]);
	});
});
