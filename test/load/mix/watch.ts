import type { SandboxInfo } from '../../../sandbox/info';
import type { LogEntry } from '../../../sandbox/log';
import { memory } from '../../support/process-memory';
import { fetchClient } from './http-clients';

/** Milliseconds between looks at the memory. */
const PERIOD = 1000;

/** Looks at the memory for each look at the log: the log's 10,000 entries take longer to fill. */
const LOG_EVERY = 3;

/** Watches the sandbox while it is used. */
export class Watch {
	/** MiB, once a second. */
	readonly memory: number[] = [];
	/** How many there had been by then. */
	readonly requests: number[] = [];
	/** Requests that the sandbox itself could not answer. */
	readonly failures: LogEntry[] = [];
	/** Whether the log forgot entries before they were looked at. */
	missed = false;
	private looks = 0;
	private seen = '';
	private looking: Promise<void> = Promise.resolve();
	private readonly timer: NodeJS.Timeout;

	constructor(
		private readonly sandbox: SandboxInfo,
		requests: () => number,
	) {
		this.timer = setInterval(() => {
			this.requests.push(requests());
			// A process that is gone has no memory, and what comes of it shows elsewhere.
			void memory(sandbox.pid).then(
				(size) => this.memory.push(size),
				() => {},
			);
			if (++this.looks % LOG_EVERY === 0)
				this.looking = this.looking.then(async () => await this.readLog()).catch(() => void (this.missed = true));
		}, PERIOD);
	}

	async stop(): Promise<void> {
		clearInterval(this.timer);
		await this.looking;
		await this.readLog();
	}

	private async readLog(): Promise<void> {
		const { body } = await fetchClient(`${this.sandbox.control}/log`);
		const entries = JSON.parse(body.toString()) as LogEntry[];
		if (this.seen !== '' && entries[0]!.at > this.seen) this.missed = true;
		this.failures.push(...entries.filter(({ at, outcome }) => at >= this.seen && outcome.startsWith('500')));
		this.seen = entries.at(-1)?.at ?? this.seen;
	}
}

export function median(values: number[]): number {
	return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
