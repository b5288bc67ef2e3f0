import type { CursorHead } from './cursor';

/** Minutes for which the same cause is not told again, growing while it lasts. */
const QUIET_MINUTES = [5, 15, 30, 60, 120, 240];

interface Outage {
	cause: string;
	tellAgainAt: number;
	told: number;
}

/**
 * What this process knows of its polls: which are running, and which failures have been told. It is
 * not kept in the trigger's state, because a poll that throws loses that.
 */
export class PollMemory {
	private readonly running = new Set<string>();
	private readonly outages = new Map<string, Outage>();
	/** Cursors of first polls, until n8n has stored one. */
	readonly firstCursors = new Map<string, CursorHead>();

	/** Whether a poll of this trigger may begin; two never run at once. End it with `end`. */
	begin(trigger: string): boolean {
		if (this.running.has(trigger)) return false;
		this.running.add(trigger);
		return true;
	}

	end(trigger: string): void {
		this.running.delete(trigger);
	}

	succeeded(trigger: string): void {
		this.outages.delete(trigger);
	}

	/**
	 * Notes a failed poll. Gives whether to tell of it: at the first failure, when its cause changes,
	 * and then at a widening interval.
	 */
	failed(trigger: string, cause: string, now: number): boolean {
		const outage = this.outages.get(trigger);
		if (outage?.cause === cause && now < outage.tellAgainAt) return false;
		const told = outage?.cause === cause ? outage.told + 1 : 1;
		const quiet = QUIET_MINUTES[Math.min(told, QUIET_MINUTES.length) - 1]!;
		this.outages.set(trigger, { cause, told, tellAgainAt: now + quiet * 60_000 });
		return true;
	}
}

/** The memory of this process. */
export const pollMemory = new PollMemory();
