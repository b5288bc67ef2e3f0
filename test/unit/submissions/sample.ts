import { parseSubmissions, type Submission } from '../../../filex/submissions/submission';

/** A submission to 0001/focus/in, asked for and not received, unless told otherwise. */
export function submission(changes: object = {}): Submission {
	const answer = {
		trackingId: '343dab32-516b-4e04-b60e-2526fa72e879',
		submissionTime: '2026-03-31T12:00:00.000-04:00',
		userName: 'demo',
		fileName: 'a.zip',
		status: 'Request Received',
		uploadLocation: '0001/focus/in',
		...changes,
	};
	return parseSubmissions({ status: 200, headers: {}, body: JSON.stringify(answer) })[0]!;
}

export const received = (downstreamStatus: string | null): Submission =>
	submission({ status: 'Received by FINRA', downstreamStatus });
