import { FileXError } from '../../../filex/errors';
import { notReached } from '../../../filex/submissions/not-reached';
import { received, submission } from './sample';

const unwell = new FileXError('unavailable', 'fileX could not answer', { hint: 'Wait.', retrySafe: true });

describe('a wait in vain', () => {
	it('reports another decision, what to do, and never to try again', () => {
		expect(
			notReached('id', 'accepted', { outcome: 'otherDecision', state: 'rejected', submission: received('REJECTED') }),
		).toMatchObject({
			kind: 'not-reached',
			message: "FINRA decided otherwise: submission 'id' is REJECTED, not ACCEPTED",
			hint: 'FINRA needs the whole file again, corrected.',
			retrySafe: false,
		});
	});

	it.each([
		[{ submission: submission() }, "The time was up before submission 'id' was decided: it is 'Request Received'"],
		[
			{ submission: received('RECEIVED') },
			"The time was up before submission 'id' was decided: it is 'Received by FINRA', RECEIVED",
		],
		[
			{ failure: unwell },
			"The time was up before submission 'id' was decided; fileX could not be reached at the end: fileX could not answer",
		],
		[
			{ submission: submission(), failure: unwell },
			"The time was up before submission 'id' was decided: it is 'Request Received'; fileX could not be reached at the end: fileX could not answer",
		],
	])('tells where it stands', (seen, message) => {
		expect(notReached('id', 'decided', { outcome: 'timeLimit', ...seen })).toMatchObject({
			kind: 'not-reached',
			message,
			retrySafe: true,
		});
	});
});
