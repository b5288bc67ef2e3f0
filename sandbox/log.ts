/** One thing that a client did. */
export interface LogEntry {
	at: string;
	service: 'fip' | 'rest' | 's3' | 'sftp' | 'console';
	/** What was asked, e.g. `token`, `GET /files/0001`, `login`, `OPEN /0001/crd/reports/a.pdf`. */
	request: string;
	username?: string;
	/** An HTTP status, `ok` or `refused`. */
	outcome: string;
}

/** How many entries are kept. */
const CAPACITY = 10_000;

/** Letters of one text that are kept. */
const LENGTH = 1_000;

function shorten(text: string): string {
	return text.length > LENGTH ? `${text.slice(0, LENGTH)}…` : text;
}

/** What clients did, the newest last. Holds no secret. */
export class RequestLog {
	private entries: LogEntry[] = [];

	add(entry: Omit<LogEntry, 'at'>): void {
		this.entries.push({
			at: new Date().toISOString(),
			...entry,
			request: shorten(entry.request),
			...(entry.username !== undefined && { username: shorten(entry.username) }),
		});
		if (this.entries.length > CAPACITY * 1.1) this.entries = this.entries.slice(-CAPACITY);
	}

	all(): LogEntry[] {
		return this.entries;
	}

	clear(): void {
		this.entries = [];
	}

	/** How many entries fit. */
	count(service: LogEntry['service'], request: string | RegExp, outcome?: string): number {
		return this.entries.filter(
			(entry) =>
				entry.service === service &&
				(typeof request === 'string' ? entry.request === request : request.test(entry.request)) &&
				(outcome === undefined || entry.outcome === outcome),
		).length;
	}
}
