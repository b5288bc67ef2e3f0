import type { Submission } from '../submissions/submission';
import type { Tracking } from '../submissions/tracking';

/** All that fileX tracks, at one moment. */
export interface Tracked {
	submissions: Submission[];
	/** By fileX's clock; by this machine's where fileX does not say. */
	now: Date;
}

/** Asks for all that fileX tracks. @param signal the one that `tracking` was made with; its reason is what an abort fails with */
export async function lookAtTracking(tracking: Pick<Tracking, 'snapshot'>, signal: AbortSignal): Promise<Tracked> {
	try {
		const { submissions, at } = await tracking.snapshot();
		return { submissions, now: Number.isNaN(at) ? new Date() : new Date(at) };
	} catch (error) {
		if (signal.aborted) throw signal.reason;
		throw error;
	}
}
