/** The most resident memory of this process over what it has now, in bytes. */
export class PeakMemory {
	private readonly before = process.memoryUsage.rss();
	private peak = this.before;
	private readonly watch = setInterval(() => (this.peak = Math.max(this.peak, process.memoryUsage.rss())), 20);

	/** Ends the watching. */
	end(): number {
		clearInterval(this.watch);
		return Math.max(this.peak, process.memoryUsage.rss()) - this.before;
	}
}
