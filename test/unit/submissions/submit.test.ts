import { Readable } from 'node:stream';
import { FileXError } from '../../../filex/errors';
import type { UploadOutcome, UploadRequest } from '../../../filex/space';
import type { Sighting } from '../../../filex/submissions/sighting';
import { submit, type SubmitPorts, type SubmitResult } from '../../../filex/submissions/submit';
import { BoundedMap } from '../../../filex/util/bounded-map';
import { submission } from './sample';

const FILE = { orgId: '0001', application: 'focus', subSpace: 'in', name: 'a.zip' };
const CONTENT = { size: 5, open: async () => Readable.from(['hello']) };
const NOON = Date.UTC(2026, 2, 31, 12);

const outcomeOf = async (submitted: Promise<SubmitResult>): Promise<unknown> =>
	await submitted.then(
		({ outcome }) => outcome,
		(error: FileXError) => error.evidence?.outcome ?? error.message,
	);

const noAnswer = (): UploadOutcome => ({
	outcome: 'unknown',
	error: new FileXError('outcome-unknown', 'no answer', { hint: '', retrySafe: false }),
});

/** A fileX without tracking's help, as over SFTP and S3 Direct, that loses its first answer; its time is that of waiting. */
class Untracked {
	now = NOON;
	sends = 0;
	readonly seen: Sighting = { at: NOON, submissions: [], archived: [], unseen: [] };

	constructor(
		/** What becomes of the file that is sent first. */
		private readonly land: (world: Untracked) => void,
		private readonly request: Partial<UploadRequest> = {},
	) {}

	async submit(ifAlreadyFiled: 'fail' | 'allow' = 'fail'): Promise<unknown> {
		const ports: SubmitPorts = {
			look: async () => ({ ...this.seen, at: this.now, archived: [...this.seen.archived] }),
			isSame: async () => true,
			request: async () => ({
				isRegistered: false,
				isWholeWhenSeen: true,
				...this.request,
				send: async () => await this.send(),
			}),
			clock: { now: () => this.now, sleep: async (ms) => void (this.now += ms) },
			random: () => 0,
		};
		return await outcomeOf(
			submit(FILE, CONTENT, { guardDays: ifAlreadyFiled === 'allow' ? undefined : 30, patience: 300_000 }, ports),
		);
	}

	archive(name: string, secondsBehind = 0): void {
		this.seen.archived.push({
			path: `0001/focus/in_arcv/${name}`,
			size: CONTENT.size,
			at: this.now - secondsBehind * 1000,
		});
	}

	private async send(): Promise<UploadOutcome> {
		this.sends++;
		this.now += 500;
		if (this.sends > 1) return { outcome: 'accepted', sha256: '' };
		this.land(this);
		return noAnswer();
	}
}

describe('a file whose answer was lost, over SFTP or S3 Direct', () => {
	it.each([[0], [10], [3600]])('is found in the archive, whose clock is %i s behind', async (behind) => {
		for (const ifAlreadyFiled of ['fail', 'allow'] as const) {
			const world = new Untracked((each) => each.archive('sent', behind));
			expect(await world.submit(ifAlreadyFiled)).toBe('accepted');
			expect(world.sends).toBe(1);
		}
	});

	it('is not taken for one that was there before', async () => {
		const world = new Untracked(() => {});
		world.archive('older');
		expect(await world.submit('allow')).toBe('accepted');
		expect(world.sends).toBe(2);
	});

	it('is not known to be submitted where the whole of it lies in the upload sub-space of SFTP', async () => {
		const lie = (world: Untracked) =>
			(world.seen.uploaded = { name: FILE.name, size: CONTENT.size, lastModified: new Date(world.now) });
		const sftp = new Untracked(lie, { isWholeWhenSeen: false });
		expect(await sftp.submit()).toBe('unknown');
		expect(sftp.sends).toBe(1);
		expect(await new Untracked(lie).submit()).toBe('accepted');
	});

	it.each([[true], [false]])(
		'is not known not to be submitted where a place is not seen (closed: %s), and not sent again',
		async (isClosed) => {
			const why = new FileXError('entitlement', 'no', { hint: '', retrySafe: false });
			const world = new Untracked((each) => (each.seen.unseen = [{ part: 'archive', isClosed, why }]));
			expect(await world.submit()).toBe('unknown');
			expect(world.sends).toBe(1);
		},
	);

	it('is sent again over its own beginning, at once', async () => {
		const world = new Untracked(
			(each) => (each.seen.uploaded = { name: FILE.name, size: 3, lastModified: new Date(each.now) }),
			{ isWholeWhenSeen: false },
		);
		expect(await world.submit()).toBe('accepted');
		expect(world.sends).toBe(2);
		expect(world.now - NOON).toBeLessThan(120_000);
	});
});

describe('two senders at a fileX whose URLs live long', () => {
	beforeEach(() => jest.useFakeTimers({ now: NOON }));
	afterEach(() => jest.useRealTimers());

	it.each([[60], [3600]])('%i s: file it once, though the first one is slow', async (lifetime) => {
		const tracked: Array<Record<string, unknown>> = [];
		let filings = 0;
		const sender = (name: string, seconds: number): SubmitPorts => ({
			look: async () => ({
				at: Date.now(),
				submissions: tracked.map((each) => submission(each)),
				archived: [],
				unseen: [],
			}),
			isSame: async () => true,
			request: async () => {
				const trackingId = `${name.repeat(8)}-0000-0000-0000-${String(tracked.length).padStart(12, '0')}`;
				const entry: Record<string, unknown> = {
					trackingId,
					submissionTime: new Date().toISOString(),
					status: 'Request Received',
				};
				tracked.push(entry);
				const send = async (_content: unknown, signal: AbortSignal): Promise<UploadOutcome> => {
					const isCut = await new Promise<boolean>((resolve) => {
						setTimeout(() => resolve(false), seconds * 1000);
						signal.addEventListener('abort', () => resolve(true));
					});
					if (isCut) return noAnswer();
					filings++;
					Object.assign(entry, { status: 'Received by FINRA', fileSize: CONTENT.size });
					return { outcome: 'accepted', sha256: '' };
				};
				return { isRegistered: true, isWholeWhenSeen: true, trackingId, lifetime: lifetime * 1000, send };
			},
			clock: { now: () => Date.now(), sleep: async (ms) => await new Promise((resolve) => setTimeout(resolve, ms)) },
			random: () => 0,
		});
		const slow = outcomeOf(submit(FILE, CONTENT, { guardDays: 30, patience: 300_000 }, sender('a', 300)));
		await jest.advanceTimersByTimeAsync(10_000);
		const quick = outcomeOf(submit(FILE, CONTENT, { guardDays: 30, patience: 300_000 }, sender('b', 1)));
		await jest.advanceTimersByTimeAsync(1_500_000);
		expect([await slow, await quick]).toContain('accepted');
		expect(filings).toBe(1);
	});
});

describe('an upload request that fileX registers and whose answer cannot be used', () => {
	const unusable = (more: object) =>
		new FileXError('unexpected-answer', 'no URL', { hint: '', retrySafe: true, isForeign: true, ...more });

	/** How the second run of a step ends, and after how long, whose first run got such an answer. */
	async function again(
		answerOf: (trackingId: string) => object,
		others = 0,
	): Promise<{ outcome: unknown; waited: number }> {
		let now = NOON;
		const tracked: Array<Record<string, unknown>> = [];
		const register = () => {
			const trackingId = `AAAAAAAA-0000-0000-0000-${String(tracked.length).padStart(12, '0')}`;
			tracked.push({ trackingId, submissionTime: new Date(now).toISOString(), status: 'Request Received' });
			return trackingId;
		};
		const memory = {
			abandoned: new BoundedMap<string, true>(),
			clearSince: new BoundedMap<string, number>(),
			unread: {},
		};
		const run = async (request: SubmitPorts['request']) =>
			await outcomeOf(
				submit(
					FILE,
					CONTENT,
					{ guardDays: 30, patience: 0 },
					{
						look: async () => ({
							at: now,
							submissions: tracked.map((each) => submission(each)),
							archived: [],
							unseen: [],
						}),
						isSame: async () => true,
						request,
						clock: { now: () => now, sleep: async (ms) => void (now += ms) },
						random: () => 0,
						memory,
					},
				),
			);
		// fileX writes it in capitals in tracking, and in small letters in its answer.
		await run(async () => await Promise.reject(unusable(answerOf(register().toLowerCase()))));
		for (let other = 0; other < others; other++) register();
		const began = now;
		const outcome = await run(async () => ({
			isRegistered: true,
			isWholeWhenSeen: true,
			trackingId: register(),
			send: async () => ({ outcome: 'accepted' as const, sha256: '' }),
		}));
		return { outcome, waited: now - began };
	}

	it('is known as its own by its tracking ID: the next run does not wait for it', async () => {
		expect(await again((trackingId) => ({ evidence: { trackingId } }))).toEqual({ outcome: 'accepted', waited: 0 });
	});

	it('is known as its own without one, where a service answered and tracking shows no other request of that time', async () => {
		expect(await again(() => ({ isRegistered: true }))).toEqual({ outcome: 'accepted', waited: 0 });
	});

	it("may be another sender's where another has asked as well, or a page was the answer: the next run does not send", async () => {
		expect(await again(() => ({ isRegistered: true }), 1)).toMatchObject({ outcome: 'held' });
		expect(await again(() => ({}))).toMatchObject({ outcome: 'held' });
	});
});

describe('an answer to an upload request that is an earlier one', () => {
	it.each([['Received by FINRA'], ['Request Received']])(
		'is not used, and what came by the earlier request is not taken for its own (%s)',
		async (status) => {
			let sent = 0;
			const trackingId = '343dab32-516b-4e04-b60e-2526fa72e879';
			const earlier = submission({
				trackingId,
				status,
				fileSize: 99,
				submissionTime: new Date(NOON - 3_600_000).toISOString(),
			});
			const memory = {
				abandoned: new BoundedMap<string, true>(),
				clearSince: new BoundedMap<string, number>(),
				unread: {},
			};
			const outcome = await outcomeOf(
				submit(
					FILE,
					CONTENT,
					{ guardDays: 30, patience: 0 },
					{
						look: async () => ({ at: NOON, submissions: [earlier], archived: [], unseen: [] }),
						isSame: async () => false,
						request: async () => ({
							isRegistered: true,
							isWholeWhenSeen: true,
							trackingId,
							send: async () => ({ outcome: 'accepted' as const, sha256: String(sent++) }),
						}),
						clock: { now: () => 0, sleep: async () => {} },
						memory,
					},
				),
			);
			expect({ outcome, sent }).toEqual({ outcome: 'held', sent: 0 });
			// It may be another sender's, and alive.
			expect(memory.abandoned.has(trackingId)).toBe(false);
		},
	);
});
