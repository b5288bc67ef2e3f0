import type { Submission } from './submission';

/**
 * How far a submission has come, in one word. `requested`: a URL was handed out, and no file has
 * arrived yet; `received`: it has, and nothing is decided; the others are decisions of FINRA's
 * application (guide, section 5.4.6).
 */
export type SubmissionState = 'requested' | 'received' | Decision;

export type Decision = 'accepted' | 'rejected' | 'partiallyRejected';

const DECISIONS: Record<string, Decision> = {
	ACCEPTED: 'accepted',
	REJECTED: 'rejected',
	PARTIALLY_REJECTED: 'partiallyRejected',
};

/** The state of a submission. A downstream status that the guide does not know is no decision. */
export function stateOf({ status, downstreamStatus }: Pick<Submission, 'status' | 'downstreamStatus'>): SubmissionState {
	const decision = DECISIONS[downstreamStatus?.toUpperCase() ?? ''];
	if (decision) return decision;
	// FINRA's application can only speak of what has arrived.
	return downstreamStatus !== null || /^received by finra$/i.test(status) ? 'received' : 'requested';
}

/** Whether FINRA has the file. */
export function isArrived(submission: Pick<Submission, 'status' | 'downstreamStatus'>): boolean {
	return stateOf(submission) !== 'requested';
}

export function isDecided(state: SubmissionState): state is Decision {
	return state !== 'requested' && state !== 'received';
}
