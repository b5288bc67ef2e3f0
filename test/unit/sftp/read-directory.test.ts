import { FileXError } from '../../../filex/errors';
import { EntryCollector } from '../../../filex/sftp/entry-collector';
import { OutOfOrder, readDirectory } from '../../../filex/sftp/read-directory';

type Answer = Array<{ filename: string }> | 'end' | Error;

const PAGES = Array.from({ length: 40 }, (_, page) =>
	Array.from({ length: 3 }, (_, index) => ({ filename: `${page}-${index}` })),
);

const refusal = new FileXError('unavailable', 'failure', { hint: '', retrySafe: true, sftpStatus: 4 });
const broken = new FileXError('unavailable', 'the connection broke', { hint: '', retrySafe: true });

/** A server that gives `answers` one after the other, each in a turn of its own; `order` says in which order those of a turn come. */
function server(answers: Answer[], order: (waiting: number) => number = () => 0) {
	const waiting: Array<{ answer: Answer; resolve: (answer: never) => void; reject: (error: Error) => void }> = [];
	let next = 0;
	let isFlushing = false;
	const server = {
		mostInFlight: 0,
		async ask(): Promise<Array<{ filename: string }> | 'end'> {
			return await new Promise((resolve, reject) => {
				waiting.push({ answer: answers[next++] ?? 'end', resolve, reject });
				server.mostInFlight = Math.max(server.mostInFlight, waiting.length);
				if (!isFlushing) setImmediate(flush);
				isFlushing = true;
			});
		},
	};
	const flush = () => {
		isFlushing = false;
		const count = waiting.length;
		for (let left = count; left > 0; left--) {
			const [{ answer, resolve, reject }] = waiting.splice(order(left), 1) as [(typeof waiting)[number]];
			if (answer instanceof Error) reject(answer);
			else resolve(answer as never);
		}
	};
	return server;
}

async function read(from: ReturnType<typeof server>, most?: number): Promise<string[]> {
	const all = new EntryCollector<{ filename: string }>('here');
	await readDirectory(from.ask, all, most);
	return all.entries.map(({ filename }) => filename);
}

const names = PAGES.flat().map(({ filename }) => filename);

describe('a directory', () => {
	it('is read with many requests on their way', async () => {
		const one = server([...PAGES, 'end']);
		expect(await read(one)).toEqual(names);
		expect(one.mostInFlight).toBe(16);
	});

	it('that one answer holds takes two requests at most beside the end', async () => {
		const one = server([PAGES[0]!]);
		expect(await read(one)).toEqual(names.slice(0, 3));
		expect(one.mostInFlight).toBeLessThanOrEqual(2);
	});

	it('without entries is read by one request', async () => {
		const one = server([]);
		expect(await read(one)).toEqual([]);
		expect(one.mostInFlight).toBe(1);
	});

	it.each<[string, ReturnType<typeof server>]>([
		['answers out of order', server(PAGES, (waiting) => waiting - 1)],
		['the end before other entries', server([...PAGES.slice(0, 9), 'end', ...PAGES.slice(9)])],
		['entries that were there before', server([...PAGES.slice(0, 9), PAGES[3]!, ...PAGES.slice(9)])],
		['a refusal among the answers', server([...PAGES.slice(0, 9), refusal, ...PAGES.slice(9)])],
		['a refusal after the end', server([...PAGES.slice(0, 9), 'end', refusal])],
	])('is to be read again where the server gives %s', async (_name, odd) => {
		await expect(read(odd)).rejects.toThrow(OutOfOrder);
	});

	it('is not where the line broke', async () => {
		await expect(read(server([...PAGES.slice(0, 9), broken]))).rejects.toBe(broken);
	});

	it.each<[string, Answer[]]>([
		['entries that were there before', [PAGES[0]!, PAGES[0]!, PAGES[1]!]],
		['few entries', [PAGES[0]!]],
	])('one request at a time takes %s', async (_name, answers) => {
		const one = server(answers);
		expect(new Set(await read(one, 1))).toEqual(
			new Set(answers.flatMap((a) => (Array.isArray(a) ? a : [])).map(({ filename }) => filename)),
		);
		expect(one.mostInFlight).toBe(1);
	});

	it('one request at a time tells a refusal', async () => {
		await expect(read(server([PAGES[0]!, refusal]), 1)).rejects.toBe(refusal);
		await expect(read(server([refusal]))).rejects.toBe(refusal);
	});
});
