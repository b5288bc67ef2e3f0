import { isDecided, stateOf, type SubmissionState } from '../submissions/state';
import type { Submission } from '../submissions/submission';
import { trackingKey } from '../submissions/tracking-id';
import { type Change, oldestChangeFirst, type TrackingEvent } from './change';
import { type ColdStart, type CursorHead, dayOf, isArmed } from './cursor';
import { fingerprint } from './fingerprint';
import { overdueRule } from './overdue';
import { pack, type Packed, unpack } from './packed';

/**
 * What a tracking trigger remembers between polls: plain JSON, 12 bytes a submission. It may come back
 * older than it was left (n8n saves it only with an execution): then changes fire once more, none is
 * lost.
 */
export interface TrackingCursor extends CursorHead {
	/** Whether it has begun to watch for submissions that are overdue. */
	overdue: boolean;
	/**
	 * Fingerprints of tracking IDs, by `{day}:{state}`, or `{day}:{state}:overdue` once that has fired:
	 * the day (since 1970, UTC) on which they were last seen, and how far they had come.
	 */
	seen: Packed;
	/**
	 * When it began to watch for what happens from then on; absent where it fires for what was there, too, and where
	 * an earlier version wrote none.
	 */
	since?: Since;
}

/** A moment, in ms. `byMachine`: this machine's clock told it, because fileX did not. */
interface Since {
	at: number;
	byMachine?: true;
}

export interface TrackingRules {
	/** The server that the tracking IDs belong to. */
	host: string;
	/** As a word of the caller's. */
	scope: string;
	coldStart: ColdStart;
	/** Which submissions are of interest. */
	accepts: (submission: Submission) => boolean;
	/** Which events are of interest; a submission passes the others in silence. */
	events: ReadonlySet<TrackingEvent>;
	/** After how many hours without a decision a submission is overdue. */
	overdueHours: number;
	/** Changes that one poll gives out at most. */
	limit: number;
	/** By fileX's clock, as far as it is known. */
	now: Date;
	/** How far fileX's clock is ahead of this machine's, in ms; NaN where fileX did not say. `now` is fileX's where absent. */
	clockLead?: number;
}

export interface TrackingResult {
	/** Oldest first. */
	fresh: Change[];
	/** What to remember; to be kept only if `fresh` is given out. */
	cursor: TrackingCursor;
	/** What was known of the submissions of `fresh`, for {@link HandedOut}. */
	before: Packed;
	/** Changes over the limit, left for the next poll. */
	remaining: number;
}

/** Days after which a submission that no listing shows is forgotten: fileX tracks it for 90. */
const FORGET_AFTER_DAYS = 95;

/**
 * How long before the trigger began to watch a submission may have been begun and still count as new, in ms. Tracking
 * may show a request some seconds late, and fileX's hosts need not have one clock; what is older was there to be
 * seen, and only an answer that did not show it kept it from being noted.
 */
const GRACE = 5 * 60_000;

/** What is known of one submission. */
interface Mark {
	lastSeen: number;
	/** How far it had come when it was last looked at; undefined before it counts as seen. */
	state?: SubmissionState;
	/** Whether `overdue` is done with. */
	overdue: boolean;
}

/** A change that may be given out; `undo` is what its submission's mark goes back to where it is not. */
interface Candidate {
	change: Change;
	mark: Mark;
	undo: Partial<Mark>;
}

/** Whether this cursor has begun to watch all that the rules ask for. */
export function isTrackingArmed(
	cursor: TrackingCursor | undefined,
	rules: Pick<TrackingRules, 'host' | 'scope' | 'events'>,
): boolean {
	return isArmed(cursor, rules) && (cursor!.overdue || !rules.events.has('overdue'));
}

/**
 * What has happened to submissions since. A submission that has come further by more than one state
 * has passed those between, so that each of them fires. One that goes back fires nothing until it is
 * decided otherwise.
 */
export function watchSubmissions(
	submissions: Submission[],
	previous: TrackingCursor | undefined,
	rules: TrackingRules,
): TrackingResult {
	const { host, scope, events, accepts } = rules;
	const known = previous?.host === host ? previous : undefined;
	const today = dayOf(rules.now);
	const watchesOverdue = events.has('overdue');
	const isBaseline = rules.coldStart === 'fromNow' && !isArmed(previous, rules);
	// Whoever asks for late decisions later on means those to come, too.
	const isOverdueBaseline = rules.coldStart === 'fromNow' && !known?.overdue;
	const overdueSince = watchesOverdue ? overdueRule(submissions, rules.overdueHours) : () => Infinity;
	const since = sinceOf(known, rules, isBaseline);
	// Not by a machine's clock: one that is ahead would make new submissions pass for old ones.
	const oldBefore = since && !since.byMachine ? since.at - GRACE : NaN;
	const marks = readMarks(known?.seen);
	const candidates: Candidate[] = [];

	for (const submission of submissions) {
		const id = idOf(submission);
		const mark = marks.get(id) ?? { lastSeen: today, overdue: false };
		marks.set(id, mark);
		mark.lastSeen = today;
		const state = stateOf(submission);
		const lateAt = overdueSince(submission);
		const isLate = lateAt <= rules.now.getTime();
		const isFirst = mark.state === undefined && (isBaseline || Date.parse(submission.submittedAt ?? '') < oldBefore);
		if (isFirst) mark.state = state;
		if (isLate && (isFirst || isOverdueBaseline)) mark.overdue = true;
		if (!accepts(submission)) continue;

		for (const event of passed(mark.state, state)) {
			const change = { submission, event, at: timeOf(submission, event) };
			if (events.has(event)) candidates.push({ change, mark, undo: { state: mark.state } });
			mark.state = event;
		}
		if (isLate && !mark.overdue) {
			candidates.push({ change: { submission, event: 'overdue', at: lateAt }, mark, undo: { overdue: false } });
			mark.overdue = true;
		}
	}

	candidates.sort((a, b) => oldestChangeFirst(a.change, b.change));
	const remaining = candidates.slice(rules.limit);
	// The latest first, so that of several changes of one submission the earliest has the last word.
	for (const { mark, undo } of remaining.toReversed()) Object.assign(mark, undo);

	const fresh = candidates.slice(0, rules.limit).map(({ change }) => change);
	const words = unpack(known?.seen);
	return {
		fresh,
		remaining: remaining.length,
		before: pack(fresh.map(({ submission }) => idOf(submission)).map((id) => [id, words.get(id) ?? ''])),
		cursor: {
			version: 1,
			host,
			scope,
			overdue: watchesOverdue,
			seen: writeMarks(marks, today - FORGET_AFTER_DAYS),
			...(since && { since }),
		},
	};
}

function idOf({ trackingId }: Submission): string {
	return fingerprint(trackingKey(trackingId));
}

/** Since when the trigger watches, by fileX's clock as soon as that is known: a machine's may be wrong by hours. */
function sinceOf(
	known: TrackingCursor | undefined,
	{ coldStart, now, clockLead = 0 }: TrackingRules,
	isBaseline: boolean,
): Since | undefined {
	const isKnown = !Number.isNaN(clockLead);
	if (isBaseline) return { at: now.getTime(), ...(!isKnown && { byMachine: true }) };
	if (coldStart !== 'fromNow' || !known?.since) return undefined;
	const { at, byMachine } = known.since;
	return byMachine && isKnown ? { at: at + clockLead } : known.since;
}

/** The states that a submission has come to, on its way from one to another, in order. */
function passed(from: SubmissionState | undefined, to: SubmissionState): SubmissionState[] {
	const way = [...new Set<SubmissionState>(['requested', ...(to === 'requested' ? [] : ['received' as const]), to])];
	if (from === undefined) return way;
	return way.filter((state) => stage(state) > stage(from) || (isDecided(state) && state !== from));
}

function stage(state: SubmissionState): number {
	return isDecided(state) ? 2 : Number(state === 'received');
}

/** When a submission came to a state, in ms. fileX says only when it came to the last one. */
function timeOf({ submittedAt, statusUpdatedAt }: Submission, event: SubmissionState): number {
	const updated = Date.parse(statusUpdatedAt ?? '');
	const submitted = event === 'requested' ? Date.parse(submittedAt ?? '') : NaN;
	// The earlier one, lest a submission's first change comes after its second.
	return Math.min(...[submitted, updated].filter((time) => !Number.isNaN(time)));
}

function readMarks(seen: Packed | undefined): Map<string, Mark> {
	const marks = new Map<string, Mark>();
	for (const [id, word] of unpack(seen)) {
		const [day, state, overdue] = word.split(':');
		marks.set(id, { lastSeen: Number(day), state: state as SubmissionState, overdue: overdue !== undefined });
	}
	return marks;
}

function writeMarks(marks: Map<string, Mark>, oldestDay: number): Packed {
	const words: Array<[string, string]> = [];
	for (const [id, { lastSeen, state, overdue }] of marks) {
		if (state !== undefined && lastSeen >= oldestDay)
			words.push([id, `${lastSeen}:${state}${overdue ? ':overdue' : ''}`]);
	}
	return pack(words);
}
