import type { PartPlan } from './part-plan';

/**
 * Memory for parts, shared by all uploads of this process: each has one part in memory of its own, and
 * takes more of them only while there is some to spare, so that ten at a time do not hold ten times as much.
 */
export class PartMemory {
	/** @param spare bytes beside every upload's own part */
	constructor(private spare: number) {}

	/** How many parts an upload may hold in memory until it calls `release`; 0 where it must stream them. */
	take({ partSize, buffers }: PartPlan): { buffers: number; release: () => void } {
		const more = Math.max(0, Math.min(buffers - 1, Math.floor(this.spare / partSize)));
		this.spare -= more * partSize;
		return {
			buffers: Math.min(buffers, 1 + more),
			release: () => {
				this.spare += more * partSize;
			},
		};
	}
}
