import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import {
	type Answer,
	answerTo,
	formatFile,
	formatSpace,
	ReconcilePlaces,
	type RemoteFile,
	type SpacePath,
	Tracking,
} from '../../../filex';
import { warnInOutput } from '../../shared/output-warning';
import type { OutputItem, Run, Session } from '../../shared/router';
import { type ReadExpectation, readExpectation } from '../expectation';
import { AS_EXPECTED, EXCEPTIONS } from '../outputs';
import { UnexpectedFiles } from '../unexpected';

/** Expectations at a time. They share each listing. */
const AT_A_TIME = 4;

/** Files and filings that one item lists at most; `count` has all. */
const MOST_LISTED = 100;

/** Whether the files of a business day have arrived, or were filed: one item an expectation. */
export function checkExpectedFiles(context: IExecuteFunctions, session: Session): Run {
	const { account, http, stop, space } = session;
	const now = Date.now();
	const places = new ReconcilePlaces(space, new Tracking(account.endpoints.rest, http, stop));
	// All of them before the first: which files are unexpected depends on all.
	const read = context
		.getInputData()
		.map((_, itemIndex) => attempt(() => readExpectation(context, account, itemIndex, now)));
	const unexpected = new UnexpectedFiles(
		read.map(({ value }) => value),
		places,
		(message) => warnInOutput(context, message),
	);
	return {
		parallel: AT_A_TIME,
		failedOutput: EXCEPTIONS,
		item: async ({ itemIndex }) => {
			const { value: expectation, error } = read[itemIndex]!;
			if (!expectation) throw error;
			const answer = await answerTo(expectation, places);
			const others = await unexpected.of(itemIndex);
			return [answerItem(expectation, answer), ...others.map((file) => unexpectedItem(expectation, file))];
		},
	};
}

function attempt<T>(read: () => T): { value?: T; error?: unknown } {
	try {
		return { value: read() };
	} catch (error) {
		return { error };
	}
}

function answerItem({ direction, space, pattern, checkedAt }: ReadExpectation, answer: Answer): OutputItem {
	const {
		status,
		isException,
		isLate,
		lateByMinutes,
		count,
		message,
		timing,
		expected,
		files,
		filings,
		checkedAgainst,
	} = answer;
	return {
		output: isException ? EXCEPTIONS : AS_EXPECTED,
		record: {
			status,
			message,
			isException,
			isLate,
			lateByMinutes,
			direction,
			...placeRecord(space),
			pattern: pattern.text,
			expected: expected ?? null,
			businessDate: timing?.businessDate ?? null,
			dueAt: timing ? iso(timing.dueAt) : null,
			countedFrom: timing ? iso(timing.from) : null,
			checkedAt,
			count,
			...(files && { files: files.slice(0, MOST_LISTED).map((file) => fileRecord(space, file)) }),
			...(filings && { submissions: filings.slice(0, MOST_LISTED).map((filing): IDataObject => ({ ...filing })) }),
			...(checkedAgainst && { checkedAgainst }),
		},
	};
}

/** The same fields as an answer's, so that a later step can treat both alike. */
function unexpectedItem({ direction, space, checkedAt }: ReadExpectation, file: RemoteFile): OutputItem {
	return {
		output: EXCEPTIONS,
		record: {
			status: 'unexpected',
			message: `'${file.name}' lies in '${formatSpace(space)}', and no expectation of this run is about it`,
			isException: true,
			isLate: false,
			lateByMinutes: 0,
			direction,
			...placeRecord(space),
			pattern: null,
			expected: null,
			businessDate: null,
			dueAt: null,
			countedFrom: null,
			checkedAt,
			count: 1,
			files: [fileRecord(space, file)],
		},
	};
}

function placeRecord({ orgId, application, subSpace }: SpacePath): IDataObject {
	return { orgId, application, subSpace };
}

function fileRecord(space: SpacePath, { name, size, lastModified }: RemoteFile): IDataObject {
	return { name, path: formatFile({ ...space, name }), size, lastModified: lastModified.toISOString() };
}

/** Null for a bound that there is none of. */
function iso(instant: number): string | null {
	return Number.isFinite(instant) ? new Date(instant).toISOString() : null;
}
