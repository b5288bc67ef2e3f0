import { isDecided, stateOf } from '../../../filex/submissions/state';

describe('the state of a submission', () => {
	it.each<[string, string | null, string]>([
		['Request Received', null, 'requested'],
		['Received by FINRA', null, 'received'],
		['RECEIVED BY FINRA', null, 'received'],
		['Received by FINRA', 'RECEIVED', 'received'],
		['Received by FINRA', 'ACCEPTED', 'accepted'],
		['Received by FINRA', 'REJECTED', 'rejected'],
		['Received by FINRA', 'PARTIALLY_REJECTED', 'partiallyRejected'],
		['Received by FINRA', 'accepted', 'accepted'],
		['Received by FINRA', 'IN_REVIEW', 'received'],
		['Received by FINRA', 'constructor', 'received'],
		['Request Received', 'RECEIVED', 'received'],
		['Received by FINRA', ' REJECTED ', 'rejected'],
		// What the guide does not know proves no arrival: others have words for "nothing yet".
		...['PENDING', 'N/A', 'null', 'NONE', 'NOT_RECEIVED', 'In Progress', ''].map((word): [string, string, string] => [
			'Request Received',
			word,
			'requested',
		]),
		// The decision counts, should the status come late.
		['Request Received', 'REJECTED', 'rejected'],
		['Something new', null, 'requested'],
	])('%s, %s: %s', (status, downstreamStatus, state) => expect(stateOf({ status, downstreamStatus })).toBe(state));

	it('is decided by one of three', () => {
		expect((['requested', 'received', 'accepted', 'rejected', 'partiallyRejected'] as const).filter(isDecided)).toEqual(
			['accepted', 'rejected', 'partiallyRejected'],
		);
	});
});
