import type { INodeExecutionData } from 'n8n-workflow';
import type { Sandbox } from '../../sandbox/sandbox';
import { type Engine, fileItem, type NodeRun, type NodeUnderTest } from '../support/engine';
import { filing } from '../support/filing';

/** Names of a batch, and from them its contents. */
export function batch(label: string, count: number): string[] {
	return Array.from({ length: count }, (_, index) => `${label}-${String(index).padStart(2, '0')}.txt`);
}

/** The content of a file: some 100 kB that its name alone decides. */
export function contentOf(name: string): Buffer {
	return Buffer.from(`${name}\n`.repeat(5000));
}

/** fileX Upload as a user would set it who runs a batch again: Retry On Fail, skip what is filed. @param parameters further ones */
export function uploadNode(more: Partial<NodeUnderTest> = {}, parameters: object = {}): NodeUnderTest {
	return {
		...filing({ ifAlreadyFiled: 'skip', ...parameters }),
		retryOnFail: true,
		maxTries: 5,
		waitBetweenTries: 0,
		...more,
	};
}

export async function itemsOf(names: string[]): Promise<INodeExecutionData[]> {
	return await Promise.all(names.map(async (name) => await fileItem(name, contentOf(name))));
}

export async function uploadBatch(engine: Engine, names: string[], more?: Partial<NodeUnderTest>): Promise<NodeRun> {
	return await engine.runOn(uploadNode(more), await itemsOf(names));
}

/** What became of a batch, by what the sandbox received and by what was said. */
export interface Tally {
	files: number;
	/** Arrived once. */
	once: number;
	/** Arrived more than once. */
	twice: number;
	/** Did not arrive, and the sender said so: `held`, `unknown` or an error that names the file or stopped the batch. */
	told: number;
	/** Did not arrive, and no one said so. */
	lost: number;
}

/**
 * Counts arrivals. `said`: the names of which somebody was told that they may not have arrived;
 * `'all'` where the whole batch failed.
 */
export function tally(sandbox: Sandbox, names: string[], said: ReadonlySet<string> | 'all'): Tally {
	const counts = new Map<string, number>();
	for (const { name } of sandbox.submissions.arrivals()) counts.set(name, (counts.get(name) ?? 0) + 1);
	const result: Tally = { files: names.length, once: 0, twice: 0, told: 0, lost: 0 };
	for (const name of names) {
		const count = counts.get(name) ?? 0;
		if (count === 1) result.once++;
		else if (count > 1) result.twice++;
		else if (said === 'all' || said.has(name)) result.told++;
		else result.lost++;
	}
	return result;
}

/** Whose records do not say that the file is filed. */
export function notFiled({ items, error }: NodeRun): ReadonlySet<string> | 'all' {
	if (error) return 'all';
	const failed = items.filter(({ json }) => !['accepted', 'skipped'].includes(String(json.outcome)));
	return new Set(
		failed.map(({ json }) =>
			String((json.details as { path?: string } | undefined)?.path)
				.split('/')
				.at(-1)!,
		),
	);
}

/** Lets the sandbox's time run faster than the machine's: what takes it minutes takes seconds. Gives the way back. */
export function hurry(sandbox: Sandbox, times = 10): () => void {
	const STEP = 250;
	const timer = setInterval(() => {
		const { clockOffsetSeconds } = sandbox.settings.get();
		sandbox.settings.change({ clockOffsetSeconds: clockOffsetSeconds + (STEP / 1000) * (times - 1) });
	}, STEP);
	return () => clearInterval(timer);
}

/** A Markdown table. */
export function table(title: string, rows: Array<[string, Tally, ...string[]]>, more: string[] = []): string {
	const head = [title, 'files', 'exactly once', 'twice', 'not sent, and said so', 'lost', ...more];
	const lines = rows.map(([name, { files, once, twice, told, lost }, ...rest]) => [
		name,
		files,
		once,
		twice,
		told,
		lost,
		...rest,
	]);
	return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
