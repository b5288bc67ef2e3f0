import { FileXError } from '../errors';
import type { Decision } from './state';
import type { Submission } from './submission';
import type { NotReached, WantedState } from './wait';

/** What a wait was for, in words. */
const WANTED: Record<WantedState, string> = {
	received: 'received by FINRA',
	decided: 'decided',
	accepted: 'ACCEPTED',
	rejected: 'REJECTED',
	partiallyRejected: 'PARTIALLY_REJECTED',
};

/** What to do about a decision (guide, section 5.4.6). */
const NEXT_STEPS: Record<Decision, string> = {
	accepted: 'FINRA processed the whole file: there is nothing more to do.',
	rejected: 'FINRA needs the whole file again, corrected.',
	partiallyRejected: 'FINRA needs a new file with only the corrected data.',
};

/** Why a wait did not reach what it was for, and what to do now. */
export function notReached(trackingId: string, wanted: WantedState, result: NotReached): FileXError {
	if (result.outcome === 'otherDecision') {
		const { state, submission } = result;
		return new FileXError(
			'not-reached',
			`FINRA decided otherwise: submission '${trackingId}' is ${submission.downstreamStatus}, not ${WANTED[wanted]}`,
			{ hint: NEXT_STEPS[state], retrySafe: false },
		);
	}
	return new FileXError('not-reached', `${timeUp(trackingId, wanted, result.submission)}${silence(result.failure)}`, {
		hint: 'Waiting again is safe: nothing is submitted.',
		remedies: ['wait-longer'],
		retrySafe: true,
	});
}

function timeUp(trackingId: string, wanted: WantedState, seen?: Submission): string {
	const what = `The time was up before submission '${trackingId}' was ${WANTED[wanted]}`;
	if (!seen) return what;
	return `${what}: it is '${seen.status}'${seen.downstreamStatus === null ? '' : `, ${seen.downstreamStatus}`}`;
}

function silence(failure?: FileXError): string {
	return failure ? `; fileX could not be reached at the end: ${failure.message}` : '';
}
