import { randomInt } from 'node:crypto';
import { Readable } from 'node:stream';
import type { IDataObject } from 'n8n-workflow';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { credentialFields } from '../support/accounts';
import { byName } from '../support/by-name';
import { Engine } from '../support/engine';
import { checksOf, type Happening, ReconcileScript, type Said, YEAR } from '../support/reconcile-script';

/** `RECONCILE_SEED=123` repeats a year. */
const SEED = Number(process.env.RECONCILE_SEED ?? randomInt(2 ** 31));

const DECISIONS = { accept: 'ACCEPTED', reject: 'REJECTED', rejectPartly: 'PARTIALLY_REJECTED' } as const;

describe('a year of business days in fileX Reconcile', () => {
	const script = new ReconcileScript(SEED);
	/** Tracking IDs of filings. */
	const tracked = new Map<string, string>();
	let sandbox: Sandbox;
	let engine: Engine;

	beforeAll(async () => {
		sandbox = await startSandbox();
		engine = await Engine.start(credentialFields(sandbox.info));
	});
	afterAll(async () => await sandbox.close());

	const setClock = (time: number) => sandbox.settings.change({ clockOffsetSeconds: (time - Date.now()) / 1000 });

	async function happen({ at, rule, path, what, size, key }: Happening): Promise<void> {
		setClock(at);
		const content = () => Readable.from(size === 0 ? [] : [Buffer.alloc(size, 'x')]);
		switch (what) {
			case 'deliver':
				await sandbox.store.publish(path, content(), new Date(at));
				return;
			case 'request':
				sandbox.submissions.request('demo', path);
				return;
			case 'file': {
				const { isTracked } = script.rules[rule]!;
				const trackingId = isTracked ? sandbox.submissions.request('demo', path) : undefined;
				if (trackingId) tracked.set(key, trackingId);
				const received = await sandbox.contents.receive(content());
				const method = isTracked ? 'rest' : 'sftp';
				await sandbox.submissions.receive(path, received, { method, username: 'demo', trackingId });
				return;
			}
			default:
				if (!sandbox.submissions.decide(tracked.get(key)!, DECISIONS[what])) throw new Error(`${key} is not there`);
		}
	}

	/** What Reconcile says of each expectation, in their order. */
	async function ask(now: number, accessMethod: string): Promise<Said[]> {
		setClock(now);
		const { items, others, error } = await engine.run(
			{
				type: 'fileXReconcile',
				parameters: {
					operation: 'expectedFiles',
					accessMethod,
					direction: '={{ $json.direction }}',
					application: byName('={{ $json.application }}'),
					subSpace: byName('={{ $json.subSpace }}'),
					namePattern: '={{ $json.pattern }}',
					businessDate: '={{ $json.businessDate }}',
					dueTime: '={{ $json.dueTime }}',
					options: {
						asOf: new Date(now).toISOString(),
						timeZone: '={{ $json.timeZone }}',
						atLeast: '={{ $json.atLeast }}',
						atMost: '={{ $json.atMost }}',
						smallestSize: '={{ $json.smallestSize }}',
					},
				} as never,
			},
			script.items() as unknown as IDataObject[],
		);
		if (error) throw error;
		const exceptions = (others[0] ?? []).map((item) => ({ ...item, isException: true }));
		const all = [...items.map((item) => ({ ...item, isException: false })), ...exceptions];
		return script.rules.map(({ id }) => {
			const answers = all.filter(({ pairedItem }) => (pairedItem as { item: number }).item === id);
			if (answers.length !== 1) throw new Error(`${answers.length} answers to expectation ${id}`);
			const { json, isException } = answers[0]!;
			const { status, isLate, lateByMinutes, count, businessDate, dueAt } = json as unknown as Said;
			// The output counts, and the field must say the same.
			if (json.isException !== isException) throw new Error(`expectation ${id} is at the wrong output`);
			return { status, isException, isLate, lateByMinutes, count, businessDate, dueAt };
		});
	}

	it(
		`says of 20 expectations each day what the script knows, all of it (RECONCILE_SEED=${SEED})`,
		async () => {
			expect(script.rules).toHaveLength(20);
			const upcoming = [...script.happenings];
			const methods = ['rest', 's3', 'sftp'];
			const statuses: Record<string, number> = {};
			let answers = 0;
			for (const [index, now] of checksOf(YEAR).entries()) {
				while (upcoming[0] && upcoming[0].at <= now) await happen(upcoming.shift()!);
				const said = await ask(now, methods[index % methods.length]!);
				const known = script.rules.map((rule) => script.said(rule, now));
				const wrong = known.flatMap((answer, id) =>
					JSON.stringify(answer) === JSON.stringify(said[id])
						? []
						: [{ now: new Date(now).toISOString(), pattern: script.rules[id]!.pattern, known: answer, said: said[id] }],
				);
				expect(wrong).toEqual([]);
				answers += said.length;
				for (const { status } of said) statuses[status] = (statuses[status] ?? 0) + 1;
			}
			const { kinds, inChangedNights } = script;
			process.stdout.write(`${JSON.stringify({ seed: SEED, answers, statuses, fates: kinds, inChangedNights })}\n`);
			expect(inChangedNights).toBeGreaterThan(0);
			// A year in which the dice left a status out would prove nothing of it.
			expect(Object.keys(statuses).sort()).toEqual(
				[
					'accepted',
					'arrived',
					'due later',
					'late',
					'missing',
					'not a business day',
					'not filed',
					'rejected',
					'too many',
					'too small',
					'undecided',
				].sort(),
			);
		},
		20 * 60_000,
	);
});
