/** Work that continues by itself, and must be done before what it uses is closed. */
export class Pending {
	private readonly running = new Set<Promise<unknown>>();

	/** Its failure is the business of who began it. */
	add(work: Promise<unknown>): void {
		const settled = work.then(
			() => {},
			() => {},
		);
		this.running.add(settled);
		void settled.then(() => this.running.delete(settled));
	}

	async done(): Promise<void> {
		while (this.running.size > 0) await Promise.all(this.running);
	}
}
