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

/**
 * The state of a submission. FINRA's application can only speak of what has arrived, but only by the guide's words:
 * another service's word for "nothing yet" is not known, and must not pass for an arrival.
 */
export function stateOf({
	status,
	downstreamStatus,
}: Pick<Submission, 'status' | 'downstreamStatus'>): SubmissionState {
	const downstream = downstreamStatus?.trim().toUpperCase() ?? '';
	const decision = DECISIONS[downstream];
	if (decision) return decision;
	return downstream === 'RECEIVED' || /^received by finra$/i.test(status.trim()) ? 'received' : 'requested';
}

/** Whether FINRA's application has said something that the guide does not know: it may need the file again. */
export function isUnclear({ downstreamStatus }: Pick<Submission, 'downstreamStatus'>): boolean {
	const downstream = downstreamStatus?.trim().toUpperCase() ?? '';
	return downstream !== '' && downstream !== 'RECEIVED' && DECISIONS[downstream] === undefined;
}

/** Whether FINRA has the file. */
export function isArrived(submission: Pick<Submission, 'status' | 'downstreamStatus'>): boolean {
	return stateOf(submission) !== 'requested';
}

export function isDecided(state: SubmissionState): state is Decision {
	return state !== 'requested' && state !== 'received';
}
