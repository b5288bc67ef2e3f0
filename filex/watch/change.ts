import { isDecided, type SubmissionState } from '../submissions/state';
import type { Submission } from '../submissions/submission';
import { trackingKey } from '../submissions/tracking-id';
import { eventId } from './fingerprint';

/** What can happen to a submission: it comes to a state, or (`overdue`) is not decided in time. */
export type TrackingEvent = SubmissionState | 'overdue';

/** All of them, in the order in which a submission meets them. */
export const TRACKING_EVENTS: readonly TrackingEvent[] = [
	'requested',
	'received',
	'overdue',
	'accepted',
	'partiallyRejected',
	'rejected',
];

/** One thing that happened to one submission. */
export interface Change {
	/** As it is now. */
	submission: Submission;
	event: TrackingEvent;
	/** When, in ms; Infinity where fileX does not say, or not in a way that can be read. */
	at: number;
}

/** A change as the trigger puts it out. */
export type ChangeRecord = Submission & {
	event: TrackingEvent;
	/** The same in every poll, process and execution; another one for a decision at another time. */
	eventId: string;
	/** Only for `overdue`: ISO 8601, UTC. */
	overdueSince?: string;
};

export function describeChange({ submission, event, at }: Change): ChangeRecord {
	const { trackingId, statusUpdatedAt, statusUpdateTime } = submission;
	const decidedAt = event !== 'overdue' && isDecided(event) ? (statusUpdatedAt ?? statusUpdateTime ?? '') : '';
	return {
		...submission,
		event,
		eventId: eventId(event, `${trackingKey(trackingId)}\n${decidedAt}`),
		...(event === 'overdue' && { overdueSince: new Date(at).toISOString() }),
	};
}

/** By time, those whose time cannot be read last; at the same time, in the order of a submission's life. */
export function oldestChangeFirst(a: Change, b: Change): number {
	return compare(a.at, b.at) || stage(a) - stage(b);
}

/** For a manual test, which shows what a poll would give; those whose time cannot be read last, too. */
export function newestChangeFirst(a: Change, b: Change): number {
	const newest = ({ at }: Change) => (at === Infinity ? Infinity : -at);
	return compare(newest(a), newest(b)) || stage(b) - stage(a);
}

function stage({ event }: Change): number {
	return TRACKING_EVENTS.indexOf(event);
}

/** Subtraction would make NaN of two infinities. */
function compare(a: number, b: number): number {
	return a === b ? 0 : a < b ? -1 : 1;
}
