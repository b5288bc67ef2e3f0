import { type Clock, MACHINE_CLOCK } from '../util/clock';

/** How long members wait for those that are behind, in ms. Short beside the life of an upload URL. */
const MOST_WAIT = 10_000;

/** One of those that go step by step together. */
export interface Member {
	/** Waits until all others have reached this step, too. Steps are numbered in their order. */
	reach(step: number): Promise<void>;
	/** Reaches a step, and does not wait for the others. */
	pass(step: number): void;
	/** The others do not wait for it any more. */
	leave(): void;
}

/**
 * Lets members go step by step together, so that one question serves them all. It only ever makes them later: whoever
 * is behind for too long is not waited for any more, and goes on alone.
 */
export class Rendezvous {
	private readonly reached = new Map<Member, number>();
	private readonly waiting = new Set<{ step: number; go: () => void }>();

	/** @param onLate is told of a member that is not waited for any more */
	constructor(
		private readonly onLate: (member: Member) => void = () => {},
		private readonly clock: Pick<Clock, 'sleep'> = MACHINE_CLOCK,
	) {}

	join(): Member {
		const member: Member = {
			reach: async (step) => await this.reach(member, step),
			pass: (step) => {
				if (this.reached.has(member)) this.reached.set(member, step);
				this.release();
			},
			leave: () => {
				if (this.reached.delete(member)) this.release();
			},
		};
		this.reached.set(member, -Infinity);
		return member;
	}

	private async reach(member: Member, step: number): Promise<void> {
		if (!this.reached.has(member)) return;
		member.pass(step);
		if (this.isReached(step)) return;
		const enough = new AbortController();
		const all = new Promise<void>((go) => {
			const waiter = { step, go: () => (this.waiting.delete(waiter), go()) };
			this.waiting.add(waiter);
		});
		const late = this.clock.sleep(MOST_WAIT, enough.signal).then(
			() => this.dropBefore(step),
			// All came.
			() => {},
		);
		await Promise.race([all, late]);
		enough.abort();
	}

	private dropBefore(step: number): void {
		for (const [member, reached] of this.reached) {
			if (reached >= step) continue;
			this.reached.delete(member);
			this.onLate(member);
		}
		this.release();
	}

	private isReached(step: number): boolean {
		return [...this.reached.values()].every((reached) => reached >= step);
	}

	private release(): void {
		for (const { step, go } of this.waiting) if (this.isReached(step)) go();
	}
}
