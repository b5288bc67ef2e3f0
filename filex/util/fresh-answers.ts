import { setImmediate as turnOfTheLoop } from 'node:timers/promises';

/**
 * Lets callers share answers that must be fresh: each gets one to a question that was put after it
 * called, however many call at a time.
 */
export class FreshAnswers<T> {
	private running?: Promise<T>;
	private next?: Promise<T>;

	constructor(private readonly question: () => Promise<T>) {}

	async ask(): Promise<T> {
		// The one that is under way may have been put before this call. Those that call together share the first one, too.
		this.next ??= Promise.allSettled([this.running])
			.then(async () => await turnOfTheLoop())
			.then(async () => {
				this.next = undefined;
				return await this.put();
			});
		return await this.next;
	}

	private async put(): Promise<T> {
		const answer = this.question();
		this.running = answer;
		try {
			return await answer;
		} finally {
			if (this.running === answer) this.running = undefined;
		}
	}
}
