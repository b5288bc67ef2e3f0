import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AccessMethod, CheckedReader, type FileSpace } from '../../../filex';
import { PATIENCE } from '../../../filex/util/patience';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox';
import { sandboxAccount } from '../../support/accounts';
import { summary } from '../../support/content';
import { type SlowLine, startSlowLine } from '../../support/slow-line';
import { openSpace } from '../../support/spaces';

const REPORTS = { orgId: '0001', application: 'crd', subSpace: 'reports' };
const FILING = { orgId: '0001', application: 'focus', subSpace: 'in', name: 'a.zip' };

/** No limit that counts. */
const FAST = 1e9;

/** How long nothing listens, in ms. */
const AWAY = 4_000;

describe.each<AccessMethod>(['rest', 's3', 'sftp'])(
	'a server over %s that is gone for 4 s between two steps',
	(method) => {
		const patience = PATIENCE.ms;
		let sandbox: Sandbox;
		let lines: SlowLine[];
		let space: FileSpace;
		let targets: Array<{ host: string; port: number }>;
		let back: Promise<void> = Promise.resolve();

		beforeAll(() => (PATIENCE.ms = 30_000));
		afterAll(() => (PATIENCE.ms = patience));
		beforeEach(async () => {
			sandbox = await startSandbox();
			const { rest, s3, sftp } = sandbox.info;
			targets = [portOf(rest), portOf(s3), sftp];
			lines = await Promise.all(targets.map(async (target) => await startSlowLine(target, FAST)));
			const [restUrl, s3Url] = lines.map(({ port }) => `http://127.0.0.1:${port}`) as [string, string, string];
			if (method === 'rest') sandbox.s3Keys.baseUrl = s3Url;
			space = openSpace(sandboxAccount(sandbox.info, { restUrl, s3Url, sftpPort: lines[2]!.port }), method);
			for (const name of ['1', '2'])
				await sandbox.store.publish(['0001', 'crd', 'reports', name], Readable.from([name]));
		});
		afterEach(async () => {
			await back;
			await space.close();
			await Promise.all(lines.map(async (line) => await line.close()));
			await sandbox.close();
		});

		/** Cuts all connections and lets no new one come, for a while. */
		async function outage(): Promise<void> {
			const ports = lines.map(({ port }) => port);
			await Promise.all(lines.map(async (line) => await line.close()));
			back = sleep(AWAY).then(async () => {
				lines = await Promise.all(
					targets.map(async (target, index) => await startSlowLine(target, FAST, ports[index])),
				);
			});
		}

		it('loses no step: a listing, a download', async () => {
			const reader = new CheckedReader(space);
			const read = async (name: string) => await summary((await reader.read({ ...REPORTS, name })).stream);
			expect(await read('1')).toMatchObject({ size: 1 });
			await outage();
			expect(await read('2')).toMatchObject({ size: 1 });
			await outage();
			expect(await space.list(REPORTS)).toHaveLength(2);
		});

		it('loses no upload that was not sent yet', async () => {
			await space.list(REPORTS);
			await outage();
			// What is certain not to have been submitted is sent again, as `submit` does it; over REST by a new request.
			for (let sends = 1; ; sends++) {
				if (method === 'rest') await space.list(REPORTS);
				const request = await space.requestUpload(FILING);
				const content = { size: 2, open: async () => Readable.from([Buffer.from('ab')]) };
				const sent = await request.send(content, new AbortController().signal);
				if (sent.outcome === 'rejected' && sent.mayRepeat && sends < 3) continue;
				expect(sent).toMatchObject({ outcome: 'accepted' });
				break;
			}
			expect(sandbox.submissions.arrivals()).toHaveLength(1);
		});
	},
);

function portOf(url: string): { host: string; port: number } {
	return { host: '127.0.0.1', port: Number(new URL(url).port) };
}
