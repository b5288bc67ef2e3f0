import { FlightWindow } from '../../../filex/sftp/flight-window';

const KIB = 1024;
const LIMITS = { first: 64 * KIB, least: 8 * KIB, most: 768 * KIB };

/** A line of `rate` bytes per second and `latency` ms, which answers one request after the other. */
class Line {
	now = 0;
	readonly window = new FlightWindow(LIMITS, () => this.now);
	private readonly queue: Array<{ bytes: number; sentAt: number }> = [];
	mostInFlight = 0;

	constructor(
		public rate: number,
		public latency: number,
	) {}

	/** Asks for so many bytes, as much at a time as the window allows. @returns ms that it took */
	run(total: number, files = 1): number {
		const began = this.now;
		let left = total;
		const ask = () => {
			if (left <= 0) return;
			this.window.take(Math.min(32 * KIB, left), (bytes) => {
				left -= bytes!;
				this.queue.push({ bytes: bytes!, sentAt: this.now });
				ask();
			});
		};
		for (let file = 0; file < files; file++) ask();
		let free = this.now;
		while (this.queue.length > 0) {
			this.mostInFlight = Math.max(
				this.mostInFlight,
				this.queue.reduce((sum, { bytes }) => sum + bytes, 0),
			);
			const { bytes, sentAt } = this.queue.shift()!;
			free = Math.max(free, sentAt + this.latency) + (bytes / this.rate) * 1000;
			this.now = free;
			this.window.answered(bytes, sentAt);
		}
		return this.now - began;
	}
}

describe("a connection's window", () => {
	it.each([
		[10e6, 40],
		[100e6, 1],
		[1e6, 600],
	])('fills a line of %i B/s and %i ms', (rate, latency) => {
		const line = new Line(rate, latency);
		line.run(20e6);
		// Warm, it loses little to waiting.
		expect(line.run(20e6)).toBeLessThan((20e6 / rate) * 1000 * 1.25 + latency);
	});

	it.each([
		[200_000, 4],
		[50_000, 1],
		[5_000, 3],
	])('asks a line of %i B/s for no more than it brings in a few seconds, for %i files', (rate, files) => {
		const line = new Line(rate, 20);
		line.run(20 * rate, files);
		expect(line.mostInFlight).toBeLessThanOrEqual(Math.max(1.5 * LIMITS.first, 3 * rate));
	});

	it('follows a line that becomes slow, and one that becomes fast again', () => {
		const line = new Line(10e6, 40);
		line.run(20e6);
		const wide = line.window.width;
		line.rate = 50_000;
		line.run(3e6);
		expect(line.window.width).toBeLessThan(100 * KIB);
		line.rate = 10e6;
		line.run(20e6);
		expect(line.window.width).toBeGreaterThan(wide / 2);
	});

	it('recovers where the way becomes longer by more than a second', () => {
		const line = new Line(1e6, 5);
		line.run(5e6);
		line.latency = 1_500;
		line.run(20e6);
		expect(line.window.width).toBeGreaterThan(LIMITS.first);
	});

	it('never has more under way than the channel holds', () => {
		const line = new Line(1e9, 200);
		line.run(100e6, 16);
		expect(line.mostInFlight).toBeLessThanOrEqual(LIMITS.most);
	});

	it('lets all that wait go when the connection ends', () => {
		const window = new FlightWindow(LIMITS);
		const got: Array<number | undefined> = [];
		for (let turn = 0; turn < 4; turn++) window.take(32 * KIB, (bytes) => got.push(bytes));
		window.close();
		window.take(1, (bytes) => got.push(bytes));
		expect(got).toEqual([32 * KIB, 32 * KIB, undefined, undefined, undefined]);
	});
});
