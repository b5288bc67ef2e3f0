import { FileXError } from '../errors';
import type { EntryCollector } from './entry-collector';

/** Requests for entries that are on their way at a time. */
const MOST_IN_FLIGHT = 16;

/** What a server answered that does not keep the order of its requests. */
export class OutOfOrder extends Error {}

/**
 * Reads all entries of an open directory. Servers answer such requests one after the other, so that several may be on
 * their way: one at first, and twice as many after each answer.
 *
 * @param ask makes one request; `end` after the last entry
 * @param collected takes the entries, and has its bounds
 * @throws OutOfOrder where several were on their way and something suggests that the server mixes them up: then entries may
 * be missing, and the directory must be read again, one request at a time
 */
export async function readDirectory<Entry extends { filename: string }>(
	ask: () => Promise<Entry[] | 'end'>,
	collected: EntryCollector<Entry>,
	mostInFlight = MOST_IN_FLIGHT,
): Promise<void> {
	const pending: Array<Promise<Entry[] | 'end'>> = [];
	let asked = 0;
	let answered = 0;
	let isOutOfOrder = false;
	const request = async () => {
		const number = asked++;
		try {
			return await ask();
		} finally {
			isOutOfOrder ||= number !== answered;
			answered++;
		}
	};
	let width = 1;
	let isOver = false;
	do {
		while (!isOver && pending.length < width) {
			const answer = request();
			// It is read in its turn.
			answer.catch(() => {});
			pending.push(answer);
		}
		const wasAlone = asked === 1 || mostInFlight === 1;
		const part = await pending.shift()!.catch((error: unknown) => {
			throw !wasAlone && isAnswer(error) ? new OutOfOrder() : error;
		});
		const isOdd = isOutOfOrder || (part !== 'end' && (isOver || (!wasAlone && part.some(collected.has))));
		if (isOdd && !wasAlone) throw new OutOfOrder();
		if (part === 'end') isOver = true;
		else collected.add(part);
		width = Math.min(2 * width, mostInFlight);
	} while (!isOver || pending.length > 0);
}

/** Whether the server said so itself, and not the line. */
function isAnswer(error: unknown): boolean {
	return error instanceof FileXError && (error.sftpStatus !== undefined || error.kind === 'unexpected-answer');
}
