import type { Submission } from '../../../filex/submissions/submission';
import {
	type Change,
	describeChange,
	newestChangeFirst,
	TRACKING_EVENTS,
	type TrackingEvent,
} from '../../../filex/watch/change';
import {
	isTrackingArmed,
	type TrackingCursor,
	type TrackingRules,
	watchSubmissions,
} from '../../../filex/watch/changes';
import { readCursor } from '../../../filex/watch/cursor';
import { submission } from '../submissions/sample';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 2, 1);

type Stage = 'requested' | 'received' | 'ACCEPTED' | 'REJECTED' | 'PARTIALLY_REJECTED';

interface Facts {
	/** Hours after START; null for a time that cannot be read. */
	submitted?: number | null;
	/** Hours after START; null for a time that cannot be read. */
	updated?: number | null;
	/** By default of its own. */
	fileName?: string;
	application?: string;
}

/** A submission with a tracking ID of its own, submitted at START and changed an hour later for every state. */
function at(id: string, stage: Stage, facts: Facts = {}): Submission {
	const hours = { requested: 0, received: 1, ACCEPTED: 2, REJECTED: 2, PARTIALLY_REJECTED: 2 }[stage];
	const { submitted = 0, updated = hours, fileName = `${id}.zip`, application = 'focus' } = facts;
	return submission({
		trackingId: id,
		fileName,
		uploadLocation: `0001/${application}/in`,
		submissionTime: time(submitted),
		statusUpdateTime: time(updated),
		status: stage === 'requested' ? 'Request Received' : 'Received by FINRA',
		downstreamStatus: stage === 'requested' ? null : stage === 'received' ? 'RECEIVED' : stage,
	});
}

function time(hours: number | null): string {
	return hours === null ? 'soon' : new Date(START + hours * HOUR).toISOString();
}

function rules(overrides: Partial<TrackingRules> = {}): TrackingRules {
	return {
		host: 'https://filex',
		scope: 'tracking:demo',
		coldStart: 'fromNow',
		accepts: () => true,
		events: new Set(TRACKING_EVENTS),
		overdueHours: 24,
		limit: 1000,
		now: new Date(START),
		...overrides,
	};
}

const ids = ({ submission, event }: Change) => `${submission.trackingId} ${event}`;

/** A trigger under test: polls one after the other, its state going through JSON as in n8n. */
class Trigger {
	private stored?: string;

	constructor(private readonly overrides: Partial<TrackingRules> = {}) {}

	/** Gives what fired, e.g. `a accepted`. */
	poll(submissions: Submission[], more: Partial<TrackingRules> = {}): string[] {
		const { fresh, cursor } = watchSubmissions(submissions, this.cursor, rules({ ...this.overrides, ...more }));
		this.stored = JSON.stringify(cursor);
		return fresh.map(ids);
	}

	/** Polls some hours after START. */
	pollAfter(hours: number, submissions: Submission[], more: Partial<TrackingRules> = {}): string[] {
		return this.poll(submissions, { now: new Date(START + hours * HOUR), ...more });
	}

	get cursor(): TrackingCursor | undefined {
		return this.stored === undefined ? undefined : readCursor(JSON.parse(this.stored));
	}

	/** n8n was killed before it saved the state: what `action` remembered is lost. */
	losingState<T>(action: () => T): T {
		const before = this.stored;
		const result = action();
		this.stored = before;
		return result;
	}
}

const only = (...events: TrackingEvent[]) => ({ events: new Set(events) });

function many(count: number, stage: Stage): Submission[] {
	return Array.from({ length: count }, (_, index) =>
		at(`id-${String(index).padStart(4, '0')}`, stage, { updated: index }),
	);
}

/** A trigger that has begun to watch while nothing was tracked. */
function watching(overrides: Partial<TrackingRules> = {}): Trigger {
	const trigger = new Trigger(overrides);
	trigger.poll([]);
	return trigger;
}

describe('first activation', () => {
	it('fires for nothing that is there when only changes from now on are wanted', () => {
		const trigger = new Trigger();
		expect(trigger.pollAfter(1000, [at('a', 'requested'), at('b', 'received'), at('c', 'ACCEPTED')])).toEqual([]);
		expect(trigger.pollAfter(1000, [at('a', 'received'), at('b', 'REJECTED'), at('c', 'ACCEPTED')])).toEqual([
			'a received',
			'b rejected',
		]);
	});

	it('fires for all that has happened, oldest first, when that is wanted', () => {
		const trigger = new Trigger({ coldStart: 'existing' });
		const there = [at('late', 'received', { submitted: 3, updated: 4 }), at('done', 'ACCEPTED')];
		expect(trigger.poll(there)).toEqual([
			'done requested',
			'done received',
			'done accepted',
			'late requested',
			'late received',
		]);
		expect(trigger.poll(there)).toEqual([]);
	});

	it('counts what the filter leaves out as there already', () => {
		const trigger = new Trigger();
		trigger.poll([at('old', 'ACCEPTED')], { accepts: () => false });
		expect(trigger.poll([at('old', 'ACCEPTED'), at('new', 'requested')])).toEqual(['new requested']);
	});
});

describe('a trigger that began to watch on an answer that did not show all', () => {
	const MINUTES = 1 / 60;
	const fileX = (hours: number, clockLead = 0): Partial<TrackingRules> => ({
		now: new Date(START + hours * HOUR),
		clockLead,
	});
	const old = (stage: Stage, id = 'old') => at(id, stage, { submitted: -48, updated: 9 });

	it('does not fire for what was submitted before, and fires for what becomes of it from then on', () => {
		const trigger = new Trigger();
		trigger.poll([], fileX(0));
		expect(trigger.poll([old('received'), old('ACCEPTED', 'done')], fileX(1))).toEqual([]);
		expect(trigger.poll([old('REJECTED'), old('ACCEPTED', 'done')], fileX(2))).toEqual(['old rejected']);
	});

	it('does not fire for what is late already, and fires for what becomes late', () => {
		const trigger = new Trigger({ overdueHours: 24 });
		trigger.poll([], fileX(0));
		const recent = at('recent', 'received', { submitted: -1, updated: 0 });
		expect(trigger.poll([old('received'), recent], fileX(1))).toEqual([]);
		expect(trigger.poll([old('received'), recent], fileX(23))).toEqual(['recent overdue']);
	});

	it('fires for what was begun minutes before: tracking may show it late', () => {
		const trigger = new Trigger();
		trigger.poll([], fileX(0));
		const begun = (minutes: number) => at(`begun ${minutes}`, 'requested', { submitted: -minutes * MINUTES });
		expect(trigger.poll([begun(4), begun(6)], fileX(1))).toEqual(['begun 4 requested']);
	});

	it('fires for one whose time cannot be read, and for all that is there when that is wanted', () => {
		const trigger = new Trigger();
		trigger.poll([], fileX(0));
		expect(trigger.poll([at('timeless', 'requested', { submitted: null })], fileX(1))).toEqual(['timeless requested']);
		const existing = new Trigger({ coldStart: 'existing' });
		existing.poll([], fileX(0));
		expect(existing.poll([old('requested')], fileX(1))).toEqual(['old requested', 'old overdue']);
	});

	it.each([5, -5])(
		"uses fileX's clock also where it learns that later, with a machine that is %i hours ahead",
		(ahead) => {
			const trigger = new Trigger();
			// fileX did not say what time it is: the machine's clock counts.
			trigger.poll([], { now: new Date(START + ahead * HOUR), clockLead: NaN });
			const after = at('after', 'requested', { submitted: MINUTES });
			expect(trigger.poll([old('ACCEPTED'), after], fileX(2 * MINUTES, -ahead * HOUR))).toEqual(['after requested']);
			expect(trigger.cursor!.since).toEqual({ at: START });
		},
	);

	it('fires rather than loses where it never learns the time', () => {
		const trigger = new Trigger();
		const machine = { now: new Date(START + 5 * HOUR), clockLead: NaN };
		trigger.poll([], machine);
		expect(trigger.poll([at('after', 'requested', { submitted: MINUTES })], machine)).toEqual(['after requested']);
	});

	it('continues from the state of an earlier version as that did', () => {
		const { cursor } = watchSubmissions([], undefined, rules());
		const { since, ...earlier } = cursor;
		expect(since).toEqual({ at: START });
		expect(watchSubmissions([old('requested')], earlier, rules()).fresh.map(ids)).toEqual([
			'old requested',
			'old overdue',
		]);
	});
});

describe('what happens to a submission', () => {
	it('fires once for each state that it comes to', () => {
		const trigger = watching();
		const stages = ['requested', 'requested', 'received', 'received', 'ACCEPTED', 'ACCEPTED'] as const;
		expect(stages.map((stage) => trigger.poll([at('a', stage)]))).toEqual([
			['a requested'],
			[],
			['a received'],
			[],
			['a accepted'],
			[],
		]);
	});

	it.each([
		['requested', 'ACCEPTED', ['a received', 'a accepted']],
		['requested', 'PARTIALLY_REJECTED', ['a received', 'a partiallyRejected']],
		['received', 'REJECTED', ['a rejected']],
	] as const)('from %s to %s fires for what lies between, too', (from, to, fired) => {
		const trigger = watching();
		trigger.poll([at('a', from)]);
		expect(trigger.poll([at('a', to)])).toEqual(fired);
		expect(trigger.poll([at('a', to)])).toEqual([]);
	});

	it('fires for every state of one that was not seen before it was decided', () => {
		expect(watching().poll([at('a', 'ACCEPTED')])).toEqual(['a requested', 'a received', 'a accepted']);
	});

	it('fires again for a decision that is changed, and changed back', () => {
		const trigger = watching(only('accepted', 'rejected', 'received'));
		const stages = ['REJECTED', 'ACCEPTED', 'REJECTED', 'REJECTED'] as const;
		expect(stages.map((stage) => trigger.poll([at('a', stage)]))).toEqual([
			['a received', 'a rejected'],
			['a accepted'],
			['a rejected'],
			[],
		]);
	});

	it('fires for nothing when an older answer comes in between', () => {
		const trigger = watching();
		const stages = ['ACCEPTED', 'received', 'requested', 'ACCEPTED'] as const;
		expect(stages.map((stage) => trigger.poll([at('a', stage)]).length)).toEqual([3, 0, 0, 0]);
	});

	it('passes in silence the events that are not wanted, and does not make up for them later', () => {
		const trigger = watching();
		expect(trigger.poll([at('a', 'received')], only('accepted'))).toEqual([]);
		expect(trigger.poll([at('a', 'received')])).toEqual([]);
		expect(trigger.poll([at('a', 'ACCEPTED')], only('received', 'rejected'))).toEqual([]);
		expect(trigger.poll([at('a', 'ACCEPTED')])).toEqual([]);
	});

	it('fires for all changes of all submissions, by time, then by state; unreadable times last', () => {
		const trigger = watching();
		trigger.poll([at('a', 'requested'), at('b', 'received'), at('c', 'requested')]);
		const fired = trigger.poll([
			at('timeless', 'received', { submitted: null, updated: null }),
			at('a', 'ACCEPTED', { updated: 9 }),
			at('b', 'REJECTED', { updated: 5 }),
			at('c', 'received', { updated: 9 }),
		]);
		expect(fired).toEqual([
			'b rejected',
			'a received',
			'c received',
			'a accepted',
			'timeless requested',
			'timeless received',
		]);
	});
});

describe('a filter', () => {
	const focus = { accepts: ({ application }: Submission) => application === 'focus' };
	const changed = [at('a', 'ACCEPTED'), at('b', 'ACCEPTED', { application: 'crd' })];

	it('leaves out what it does not accept', () =>
		expect(watching(focus).poll(changed)).toEqual(['a requested', 'a received', 'a accepted']));

	it('that is widened fires for what has happened meanwhile, as a widened file name pattern does', () => {
		const trigger = new Trigger(only('received', 'accepted'));
		trigger.poll([at('b', 'requested', { application: 'crd' })], focus);
		expect(trigger.poll(changed, focus)).toEqual(['a received', 'a accepted']);
		expect(trigger.poll(changed)).toEqual(['b received', 'b accepted']);
		expect(trigger.poll(changed)).toEqual([]);
	});
});

describe('overdue', () => {
	const overdue = only('overdue');

	it.each(['received', 'requested'] as const)('fires once, 24 hours after a submission that is only %s', (stage) => {
		const trigger = watching(overdue);
		const hours = [1, 23.9, 24, 25, 1000];
		expect(hours.map((hour) => trigger.pollAfter(hour, [at('a', stage)]))).toEqual([[], [], ['a overdue'], [], []]);
	});

	it('does not fire for one that is decided, however late', () => {
		const trigger = watching(overdue);
		trigger.pollAfter(1, [at('a', 'received')]);
		expect(trigger.pollAfter(30, [at('a', 'REJECTED', { updated: 29 })])).toEqual([]);
	});

	it('fires for the decision after that', () => {
		const trigger = watching();
		trigger.pollAfter(1, [at('a', 'received')]);
		expect(trigger.pollAfter(24, [at('a', 'received')])).toEqual(['a overdue']);
		expect(trigger.pollAfter(25, [at('a', 'ACCEPTED')])).toEqual(['a accepted']);
		expect(trigger.pollAfter(99, [at('a', 'received')])).toEqual([]);
	});

	it('stands where its time puts it among other changes', () => {
		const trigger = watching();
		const fired = trigger.pollAfter(30, [
			at('a', 'requested'),
			at('b', 'ACCEPTED', { submitted: 2, updated: 23 }),
			at('c', 'received', { submitted: 4, updated: 29 }),
		]);
		expect(fired).toEqual([
			'a requested',
			'b requested',
			'c requested',
			'b received',
			'b accepted',
			'a overdue',
			'c overdue',
			'c received',
		]);
	});

	it.each<[string, Submission, boolean]>([
		['that was asked for later and received', at('b', 'received', { submitted: 3, fileName: 'a.zip' }), false],
		['that was asked for later and accepted', at('b', 'ACCEPTED', { submitted: 3, fileName: 'a.zip' }), false],
		['that was asked for an hour earlier', at('b', 'ACCEPTED', { submitted: -1, fileName: 'a.zip' }), false],
		['that was asked for long before', at('b', 'ACCEPTED', { submitted: -1.1, fileName: 'a.zip' }), true],
		['that was only asked for', at('b', 'requested', { submitted: 23, fileName: 'a.zip' }), true],
		['of another name', at('b', 'ACCEPTED', { submitted: 3 }), true],
		['of another place', at('b', 'ACCEPTED', { submitted: 3, fileName: 'a.zip', application: 'crd' }), true],
		['whose time cannot be read', at('b', 'ACCEPTED', { submitted: null, fileName: 'a.zip' }), true],
	])('for a file that never arrived, beside one %s', (_name, other, fires) => {
		const trigger = watching(overdue);
		expect(trigger.pollAfter(24, [at('a', 'requested'), other])).toEqual(fires ? ['a overdue'] : []);
	});

	it('does not let another file excuse one that was received', () => {
		const other = at('b', 'ACCEPTED', { submitted: 3, fileName: 'a.zip' });
		expect(watching(overdue).pollAfter(24, [at('a', 'received'), other])).toEqual(['a overdue']);
	});

	it('never fires for one whose time cannot be read', () => {
		expect(watching(overdue).pollAfter(1000, [at('a', 'received', { submitted: null })])).toEqual([]);
	});

	it('sees other files that the filter leaves out', () => {
		const trigger = watching({ ...overdue, accepts: ({ trackingId }) => trackingId === 'a' });
		expect(
			trigger.pollAfter(24, [at('a', 'requested'), at('b', 'received', { submitted: 1, fileName: 'a.zip' })]),
		).toEqual([]);
	});

	it('on first activation means only those to come, or all, as wanted', () => {
		const there = [at('old', 'received'), at('young', 'received', { submitted: 10 })];
		const fromNow = new Trigger(overdue);
		expect(fromNow.pollAfter(24, there)).toEqual([]);
		expect(fromNow.pollAfter(40, there)).toEqual(['young overdue']);
		expect(new Trigger({ ...overdue, coldStart: 'existing' }).pollAfter(24, there)).toEqual(['old overdue']);
	});

	it('chosen later means only those to come, and holds up no other change', () => {
		const trigger = watching(only('accepted'));
		const there = [at('old', 'received'), at('young', 'received', { submitted: 10 })];
		trigger.pollAfter(20, there);
		expect(isTrackingArmed(trigger.cursor, rules(only('accepted')))).toBe(true);
		expect(isTrackingArmed(trigger.cursor, rules())).toBe(false);
		expect(trigger.pollAfter(24, [...there, at('new', 'ACCEPTED')], only('accepted', 'overdue'))).toEqual([
			'new accepted',
		]);
		expect(isTrackingArmed(trigger.cursor, rules())).toBe(true);
		expect(trigger.pollAfter(40, there, overdue)).toEqual(['young overdue']);
	});

	it('fires for those that a shorter time makes late, and not again with a longer one', () => {
		const trigger = watching(overdue);
		trigger.pollAfter(1, [at('a', 'received')]);
		expect(trigger.pollAfter(10, [at('a', 'received')], { overdueHours: 8 })).toEqual(['a overdue']);
		expect(trigger.pollAfter(100, [at('a', 'received')], { overdueHours: 48 })).toEqual([]);
	});
});

describe('the limit per poll', () => {
	it('gives 25 changes as 10, 10 and 5, oldest first', () => {
		const trigger = watching({ ...only('accepted'), limit: 10 });
		const fired = many(25, 'ACCEPTED').map(({ trackingId }) => `${trackingId} accepted`);
		const shuffled = many(25, 'ACCEPTED').reverse();
		expect(trigger.poll(shuffled)).toEqual(fired.slice(0, 10));
		expect(trigger.poll(shuffled)).toEqual(fired.slice(10, 20));
		expect(trigger.poll(shuffled)).toEqual(fired.slice(20));
		expect(trigger.poll(shuffled)).toEqual([]);
	});

	it('may come between two changes of one submission, and loses neither', () => {
		const trigger = watching({ limit: 1 });
		const polls = Array.from({ length: 5 }, () => trigger.pollAfter(30, [at('a', 'REJECTED')]));
		expect(polls).toEqual([['a requested'], ['a received'], ['a rejected'], [], []]);
	});

	it('keeps a change that waits apart from one that is overdue', () => {
		const trigger = watching({ limit: 1, ...only('received', 'overdue') });
		const polls = Array.from({ length: 3 }, () => trigger.pollAfter(30, [at('a', 'received', { updated: 29 })]));
		expect(polls).toEqual([['a overdue'], ['a received'], []]);
	});

	it('continues with the decision that holds by then', () => {
		const trigger = watching({ limit: 1, ...only('accepted', 'rejected') });
		expect(trigger.poll([at('a', 'ACCEPTED'), at('b', 'REJECTED', { updated: 5 })])).toEqual(['a accepted']);
		expect(trigger.poll([at('a', 'ACCEPTED'), at('b', 'ACCEPTED', { updated: 6 })])).toEqual(['b accepted']);
	});

	it('says how many are left', () => {
		expect(
			watchSubmissions(many(5, 'ACCEPTED'), undefined, rules({ coldStart: 'existing', limit: 4, ...only('accepted') }))
				.remaining,
		).toBe(1);
	});
});

describe('state', () => {
	it('that goes back one step fires those changes once more, and loses none', () => {
		const trigger = watching();
		trigger.poll([at('a', 'requested')]);
		expect(trigger.losingState(() => trigger.poll([at('a', 'received')]))).toEqual(['a received']);
		expect(trigger.poll([at('a', 'ACCEPTED')])).toEqual(['a received', 'a accepted']);
		expect(trigger.poll([at('a', 'ACCEPTED')])).toEqual([]);
	});

	it('outlives a listing that is empty for a moment', () => {
		const trigger = new Trigger();
		trigger.poll(many(3, 'received'));
		expect(trigger.poll([])).toEqual([]);
		expect(trigger.poll(many(3, 'received'))).toEqual([]);
		expect(trigger.poll(many(3, 'ACCEPTED'))).toHaveLength(3);
	});

	it('forgets a submission 95 days after it was last listed, not before', () => {
		const trigger = new Trigger();
		trigger.poll([at('a', 'ACCEPTED')]);
		trigger.pollAfter(95 * 24, []);
		expect(trigger.losingState(() => trigger.pollAfter(95 * 24, [at('a', 'ACCEPTED')]))).toEqual([]);
		trigger.pollAfter(96 * 24, []);
		expect(trigger.pollAfter(96 * 24, [at('a', 'ACCEPTED')])).toHaveLength(3);
	});

	it('never forgets one that is still listed, even by a trigger that slept for a year', () => {
		const trigger = new Trigger();
		trigger.poll([at('a', 'ACCEPTED')]);
		expect(trigger.poll([at('a', 'ACCEPTED')], { now: new Date(START + 365 * DAY) })).toEqual([]);
	});

	it('does not forget what the filter leaves out', () => {
		const trigger = new Trigger();
		trigger.poll([at('a', 'ACCEPTED')]);
		for (const day of [80, 160]) trigger.pollAfter(day * 24, [at('a', 'ACCEPTED')], { accepts: () => false });
		expect(trigger.pollAfter(170 * 24, [at('a', 'ACCEPTED')])).toEqual([]);
	});

	it('takes at most 16 bytes a submission, with 5,000 in every state, overdue or not', () => {
		const stages = ['requested', 'received', 'ACCEPTED', 'REJECTED', 'PARTIALLY_REJECTED'] as const;
		const listing = many(5000, 'requested').map(({ trackingId }, index) =>
			at(trackingId, stages[index % 5]!, { submitted: index % 2 === 0 ? 0 : 30 }),
		);
		const trigger = new Trigger();
		trigger.pollAfter(40, listing);
		expect(JSON.stringify(trigger.cursor).length / 5000).toBeLessThanOrEqual(16);
		expect(Object.keys(trigger.cursor!.seen)).toHaveLength(7);
	});

	it('looks at each of 5,000 submissions as often as at each of 50, all of them changed', () => {
		// No time is measured: another process could spoil it. `npm run bench` has the figures.
		const looks = (count: number) => {
			const trigger = new Trigger();
			trigger.poll(many(count, 'requested'));
			let reads = 0;
			const watched = many(count, 'ACCEPTED').map(
				(each) => new Proxy(each, { get: (target, key) => (reads++, Reflect.get(target, key) as unknown) }),
			);
			watchSubmissions(watched, trigger.cursor, rules());
			return reads / count;
		};
		// To sort them takes some more, by the logarithm of their number.
		expect(looks(5000)).toBeLessThan(3 * looks(50));
	});
});

describe('a change of what is watched', () => {
	it('to another account of one server starts again for what is new to it, and continues with the rest', () => {
		const trigger = new Trigger();
		trigger.poll([at('ours', 'received')]);
		const fired = trigger.pollAfter(30, [at('ours', 'ACCEPTED'), at('theirs', 'received')], {
			scope: 'tracking:other',
		});
		expect(fired).toEqual(['ours accepted']);
		expect(
			trigger.pollAfter(30, [at('ours', 'ACCEPTED'), at('theirs', 'received')], { scope: 'tracking:other' }),
		).toEqual([]);
	});

	it('to another server starts again', () => {
		const trigger = watching();
		expect(trigger.poll([at('a', 'ACCEPTED')], { host: 'https://filex.ct' })).toEqual([]);
	});
});

describe('a change as it is put out', () => {
	const described = (change: Partial<Change>) =>
		describeChange({ submission: at('a', 'REJECTED'), event: 'rejected', at: START, ...change });

	it("holds the submission's fields, the event, and since when it is overdue", () => {
		expect(described({})).toEqual({
			...at('a', 'REJECTED'),
			event: 'rejected',
			eventId: expect.stringMatching(/^[0-9a-f]{32}$/),
		});
		expect(described({ event: 'overdue' })).toMatchObject({ overdueSince: '2026-03-01T00:00:00.000Z' });
	});

	it('has an ID of its own for each event, and for each time of a decision', () => {
		const events = TRACKING_EVENTS.map((event) => described({ event }).eventId);
		expect(new Set(events).size).toBe(TRACKING_EVENTS.length);
		const later = at('a', 'REJECTED', { updated: 9 });
		expect(described({ submission: later }).eventId).not.toBe(described({}).eventId);
		expect(described({ submission: later, event: 'received' }).eventId).toBe(described({ event: 'received' }).eventId);
		expect(described({ submission: at('b', 'REJECTED') }).eventId).not.toBe(described({}).eventId);
	});

	it('has the same ID in whatever time zone fileX writes', () => {
		const [summer, utc] = ['2026-03-01T02:00:00.000-05:00', '2026-03-01T07:00:00.000Z'].map((statusUpdateTime) =>
			described({ submission: submission({ trackingId: 'a', statusUpdateTime }) }),
		);
		expect(summer!.eventId).toBe(utc!.eventId);
	});

	it('can be sorted newest first, with those without a time last', () => {
		const changes: Change[] = [1, Infinity, 3].map((time) => ({
			submission: at(String(time), 'ACCEPTED'),
			event: 'accepted',
			at: time,
		}));
		expect(changes.sort(newestChangeFirst).map(({ at }) => at)).toEqual([3, 1, Infinity]);
	});
});
