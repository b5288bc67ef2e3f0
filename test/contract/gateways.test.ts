import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { axiosFileXHttp, openFileSpace } from '../../filex';
import { LoginGuard } from '../../filex/account/login-guard';
import { ConnectionSemaphore } from '../../filex/sftp/connection-semaphore';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { sandboxAccount } from '../support/accounts';
import { FOREIGN_ANSWERS, type Rule, startInterloper } from '../support/interloper';

const FILING = { orgId: '0001', application: 'focus', subSpace: 'in', name: 'a.zip' };

/** What stands between this machine and fileX, and speaks in its place. */
describe('a gateway', () => {
	let sandbox: Sandbox;
	const servers: Array<{ close(): void }> = [];

	beforeAll(async () => {
		sandbox = await startSandbox();
	});
	afterEach(() => {
		for (const server of servers.splice(0)) server.close();
	});
	afterAll(async () => await sandbox.close());

	const listen = async (server: Server | ReturnType<typeof createTcpServer>): Promise<number> => {
		servers.push(server);
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		return (server.address() as AddressInfo).port;
	};
	const open = (method: 'rest' | 's3' | 'sftp', fields: object) => {
		const account = sandboxAccount(sandbox.info, fields);
		const guard = new LoginGuard();
		return openFileSpace(account, method, {
			http: axiosFileXHttp(account, { guard }),
			guard,
			semaphore: new ConnectionSemaphore(),
		});
	};

	it.each([503, 429, 408, 403, 502])(
		'that takes a whole file and answers %i by itself leaves open whether S3 has it',
		async (status) => {
			const gateway = createServer((request, response) => {
				request
					.resume()
					.once('end', () =>
						response.writeHead(status, { 'Content-Type': 'text/plain' }).end('upstream connect error'),
					);
			});
			const space = open('s3', { s3Url: `http://127.0.0.1:${await listen(gateway)}` });
			const request = await space.requestUpload(FILING);
			const outcome = await request.send(
				{ size: 4, open: async () => Readable.from([Buffer.from('file')]) },
				new AbortController().signal,
			);
			await space.close();
			expect(outcome).toMatchObject({ outcome: 'unknown', error: { kind: 'outcome-unknown' } });
		},
	);

	describe('in the place of S3', () => {
		const upload = async (rules: Rule[], size: number) => {
			const gateway = await startInterloper(sandbox.info.s3);
			servers.push({ close: () => void gateway.close() });
			gateway.rules.push(...rules);
			const space = open('s3', { s3Url: gateway.url });
			const name = `${randomUUID()}.zip`;
			const request = await space.requestUpload({ ...FILING, name });
			const outcome = await request.send(
				{ size, open: async () => Readable.from([Buffer.alloc(size, 'x')]) },
				new AbortController().signal,
			);
			await space.close();
			return { outcome, arrived: sandbox.submissions.arrivals().filter((arrival) => arrival.name === name).length };
		};
		const LARGE = 70_000_000;
		const pages = FOREIGN_ANSWERS.filter(([, answer]) => answer !== 'reset' && answer.status < 500);

		it.each(pages)('that takes a whole file and answers with %s does not make it filed', async (_name, answer) => {
			expect(await upload([{ matches: /^PUT/, answer }], 4)).toMatchObject({
				outcome: { outcome: 'unknown' },
				arrived: 0,
			});
		});

		it.each(['rest', 's3'] as const)(
			'that answers with the MD5 of other bytes does not make a file filed over %s',
			async (method) => {
				const gateway = await startInterloper(sandbox.info.s3);
				servers.push({ close: () => void gateway.close() });
				gateway.rules.push({
					matches: /^PUT/,
					answer: { status: 200, headers: { ETag: `"${'0'.repeat(32)}"`, 'x-amz-request-id': '1' }, body: '' },
				});
				sandbox.s3Keys.baseUrl = gateway.url;
				const space = open(method, { s3Url: gateway.url });
				const request = await space.requestUpload({ ...FILING, name: `${randomUUID()}.zip` });
				const outcome = await request.send(
					{ size: 4, open: async () => Readable.from([Buffer.from('file')]) },
					new AbortController().signal,
				);
				await space.close();
				sandbox.s3Keys.baseUrl = sandbox.info.s3;
				expect(outcome).toMatchObject({ outcome: 'unknown' });
			},
		);

		it.each(pages)(
			'that answers the end of parts with %s does not make the file filed',
			async (_name, answer) => {
				const { outcome, arrived } = await upload([{ matches: /^POST .*uploadId/, answer }], LARGE);
				expect(outcome.outcome).not.toBe('accepted');
				expect(arrived).toBe(0);
			},
			30_000,
		);

		it('that loses the answer to the end of parts leaves it open, because a token for S3 Direct does not show uploads', async () => {
			expect(
				await upload([{ matches: /^POST .*uploadId/, answer: { status: 200 }, forwards: true }], LARGE),
			).toMatchObject({ outcome: { outcome: 'unknown' }, arrived: 1 });
		});

		it.each([
			[
				'the end of parts and all questions about it',
				[{ matches: /^(POST .*uploadId|GET .*uploadId|HEAD|DELETE)/, answer: { status: 200 } }],
			],
			[
				'the end of parts, done anyway, and all questions about it',
				[
					{ matches: /^POST .*uploadId/, answer: { status: 200 }, forwards: true },
					{ matches: /^(GET .*uploadId|HEAD|DELETE)/, answer: { status: 200 } },
				],
			],
			[
				'the end of parts, done anyway, then refuses it, and all questions about it',
				[
					{ matches: /^POST .*uploadId/, answer: { status: 200 }, forwards: true, times: 1 },
					{
						matches: /^POST .*uploadId/,
						answer: {
							status: 503,
							headers: { 'Content-Type': 'application/xml' },
							body: '<Error><Code>SlowDown</Code></Error>',
						},
					},
					{ matches: /^(GET .*uploadId|HEAD|DELETE)/, answer: { status: 200 } },
				],
			],
		] as Array<[string, Rule[]]>)(
			'that answers %s with pages leaves it open',
			async (_name, rules) => {
				expect((await upload(rules, LARGE)).outcome).toMatchObject({ outcome: 'unknown' });
			},
			60_000,
		);

		it('that answers one part with a page lets it be sent again', async () => {
			expect(
				await upload([{ matches: /^PUT .*partNumber=2/, answer: { status: 200 }, times: 1 }], LARGE),
			).toMatchObject({ outcome: { outcome: 'accepted' }, arrived: 1 });
		});
	});

	it('that no one listens at is known to have taken nothing', async () => {
		const space = open('s3', { s3Url: 'http://127.0.0.1:1' });
		const request = await space.requestUpload(FILING);
		const outcome = await request.send(
			{ size: 4, open: async () => Readable.from([Buffer.from('file')]) },
			new AbortController().signal,
		);
		await space.close();
		expect(outcome).toMatchObject({ outcome: 'rejected', mayRepeat: true, error: { neverConnected: true } });
	});

	it('to SFTP is not even connected to where the private key cannot be read', async () => {
		const sockets = new Set<Socket>();
		let connections = 0;
		const server = createTcpServer((socket) => {
			connections++;
			sockets.add(socket);
			socket.on('error', () => {}).on('close', () => sockets.delete(socket));
		});
		const sftpPort = await listen(server);
		for (let attempt = 0; attempt < 3; attempt++) {
			const space = open('sftp', { sftpPort, privateKey: 'garbage' });
			await expect(space.list({ ...FILING, subSpace: 'out' })).rejects.toMatchObject({
				kind: 'input',
				field: 'SFTP Private Key',
			});
			await space.close();
		}
		expect({ connections, open: sockets.size }).toEqual({ connections: 0, open: 0 });
	});
});
