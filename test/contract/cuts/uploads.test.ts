import {
	type AccessMethod,
	axiosFileXHttp,
	ContentComparison,
	type FilePath,
	FileXError,
	Register,
	submit,
	Tracking,
} from '../../../filex';
import { LoginGuard } from '../../../filex/account/login-guard';
import type { Where } from '../../../sandbox/faults';
import { BY_THREAD } from '../../support/by-thread';
import { Content } from '../../support/content';
import { Random } from '../../support/random';
import { MIB } from '../../support/sizes';
import { type CutSandbox, SEED, startCutSandbox, TURNS } from './cut-sandbox';

interface Way {
	name: string;
	method: AccessMethod;
	/** Bytes of the file. */
	size: number;
	/** Whose answer says that it arrived. */
	lost: Where;
	/** How the sending of a file can end that is cut in its middle. */
	sending: string;
	/** How submitting it can end, which looks what became of it and sends it again where it was not submitted; absent where that adds nothing. */
	submitting?: string;
}

const WAYS: Way[] = [
	{ name: 'rest', method: 'rest', size: 3_000_000, lost: 's3.put', sending: 'unknown', submitting: 'accepted' },
	// No one can look into the upload sub-space: that it was not submitted is never certain.
	{
		name: 's3 in one request',
		method: 's3',
		size: 3_000_000,
		lost: 's3.put',
		sending: 'unknown',
		submitting: 'unknown',
	},
	// Parts can be sent again: before they are put together nothing is submitted.
	{ name: 's3 in parts', method: 's3', size: 66 * MIB + 5, lost: 's3.complete', sending: 'accepted' },
	{ name: 'sftp', method: 'sftp', size: 3_000_000, lost: 'sftp.write', sending: 'unknown', submitting: 'accepted' },
];

/** Bytes after which an SFTP login is over: what comes before is reported as a connection that did not come about. */
const PREFACE = 8000;

/** The proxy cuts between chunks: nearer to its end than this, all of a file may have arrived, which over SFTP proves nothing. */
const TAIL = 131_072;

/** By the sandbox's clock; 'Time to Settle' by default. */
const PATIENCE = 5 * 60_000;

/** The thread reads from disk while it sends: at the cut, the last byte may not have been given out yet, so that nothing was submitted for certain. */
function isSurer(outcome: string, wanted: string): boolean {
	return wanted === 'unknown' && (outcome === 'rejected' || outcome === 'accepted');
}

/** Uploads over connections that break: `filex/` against the sandbox, through a proxy that cuts. */
describe.each(WAYS)(
	`an upload over $name that breaks (seed ${SEED})`,
	({ method, size, lost, sending, submitting }) => {
		const content = new Content(size, 'sent');
		const whole = { size, sha256: content.digest('sha256'), unusable: null };
		let cut: CutSandbox;

		beforeEach(async () => {
			cut = await startCutSandbox(method);
		});
		afterEach(async () => await cut.close());

		/**
		 * Sends one file a turn, over a connection that is cut somewhere: each arrives whole and once where that is said,
		 * and otherwise not at all, neither then nor later.
		 */
		const runs = async (wanted: string, send: (file: FilePath) => Promise<string>) => {
			const random = new Random(SEED);
			const accepted: string[] = [];
			for (let turn = 0; turn < TURNS; turn++) {
				const file = { orgId: '0001', application: 'focus', subSpace: 'in', name: `turn-${turn}.zip` };
				const cuts = cut.proxy.cuts();
				const offset = random.between(PREFACE, size - TAIL);
				cut.proxy.cutAfterSent(offset);
				const outcome = await send(file);
				if (outcome === 'accepted') accepted.push(file.name);
				expect({ turn, offset, cuts: cut.proxy.cuts() - cuts, outcome }).toEqual({
					turn,
					offset,
					cuts: 1,
					outcome: BY_THREAD && isSurer(outcome, wanted) ? outcome : wanted,
				});
			}
			const arrivals = cut.sandbox.submissions.arrivals();
			expect(arrivals.map(({ name }) => name)).toEqual(accepted);
			expect(arrivals).toMatchObject(arrivals.map(() => whole));
		};

		it(`is filed once and whole or not at all after a cut anywhere, ${TURNS} times`, async () => {
			await runs(sending, async (file) => {
				const space = await cut.open();
				return (await (await space.requestUpload(file)).send(content.file(), new AbortController().signal)).outcome;
			});
		});

		/** Submits a file as the node does. Gives the outcome, be it reported as a result or as an error. */
		const submitted = async (file: FilePath): Promise<string> => {
			const http = axiosFileXHttp(cut.account, { guard: new LoginGuard() });
			const space = await cut.open();
			const register = new Register(new Tracking(cut.account.endpoints.rest, http), space, {
				canMissTracking: method !== 'rest',
			});
			const comparison = new ContentComparison(content.file(), file.name);
			try {
				const { outcome } = await submit(
					file,
					content.file(),
					{ guardDays: 7, patience: PATIENCE },
					{
						look: async () => await register.look(file),
						request: async () => await space.requestUpload(file),
						isSame: async (filing) => await comparison.isSameAs(filing, space),
						clock: cut.clock,
					},
				);
				return outcome;
			} catch (error) {
				return error instanceof FileXError ? String(error.evidence?.outcome) : String(error);
			}
		};

		if (submitting !== undefined) {
			it(
				`is submitted once and whole or not at all after a cut anywhere, ${TURNS} times`,
				async () => await runs(submitting, submitted),
				120_000,
			);
		}

		it('is submitted once where it arrived and only the answer was lost', async () => {
			cut.sandbox.faults.add({ where: lost, effect: 'lose', times: 1 });
			expect(await submitted({ orgId: '0001', application: 'focus', subSpace: 'in', name: 'lost.zip' })).toBe(
				'accepted',
			);
			expect(cut.sandbox.submissions.arrivals()).toMatchObject([whole]);
		});
	},
);
