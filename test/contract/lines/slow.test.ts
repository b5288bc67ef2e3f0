import { type AccessMethod, CheckedReader, type FileSpace } from '../../../filex';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox';
import { sandboxAccount } from '../../support/accounts';
import { Content, summary } from '../../support/content';
import { startSlowLine } from '../../support/slow-line';
import { openSpace } from '../../support/spaces';

const FILINGS = { orgId: '0001', application: 'focus', subSpace: 'in' };
const REPORTS = { orgId: '0001', application: 'crd', subSpace: 'reports' };

/** Lines, in bytes per second, and what goes over each at a time, in bytes: over a minute, which is longer than any stall may be. */
const LINES = [
	{ rate: 200_000, sizes: [3_500_000, 3_500_000, 3_500_000, 3_500_000] },
	{ rate: 50_000, sizes: [4_000_000] },
];

/** A sandbox whose files' bytes go over a slow line. */
interface Slow {
	method: AccessMethod;
	sandbox: Sandbox;
	space: FileSpace;
	contents: Content[];
	close(): Promise<void>;
}

async function startSlow(method: AccessMethod, { rate, sizes }: (typeof LINES)[number]): Promise<Slow> {
	const sandbox = await startSandbox();
	const { info } = sandbox;
	const s3 = { host: '127.0.0.1', port: Number(new URL(info.s3).port) };
	const line = await startSlowLine(method === 'sftp' ? info.sftp : s3, rate);
	const url = `http://127.0.0.1:${line.port}`;
	if (method === 'rest') sandbox.s3Keys.baseUrl = url;
	const account = sandboxAccount(info, {
		...(method === 'sftp' && { sftpPort: line.port }),
		...(method === 's3' && { s3Url: url }),
	});
	const space = openSpace(account, method);
	return {
		method,
		sandbox,
		space,
		contents: sizes.map((size, index) => new Content(size, `${rate} ${index}`)),
		async close() {
			await space.close();
			await line.close();
			await sandbox.close();
		},
	};
}

/** `filex/` with its own limits. The lines are used beside each other: it is their time that takes long. */
describe('over slow lines', () => {
	let slow: Slow[];

	beforeEach(async () => {
		const ways = (['rest', 's3', 'sftp'] as const).flatMap((method) => LINES.map((line) => ({ method, line })));
		slow = await Promise.all(ways.map(async ({ method, line }) => await startSlow(method, line)));
	});
	afterEach(async () => await Promise.all(slow.map(async (each) => await each.close())));

	it('all files arrive whole, though 4 share 200 kB/s, and one has 50 kB/s', async () => {
		const got = slow.map(async ({ sandbox, space, contents }) => {
			const reader = new CheckedReader(space);
			return await Promise.all(
				contents.map(async (content, index) => {
					await sandbox.store.publish(['0001', 'crd', 'reports', `${index}.bin`], content.stream());
					return await summary((await reader.read({ ...REPORTS, name: `${index}.bin` })).stream);
				}),
			);
		});
		expect(await Promise.all(got)).toEqual(
			slow.map(({ contents }) => contents.map((content) => ({ size: content.size, sha256: content.digest('sha256') }))),
		);
	});

	it('all files are taken once, and told as accepted', async () => {
		const sent = slow.map(async ({ space, contents, sandbox }) => {
			const some = contents.slice(0, space.parallelUploads);
			const outcomes = await Promise.all(
				some.map(async (content, index) => {
					const request = await space.requestUpload({ ...FILINGS, name: `${index}.bin` });
					const source = { size: content.size, open: async () => content.stream() };
					return await request.send(source, new AbortController().signal);
				}),
			);
			const arrived = sandbox.submissions.arrivals().map(({ name, sha256 }) => ({ name, sha256 }));
			const sha256 = some.map((content) => content.digest('sha256'));
			expect(outcomes).toMatchObject(sha256.map((each) => ({ outcome: 'accepted', sha256: each })));
			expect(arrived.sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual(
				sha256.map((each, index) => ({ name: `${index}.bin`, sha256: each })),
			);
		});
		await Promise.all(sent);
	});
});
