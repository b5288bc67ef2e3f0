/** How a long-running script tells what it is doing. */
export interface Progress {
	say(line: string): void;
	/** Tells, while `work` runs, what it waits for and for how long. */
	during<Result>(what: string, work: () => Promise<Result>): Promise<Result>;
}

/** How often a line is printed where lines cannot be rewritten, in seconds. */
const REMINDER = 15;

/** On a terminal one line a step, counting; elsewhere a line at its end, and every 15 s meanwhile. */
export function printedProgress({ stdout }: NodeJS.Process): Progress {
	const say = (line: string): void => void stdout.write(`${line}\n`);
	const rewrite = (text: string): void => void stdout.write(`\r\x1b[K${text}`);
	return {
		say,
		async during(what, work) {
			const begin = Date.now();
			const seconds = (): number => Math.round((Date.now() - begin) / 1000);
			const tick = (): void => {
				if (stdout.isTTY) rewrite(`… ${what} (${seconds()} s)`);
				else if (seconds() % REMINDER === 0 && seconds() > 0) say(`… ${what} (${seconds()} s)`);
			};
			tick();
			const timer = setInterval(tick, 1000);
			try {
				const result = await work();
				if (stdout.isTTY) rewrite('');
				say(`✓ ${what} (${seconds()} s)`);
				return result;
			} catch (error) {
				if (stdout.isTTY) rewrite('');
				say(`✗ ${what} (${seconds()} s)`);
				throw error;
			} finally {
				clearInterval(timer);
			}
		},
	};
}
