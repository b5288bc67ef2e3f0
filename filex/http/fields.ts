/**
 * Reading the JSON of a service whose spelling no one has shown: letter case, `_` and `-` in keys do not matter.
 */
export type Fields = Record<string, unknown>;

/** How deep an answer is looked into: what a service means is not buried. */
const DEEPEST = 6;

/** How many objects and lists of an answer are looked into. */
const MOST_NODES = 10_000;

export function isFields(value: unknown): value is Fields {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A key without letter case, `_` and `-`. */
export function plainKey(key: string): string {
	const known = PLAIN_KEYS.get(key);
	if (known !== undefined) return known;
	const plain = key.replace(/[_-]/g, '').toLowerCase();
	if (PLAIN_KEYS.size < 1000) PLAIN_KEYS.set(key, plain);
	return plain;
}

/** A long list has the same keys in each entry. */
const PLAIN_KEYS = new Map<string, string>();

/** The first value of these keys that is there and not null. @param names as {@link plainKey} has them, the likeliest first */
export function field(from: Fields, ...names: string[]): unknown {
	return fields(from).one(...names);
}

/** The same for several questions to one object. */
export function fields(from: Fields): { one: (...names: string[]) => unknown; has: (...names: string[]) => boolean } {
	const known = new Map<string, unknown>();
	for (const [key, value] of Object.entries(from)) {
		const name = plainKey(key);
		if (known.get(name) === undefined || known.get(name) === null) known.set(name, value);
	}
	return {
		one: (...names) => names.map((name) => known.get(name)).find((value) => value !== undefined && value !== null),
		has: (...names) => names.some((name) => known.has(name)),
	};
}

/** What an answer is made of, from the outside in: each value with its key, and the objects that it stands in, the innermost first. */
export interface Met {
	key: string;
	value: unknown;
	within: Fields[];
}

/** Goes through an answer, the outer values first; JSON that is written as a text is gone through, too. */
export function walk(answer: unknown): Met[] {
	const met: Met[] = [{ key: '', value: answer, within: [] }];
	let nodes = 0;
	for (let index = 0, depths = [0]; index < met.length && nodes < MOST_NODES; index++) {
		const { key, value, within } = met[index]!;
		const depth = depths[index]!;
		const inner = typeof value === 'string' && /^\s*[{["]/.test(value) ? parsed(value) : value;
		if (depth >= DEEPEST || typeof inner !== 'object' || inner === null) {
			if (typeof inner === 'string' && inner !== value) met[index] = { key, value: inner, within };
			continue;
		}
		nodes++;
		const isList = Array.isArray(inner);
		for (const [name, each] of Object.entries(inner).slice(0, MOST_NODES)) {
			met.push({ key: isList ? key : name, value: each, within: isList ? within : [inner as Fields, ...within] });
			depths.push(depth + 1);
		}
	}
	return met;
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}
