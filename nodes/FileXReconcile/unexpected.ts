import { dayOf, formatSpace, instantOf, type ReconcilePlaces, type RemoteFile, unexpectedFiles } from '../../filex';
import type { ReadExpectation } from './expectation';

const MINUTE = 60_000;

/** Files that none of a run's expectations is about. They are given out once a sub-space, with one of its expectations. */
export class UnexpectedFiles {
	/** @param expectations of the run's items; undefined for one that could not be read @param warn shows a warning beside the output */
	constructor(
		private readonly expectations: ReadonlyArray<ReadExpectation | undefined>,
		private readonly places: ReconcilePlaces,
		private readonly warn: (message: string) => void,
	) {}

	/** Those to be given out with an item. */
	async of(itemIndex: number): Promise<RemoteFile[]> {
		const expectation = this.expectations[itemIndex];
		if (!expectation?.reportsUnexpected || this.firstOf(expectation) !== itemIndex) return [];
		const unread = this.expectations.indexOf(undefined);
		if (unread >= 0) {
			this.warn(
				`Unexpected files of '${formatSpace(expectation.space)}' are not reported, because item ${unread} cannot be read, and it may expect them`,
			);
			return [];
		}
		const { files } = await this.places.list(expectation.space);
		const fits = this.about(expectation).map(({ pattern }) => pattern.fitsAnyDay());
		return unexpectedFiles(files, fits, spanOf(expectation));
	}

	/** The first item that asks for those of its sub-space. */
	private firstOf(expectation: ReadExpectation): number {
		const key = formatSpace(expectation.space);
		return this.expectations.findIndex((each) => each?.reportsUnexpected && formatSpace(each.space) === key);
	}

	private about({ space }: ReadExpectation): ReadExpectation[] {
		const key = formatSpace(space);
		return this.expectations.filter(
			(each): each is ReadExpectation => each?.direction === 'delivered' && formatSpace(each.space) === key,
		);
	}
}

/**
 * Since the same time on the last business day: what a daily check at the same time sees is without a gap. A check that
 * begins a few seconds later than the day before must not leave one.
 */
function spanOf({ timing: { now, timeZone, calendar, countUntil = Infinity } }: ReadExpectation): {
	from: number;
	until: number;
} {
	const today = dayOf(now, timeZone);
	const timeOfDay = now - instantOf(today, 0, timeZone);
	const from = instantOf(calendar.shift(today, -1), Math.floor(timeOfDay / MINUTE) * MINUTE, timeZone);
	return { from, until: countUntil };
}
