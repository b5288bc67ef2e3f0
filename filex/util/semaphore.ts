interface Waiter {
	admit: () => void;
	max: number;
	weight: number;
}

interface Line {
	taken: number;
	waiting: Waiter[];
}

/** How many at a time may do something in this process: whoever asks stands in a line of its key's, first come, first served. */
export class KeyedSemaphore {
	private readonly lines = new Map<string, Line>();

	/** @param givenUp the error for one whose signal aborted while it waited */
	constructor(private readonly givenUp: (key: string, signal: AbortSignal) => Error) {}

	/**
	 * Waits for a place in `key`'s line, at most `max` of them taken at a time. Gives the way to leave it.
	 *
	 * @param weight places that it takes
	 */
	async acquire(key: string, max: number, signal?: AbortSignal, weight = 1): Promise<() => void> {
		if (signal?.aborted) throw this.givenUp(key, signal);
		const line = this.lines.get(key) ?? { taken: 0, waiting: [] };
		this.lines.set(key, line);
		if (line.taken + weight <= max && line.waiting.length === 0) line.taken += weight;
		else await this.wait(line, key, { max, weight }, signal);
		let left = false;
		return () => {
			if (left) return;
			left = true;
			this.leave(key, line, weight);
		};
	}

	private async wait(
		line: Line,
		key: string,
		wanted: Pick<Waiter, 'max' | 'weight'>,
		signal?: AbortSignal,
	): Promise<void> {
		await new Promise<void>((resolve, reject) => {
			const waiter: Waiter = {
				...wanted,
				admit() {
					signal?.removeEventListener('abort', giveUp);
					resolve();
				},
			};
			const giveUp = () => {
				line.waiting.splice(line.waiting.indexOf(waiter), 1);
				reject(this.givenUp(key, signal!));
			};
			line.waiting.push(waiter);
			signal?.addEventListener('abort', giveUp, { once: true });
		});
	}

	private leave(key: string, line: Line, weight: number): void {
		line.taken -= weight;
		for (let next = line.waiting[0]; next && line.taken + next.weight <= next.max; next = line.waiting[0]) {
			line.waiting.shift();
			line.taken += next.weight;
			next.admit();
		}
		if (line.taken === 0) this.lines.delete(key);
	}
}
