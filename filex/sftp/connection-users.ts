/**
 * Who uses a connection. One that is no good for new work is given up only when the work that is under way on it has
 * ended: to cut it earlier would leave open what became of that.
 */
export class ConnectionUsers {
	private count = 0;
	private readonly waiting: Array<() => void> = [];

	/** Gives the way to leave it. */
	enter(): () => void {
		this.count++;
		let isIn = true;
		return () => {
			if (!isIn) return;
			isIn = false;
			this.count--;
			if (this.count === 0) for (const go of this.waiting.splice(0)) go();
		};
	}

	/** Waits until no one uses it. */
	async gone(): Promise<void> {
		if (this.count > 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
	}
}
