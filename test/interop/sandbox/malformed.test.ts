import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox';
import { CURL, describeWith } from '../../support/needs';
import { runProgram } from '../../support/program';

/** Milliseconds after which a server that does not answer is taken for one that never will. */
const PATIENCE = 5_000;

/** Sends bytes as they are, and gives what comes back until the other side hangs up or is silent. */
async function exchange(
	port: number,
	bytes: Buffer | string,
	end: 'keep' | 'half' | 'reset' = 'keep',
): Promise<string> {
	return await new Promise((resolve, reject) => {
		const socket = connect(port, '127.0.0.1');
		let answer = '';
		socket.setTimeout(PATIENCE, () => socket.destroy());
		socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
		socket.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNREFUSED' ? reject(error) : undefined));
		socket.on('close', () => resolve(answer));
		socket.on('connect', () => {
			socket.write(bytes, () => {
				if (end === 'half') socket.end();
				if (end === 'reset') socket.resetAndDestroy();
			});
		});
	});
}

function portOf(url: string): number {
	return Number(new URL(url).port);
}

describeWith(CURL, 'malformed input', () => {
	let sandbox: Sandbox;
	let token: string;
	let unhandled: unknown[];
	const noteUnhandled = (reason: unknown) => unhandled.push(reason);

	const status = async (url: string, ...more: string[]) => {
		const { stdout } = await runProgram('curl', [
			'-s',
			'--path-as-is',
			'-o',
			'/dev/null',
			'-w',
			'%{http_code}',
			...more,
			'-H',
			`Authorization: Bearer ${token}`,
			url,
		]);
		return Number(stdout);
	};
	const presigned = async (method: 'GET' | 'PUT', name: string) => {
		const path = ['0001', 'crd', method === 'GET' ? 'reports' : 'incoming_filings', name];
		return sandbox.s3Keys.presign(
			method,
			path,
			'demo',
			method === 'PUT' ? sandbox.submissions.request('demo', path) : undefined,
		);
	};

	beforeAll(async () => {
		sandbox = await startSandbox();
		await sandbox.store.publish(['0001', 'crd', 'reports', 'a.pdf'], Readable.from(['%PDF']));
		token = sandbox.tokens.issue(sandbox.accounts.find('demo')!).token;
	});
	beforeEach(() => {
		sandbox.log.clear();
		unhandled = [];
		process.on('unhandledRejection', noteUnhandled);
	});
	afterEach(async () => {
		process.off('unhandledRejection', noteUnhandled);
		expect(unhandled).toEqual([]);
		expect(sandbox.submissions.arrivals()).toEqual([]);
		expect(await status(`${sandbox.info.rest}/files/0001/crd/reports/a.pdf`)).toBe(200);
	});
	afterAll(async () => await sandbox.close());

	it.each([
		['path traversal', '/files/0001/crd/reports/../../../../etc/passwd', 403],
		['encoded traversal', '/files/0001/crd/reports/..%2f..%2fetc%2fpasswd', 400],
		['a name of dots', '/files/0001/crd/reports/%2e%2e', 400],
		['an encoded slash', '/files/0001/crd/reports/a%2Fb', 400],
		['an encoded backslash', '/files/0001/crd/reports/a%5Cb', 400],
		['a NUL', '/files/0001/crd/reports/a%00.pdf', 400],
		['a line break', '/files/0001/crd/reports/a%0d%0aSet-Cookie:x', 400],
		['a number sign', '/files/0001/crd/reports/a%23b', 404],
		['a name of 1,024 bytes', `/files/0001/crd/reports/${'n'.repeat(1024)}`, 400],
		['a name in another script', '/files/0001/crd/reports/%E6%97%A5%E6%9C%AC', 404],
		['broken UTF-8', '/files/0001/crd/reports/%ff%fe', 400],
		['broken encoding', '/files/0001/crd/reports/%zz', 400],
		['an empty part', '/files/0001//reports', 400],
		['an organization that is not one', '/files/-1/crd', 400],
		['a SQL quote', "/files/0001/crd'--", 400],
		['a very long query', `/tracking?id=${'x'.repeat(8_000)}`, 404],
		['a path of 12 kB', `/files/0001/${'x'.repeat(12_000)}`, 400],
	])('REST: %s', async (_what, path, code) => {
		expect(await status(`${sandbox.info.rest}${path}`)).toBe(code);
		expect(sandbox.log.all().length).toBeGreaterThan(0);
	});

	it.each([
		['a number sign', 'a%23b.zip'],
		['a space', 'a%20b.zip'],
		['another script', '%C3%A4.zip'],
		['a NUL', 'a%00.zip'],
		['a slash', 'a%2fb.zip'],
		['1,024 bytes', 'n'.repeat(1024)],
	])('REST: an upload under a name with %s', async (_what, name) => {
		expect(await status(`${sandbox.info.rest}/files/0001/crd/incoming_filings/${name}`, '-X', 'PUT')).toBe(400);
		expect(sandbox.submissions.all()).toEqual([]);
	});

	it.each(['rest', 'fip', 's3', 'control'] as const)('%s: what is no HTTP, too large or cut off', async (service) => {
		const port = portOf(sandbox.info[service]);
		expect(await exchange(port, 'NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400/);
		expect(await exchange(port, `GET / HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(100_000)}\r\n\r\n`)).toMatch(
			/^HTTP\/1\.1 431/,
		);
		expect(
			await exchange(port, 'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n'),
		).toMatch(/^HTTP\/1\.1 400/);
		expect(await exchange(port, 'GET /files/%zz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n')).toMatch(
			/^HTTP\/1\.1 4\d\d/,
		);
		expect(await exchange(port, 'GET //\\[::1 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n')).toMatch(
			/^HTTP\/1\.1 4\d\d/,
		);
		expect(sandbox.log.all().filter(({ outcome }) => outcome.startsWith('4')).length).toBeGreaterThanOrEqual(3);
		await exchange(port, 'GET /files/0001 HTT', 'half');
		await exchange(port, 'PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc', 'reset');
		await exchange(port, Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01]), 'half');
	});

	it('S3: an upload that is cut off, by end and by reset, is no submission', async () => {
		for (const end of ['half', 'reset'] as const) {
			const url = new URL(await presigned('PUT', 'cut.zip'));
			await exchange(
				portOf(sandbox.info.s3),
				`PUT ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nContent-Length: 1000000\r\n\r\n${'x'.repeat(400_000)}`,
				end,
			);
		}
		expect(sandbox.submissions.all().every((each) => each.status === 'Request Received')).toBe(true);
		sandbox.database.exec('DELETE FROM submissions');
	});

	it.each([
		['another method', (url: URL) => ['-X', 'DELETE', url.href]],
		['another file', (url: URL) => [url.href.replace('a.pdf', 'b.pdf')]],
		['a traversal', (url: URL) => [url.href.replace('reports/a.pdf', 'reports/../reports/a.pdf')]],
		[
			'an altered signature',
			(url: URL) => [
				url.href.replace(
					/(Signature=)(.)/,
					(_whole, name: string, digit: string) => name + (digit === '0' ? '1' : '0'),
				),
			],
		],
		['a longer life', (url: URL) => [url.href.replace('Expires=60', 'Expires=600')]],
		['no signature', (url: URL) => [`${url.origin}${url.pathname}`]],
		['an encoded NUL', (url: URL) => [url.href.replace('a.pdf', 'a%00.pdf')]],
		['broken encoding', (url: URL) => [url.href.replace('a.pdf', '%zz')]],
	])('S3: a pre-signed URL with %s', async (_what, change) => {
		const { stdout } = await runProgram('curl', [
			'-s',
			'--path-as-is',
			'-w',
			'%{http_code}',
			...change(new URL(await presigned('GET', 'a.pdf'))),
		]);
		expect(stdout).toMatch(/40[03]$/);
		expect(stdout).not.toContain('%PDF');
	});

	it('SFTP: what is no SSH, or cut off in the middle of it', async () => {
		const { port } = sandbox.info.sftp;
		await exchange(port, 'GET / HTTP/1.1\r\n\r\n');
		expect(sandbox.log.count('sftp', 'malformed')).toBeGreaterThan(0);
		await exchange(port, 'SSH-2.0-x\r\n', 'half');
		await exchange(port, 'SSH-2.0-x\r\n', 'reset');
		await exchange(port, Buffer.concat([Buffer.from('SSH-2.0-x\r\n'), Buffer.alloc(64, 0xff)]));
		await exchange(
			port,
			Buffer.concat([Buffer.from('SSH-2.0-x\r\n'), Buffer.from([0, 0, 0x10, 0, 4, 20]), Buffer.alloc(300)]),
			'half',
		);
		await exchange(port, 'x'.repeat(100_000));
	});

	it('control: bodies that are not', async () => {
		const post = async (path: string, body: string) =>
			(await fetch(`${sandbox.info.control}${path}`, { method: 'POST', body })).status;
		expect(await post('/faults', '{')).toBe(400);
		expect(await post('/faults', '[]')).toBe(400);
		expect(await post('/faults', '{"where":"elsewhere","effect":"fail"}')).toBe(400);
		expect(await post('/clock', '{"advanceSeconds":"soon"}')).toBe(400);
		expect(await post('/accounts/nobody/unlock', '')).toBe(404);
		const patched = await fetch(`${sandbox.info.control}/settings`, { method: 'PATCH', body: '{"urlSeconds":-1}' });
		expect([patched.status, await patched.json()]).toEqual([
			400,
			{ message: expect.stringContaining("'urlSeconds' takes a number") },
		]);
	});
});
