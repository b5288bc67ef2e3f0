import { selectSubmissions, type SubmissionFilter } from '../../../filex/submissions/filter';
import { submission } from './sample';

const at = (hour: string) => `2026-03-31T${hour}:00:00.000-04:00`;

const ALL = [
	submission({ fileName: 'old.zip', submissionTime: at('08') }),
	submission({
		fileName: 'new.csv',
		submissionTime: at('12'),
		status: 'Received by FINRA',
		downstreamStatus: 'RECEIVED',
		userName: 'Other',
	}),
	submission({
		fileName: 'accepted.zip',
		submissionTime: at('09'),
		status: 'Received by FINRA',
		downstreamStatus: 'ACCEPTED',
		uploadLocation: '0001/crd/incoming',
	}),
	submission({
		fileName: 'rejected.zip',
		submissionTime: at('10'),
		status: 'Received by FINRA',
		downstreamStatus: 'REJECTED',
		uploadLocation: '888888/focus/in',
	}),
	submission({
		fileName: 'partly.ZIP',
		submissionTime: at('11'),
		status: 'Received by FINRA',
		downstreamStatus: 'PARTIALLY_REJECTED',
	}),
	submission({
		fileName: 'arrived.txt',
		submissionTime: at('07'),
		status: 'Received by FINRA',
		downstreamStatus: null,
	}),
	submission({ fileName: 'timeless.txt', submissionTime: 'soon' }),
];

const names = (filter: SubmissionFilter) => selectSubmissions(ALL, filter).map(({ fileName }) => fileName);
const time = (hour: string) => Date.parse(at(hour));

describe('a filter of submissions', () => {
	it('leaves nothing out where it asks for nothing, and gives the newest first', () => {
		const all = ['new.csv', 'partly.ZIP', 'rejected.zip', 'accepted.zip', 'old.zip', 'arrived.txt', 'timeless.txt'];
		expect(names({})).toEqual(all);
		expect(
			names({ orgId: '', application: ' ', subSpace: '', namePattern: '', userName: '', status: '', downstream: [] }),
		).toEqual(all);
	});

	it.each<[SubmissionFilter, string[]]>([
		[{ orgId: '888888' }, ['rejected.zip']],
		[{ application: 'crd' }, ['accepted.zip']],
		[{ application: 'CRD' }, []],
		[{ subSpace: ' incoming ' }, ['accepted.zip']],
		[{ namePattern: '*.zip' }, ['partly.ZIP', 'rejected.zip', 'accepted.zip', 'old.zip']],
		[{ userName: 'other' }, ['new.csv']],
		[{ status: 'requested' }, ['old.zip', 'timeless.txt']],
		[{ status: 'received' }, ['new.csv', 'partly.ZIP', 'rejected.zip', 'accepted.zip', 'arrived.txt']],
		[{ downstream: ['accepted'] }, ['accepted.zip']],
		[{ downstream: ['rejected', 'partiallyRejected'] }, ['partly.ZIP', 'rejected.zip']],
		[{ downstream: ['undecided'] }, ['new.csv', 'old.zip', 'arrived.txt', 'timeless.txt']],
		[{ downstream: ['undecided'], status: 'received' }, ['new.csv', 'arrived.txt']],
		[{ submittedAfter: time('10') }, ['new.csv', 'partly.ZIP']],
		[{ submittedBefore: time('09') }, ['old.zip', 'arrived.txt']],
		[{ submittedAfter: time('08'), submittedBefore: time('10') }, ['accepted.zip']],
		[{ namePattern: '*.zip', application: 'focus', downstream: ['undecided'] }, ['old.zip']],
	])('%j lets through %j', (filter, expected) => expect(names(filter)).toEqual(expected));

	it('gives the later of two at the same time first, and leaves the given list as it is', () => {
		const twins = ['first', 'second'].map((fileName) => submission({ fileName }));
		expect(selectSubmissions(twins, {}).map(({ fileName }) => fileName)).toEqual(['second', 'first']);
		expect(twins[0]!.fileName).toBe('first');
	});
});
