/** What one node put out in one execution: records, and where n8n keeps their files. */
export interface OutputItem {
	json: { path?: string; name?: string; sha256?: string };
	binary?: Record<string, { id: string; fileName?: string }>;
}

interface ExecutionData {
	resultData: {
		error?: { message: string };
		runData: Record<string, Array<{ data?: { main: Array<OutputItem[] | null> } }>>;
	};
}

/** An execution's data as n8n's API sends it: one list, in which texts are indexes of other entries. */
export function readExecution(text: string): ExecutionData {
	const list = JSON.parse(text) as unknown[];
	const done = new Map<number, unknown>();

	const resolve = (index: number): unknown => {
		if (done.has(index)) return done.get(index);
		const entry = list[index];
		if (typeof entry !== 'object' || entry === null) return entry;
		const whole: Record<string, unknown> | unknown[] = Array.isArray(entry) ? [] : {};
		done.set(index, whole);
		return Object.assign(
			whole,
			mapValues(entry, (value) => (typeof value === 'string' ? resolve(Number(value)) : value)),
		);
	};
	return resolve(0) as ExecutionData;
}

function mapValues(entry: object, map: (value: unknown) => unknown): object {
	return Object.fromEntries(Object.entries(entry).map(([key, value]) => [key, map(value)]));
}

/** All that a node put out. */
export function outputOf({ resultData }: ExecutionData, node: string): OutputItem[] {
	return (resultData.runData[node] ?? []).flatMap(({ data }) => data?.main.flatMap((items) => items ?? []) ?? []);
}

/** Why it failed, if it did. */
export function errorOf({ resultData }: ExecutionData): string | undefined {
	return resultData.error?.message;
}
