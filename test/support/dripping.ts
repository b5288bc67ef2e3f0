import { Readable } from 'node:stream';

/** A stream that gives a byte every few ms, `size` in all; and then it does not end, unless it has `every` of its own. */
export function dripping(size: number, every?: number): Readable {
	let given = 0;
	let timer: NodeJS.Timeout | undefined;
	return new Readable({
		read() {
			if (given === size) return void (every !== undefined && this.push(null));
			timer = setTimeout(() => {
				given++;
				this.push('x');
			}, every ?? 5);
		},
		destroy(error, done) {
			clearTimeout(timer);
			done(error);
		},
	});
}
