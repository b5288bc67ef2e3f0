import { isDeepStrictEqual } from 'node:util';
import type { CursorHead } from '../../filex';

/** Minutes for which the same cause is not told again, growing while it lasts. */
const QUIET_MINUTES = [5, 15, 30, 60, 120, 240];

/** Minutes without a look at fileX after which that is reported, though nothing has failed. */
const BLIND_MINUTES = 15;

/** How long n8n may take to save what a poll gave out, in ms: half of its shortest time from one poll to the next. */
const SAVING = 30_000;

interface Running {
	ended: Promise<void>;
	end: () => void;
}

interface Outage {
	cause: string;
	tellAgainAt: number;
	told: number;
}

interface GivenOut {
	from: CursorHead | undefined;
	to: CursorHead;
	at: number;
}

/**
 * What this process knows of its polls: which are running, and which failures have been reported. It is
 * not kept in the trigger's state, because a poll that throws loses that.
 */
export class PollMemory {
	private readonly running = new Map<string, Running>();
	private readonly outages = new Map<string, Outage>();
	private readonly skippedSince = new Map<string, number>();
	private readonly givenOut = new Map<string, GivenOut>();
	/** Cursors that n8n has not stored, or may lose: that of a first poll, and that of a node that is renamed. */
	readonly cursors = new Map<string, CursorHead>();

	/** Whether a poll of this trigger may begin; two never run at once. End it with `end`. */
	begin(trigger: string): boolean {
		if (this.running.has(trigger)) return false;
		let end = () => {};
		const ended = new Promise<void>((resolve) => (end = resolve));
		this.running.set(trigger, { ended, end });
		return true;
	}

	/** Resolves when the poll that is under way has ended. */
	async ended(trigger: string): Promise<void> {
		await this.running.get(trigger)?.ended;
	}

	end(trigger: string): void {
		this.running.get(trigger)?.end();
		this.running.delete(trigger);
	}

	/** Notes that a poll gave out what lies between these cursors. */
	gaveOut(trigger: string, from: CursorHead | undefined, to: CursorHead, at: number): void {
		this.givenOut.set(trigger, { from, to, at });
	}

	/** What n8n may still be saving, where a poll was given `stored`, from before that. */
	yetToBeSaved(trigger: string, stored: CursorHead | undefined, now: number): CursorHead | undefined {
		const last = this.givenOut.get(trigger);
		return last && now - last.at < SAVING && isDeepStrictEqual(last.from, stored) ? last.to : undefined;
	}

	succeeded(trigger: string): void {
		this.outages.delete(trigger);
		this.skippedSince.delete(trigger);
	}

	/** Notes a poll that did not come about. Gives whether none has for so long that it must be reported. */
	skipped(trigger: string, now: number): boolean {
		const since = this.skippedSince.get(trigger) ?? now;
		this.skippedSince.set(trigger, since);
		return now - since >= BLIND_MINUTES * 60_000;
	}

	/**
	 * Notes a failed poll. Gives whether to report it: at the first failure, when its cause changes,
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
