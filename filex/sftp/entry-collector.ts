import { FileXError } from '../errors';
import { LONGEST_LISTING, MOST_ENTRIES } from '../http/answer-bounds';

/** READDIR answers in a row that may bring nothing new. */
const MOST_IDLE = 100;

/** Collects the entries of a directory over its READDIR answers, which a server may give without an end. */
export class EntryCollector<Entry extends { filename: string }> {
	readonly entries: Entry[] = [];
	private readonly names = new Set<string>();
	private readonly until: number;
	private idle = 0;

	/** @param path what is listed, to be named in errors */
	constructor(
		private readonly path: string,
		private readonly now: () => number = () => performance.now(),
	) {
		this.until = now() + LONGEST_LISTING;
	}

	/** Whether there is an entry of that name already. */
	readonly has = ({ filename }: Pick<Entry, 'filename'>): boolean => this.names.has(filename);

	/** @throws FileXError where there are too many entries, or the same ones again and again */
	add(answer: Entry[]): void {
		const known = this.names.size;
		for (const entry of answer) {
			this.entries.push(entry);
			this.names.add(entry.filename);
		}
		this.idle = this.names.size > known ? 0 : this.idle + 1;
		if (this.idle > MOST_IDLE) throw this.endless(`${this.idle} answers in a row brought nothing new`);
		if (this.now() > this.until) throw this.endless(`it takes longer than ${LONGEST_LISTING / 60_000} minutes`);
		if (this.entries.length > MOST_ENTRIES) throw this.endless(`it has more than ${MOST_ENTRIES} entries`);
	}

	private endless(reason: string): FileXError {
		return new FileXError('unexpected-answer', `The SFTP server's listing of '${this.path}' does not end: ${reason}`, {
			hint: 'Nothing was concluded from it. Use HTTPS REST or S3 Direct where possible, and report this to FINRA (800-321-6273). Running it again is safe.',
			retrySafe: true,
			isForeign: true,
		});
	}
}
