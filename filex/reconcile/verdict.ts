/** What became of an expectation of files that FINRA delivers. */
export type DeliveryStatus =
	'arrived' | 'late' | 'missing' | 'due later' | 'too small' | 'too many' | 'unexpected' | 'not a business day';

/** What became of an expectation of files that the firm files. */
export type FilingStatus =
	'accepted' | 'rejected' | 'undecided' | 'not filed' | 'due later' | 'too small' | 'too many' | 'not a business day';

/** How many files are expected, and how large. */
export interface Quantity {
	atLeast: number;
	/** Infinity where there is no limit. */
	atMost: number;
	/** Bytes. */
	smallestSize: number;
}

export interface Verdict<Status> {
	status: Status;
	/** Whether somebody should look at it. */
	isException: boolean;
	isLate: boolean;
	lateByMinutes: number;
	/** What was found, in a sentence. */
	message: string;
}
