import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { AccessMethod, FileContent, FileSpace } from '../../filex';
import type { Effect, Where } from '../../sandbox/faults';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox';
import { loginOf, sandboxAccount } from '../support/accounts';
import { openSpace } from '../support/spaces';

const FILING = { orgId: '0001', application: 'focus', subSpace: 'in', name: "o'brien=1&2,3@x!.zip" };

const contentOf = (bytes: Buffer): FileContent => ({
	size: bytes.length,
	open: async () => Readable.from(bytes.length === 0 ? [] : [bytes.subarray(0, 1), bytes.subarray(1)]),
});

/** What only the sandbox can be asked of uploads, beside the contract that it shares with other servers (`suite/`). */
describe.each<AccessMethod>(['rest', 's3', 'sftp'])(
	'an upload over %s, with its requests, faults and entitlements',
	(method) => {
		let sandbox: Sandbox;
		let space: FileSpace;

		const open = (fields: object = {}): FileSpace => openSpace(sandboxAccount(sandbox.info, fields), method);
		const send = async (content: FileContent, { file = FILING, signal = new AbortController().signal } = {}) =>
			await (await space.requestUpload(file)).send(content, signal);
		const arrivals = () => sandbox.submissions.arrivals();

		beforeEach(async () => {
			sandbox = await startSandbox();
			space = open();
		});
		afterEach(async () => {
			await space.close();
			await sandbox.close();
		});

		it('asks for leave first, and puts or opens nothing before it is told to', async () => {
			const request = await space.requestUpload(FILING);
			expect(request.trackingId === undefined).toBe(method !== 'rest');
			expect(arrivals()).toEqual([]);
			expect(sandbox.log.count('s3', /^PUT/) + sandbox.log.count('sftp', /^OPEN/)).toBe(0);
		});

		const FAULTS: Record<AccessMethod, Array<[Where, Effect, string, number]>> = {
			rest: [
				['s3.put', 'expired', 'rejected, may be repeated', 0],
				['s3.put', 'unavailable', 'rejected, may be repeated', 0],
				['s3.put', 'fail', 'unknown', 0],
				['s3.put', 'drop', 'unknown', 0],
				['s3.put', 'cut', 'unknown', 0],
				['s3.put', 'lose', 'unknown', 1],
			],
			s3: [
				['s3.put', 'expired', 'rejected, may be repeated', 0],
				['s3.put', 'unavailable', 'rejected, may be repeated', 0],
				['s3.put', 'fail', 'unknown', 0],
				['s3.put', 'disk-full', 'unknown', 0],
				['s3.put', 'drop', 'unknown', 0],
				['s3.put', 'cut', 'unknown', 0],
				['s3.put', 'lose', 'unknown', 1],
			],
			sftp: [
				['sftp.write', 'cut', 'unknown', 0],
				['sftp.write', 'lose', 'unknown', 1],
				['sftp.write', 'disk-full', 'rejected', 0],
				['sftp.write', 'fail', 'rejected', 0],
			],
		};
		it.each(FAULTS[method])('%s: %s: is %s, and %i filed', async (where, effect, wanted, filed) => {
			sandbox.faults.add({ where, effect, times: 1 });
			const outcome = await send(contentOf(randomBytes(300_000)));
			const mayRepeat = outcome.outcome === 'rejected' && outcome.mayRepeat;
			expect(`${outcome.outcome}${mayRepeat ? ', may be repeated' : ''}`).toBe(wanted);
			expect(arrivals()).toHaveLength(filed);
			expect((await send(contentOf(Buffer.from('next')), { file: { ...FILING, name: 'next' } })).outcome).toBe(
				'accepted',
			);
		});

		it('tells a place that takes no uploads from one that is not there', async () => {
			const wrong = async (file: object) => {
				try {
					const outcome = await send(contentOf(Buffer.from('x')), { file: { ...FILING, ...file } });
					return outcome.outcome === 'rejected' ? outcome.error.kind : outcome.outcome;
				} catch (error) {
					return (error as { kind: string }).kind;
				}
			};
			expect(await wrong({ subSpace: 'out' })).toMatch(/not-found|entitlement/);
			expect(await wrong({ subSpace: 'nowhere' })).toMatch(/not-found|entitlement/);
			expect(arrivals()).toEqual([]);
		});

		it('refuses an account that may only download', async () => {
			await space.close();
			space = open(loginOf(sandbox.info, 'downloadonly'));
			const outcome = await send(contentOf(Buffer.from('x'))).catch((error: unknown) => ({
				outcome: 'rejected',
				error,
			}));
			expect(outcome).toMatchObject({
				outcome: 'rejected',
				error: { kind: expect.stringMatching(/entitlement|not-found/) },
			});
			expect(arrivals()).toEqual([]);
		});
	},
);

describe('an upload over SFTP', () => {
	it('sends open, write and close, and nothing else', async () => {
		const sandbox = await startSandbox();
		const space = openSpace(sandboxAccount(sandbox.info), 'sftp');
		try {
			await (await space.requestUpload(FILING)).send(contentOf(randomBytes(500_000)), new AbortController().signal);
			const requests = sandbox.log
				.all()
				.filter(({ service }) => service === 'sftp')
				.map(({ request }) => request.split(' ')[0]);
			expect(new Set(requests)).toEqual(new Set(['login', 'OPEN', 'CLOSE']));
		} finally {
			await space.close();
			await sandbox.close();
		}
	});
});
