import { createCipheriv, createHash } from 'node:crypto';

/** Random numbers that a seed repeats (mulberry32). */
export class Random {
	constructor(private state: number) {}

	/** From 0 to below 1. */
	next(): number {
		this.state = (this.state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	}

	/** A whole number from `low` to `high`, both included. */
	between(low: number, high: number): number {
		return low + Math.floor(this.next() * (high - low + 1));
	}

	chance(probability: number): boolean {
		return this.next() < probability;
	}

	pick<Thing>(things: readonly Thing[]): Thing {
		return things[this.between(0, things.length - 1)]!;
	}

	/** One of several things, each as often as its weight says. */
	weighed<Thing extends { weight: number }>(things: readonly Thing[]): Thing {
		let at = this.next() * things.reduce((sum, { weight }) => sum + weight, 0);
		return things.find(({ weight }) => (at -= weight) < 0) ?? things.at(-1)!;
	}
}

const POOL = 16 << 20;

/** Contents of files. They are cut from one pool: to make up each byte would cost the clients more than all else. */
export class ContentPool {
	private readonly pool: Buffer;

	constructor(seed: number) {
		const key = createHash('md5').update(String(seed)).digest();
		this.pool = createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(POOL));
	}

	/** Begins with the file's name, so that no two are alike. */
	cut(random: Random, size: number, name: string): Buffer {
		const start = random.between(0, POOL - size);
		const content = Buffer.from(this.pool.subarray(start, start + size));
		content.write(name);
		return content;
	}
}

export function sha256(content: Buffer): string {
	return createHash('sha256').update(content).digest('hex');
}
