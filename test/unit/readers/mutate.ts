/** `READER_SEED` repeats a run. */
export const SEED = Number(process.env.READER_SEED ?? Date.now() % 2 ** 31);

type Json = { [key: string]: unknown } | unknown[];

const VALUES: unknown[] = [
	null,
	'',
	0,
	-1,
	1.5,
	true,
	false,
	'x',
	[],
	{},
	[null],
	2 ** 60,
	'../x',
	'\u0000',
	'a'.repeat(300),
	'1e3',
];

const PAGES = [
	'<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in</body></html>',
	'<html>',
	'',
	'OK',
	'null',
	'{}',
	'[]',
	'{"message":"Forbidden"}',
	'{"error":"invalid_token","error_description":"expired"}',
	'<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>no</Message></Error>',
];

/** Another answer by one or two changes, as JSON text. */
export function mutated(sample: unknown, random: () => number): string {
	const pick = <T>(from: T[]): T => from[Math.floor(random() * from.length)]!;
	let answer = structuredClone(sample);
	for (let changes = random() < 0.7 ? 1 : 2; changes > 0; changes--) {
		const spot = pick(spotsIn(answer));
		if (!spot) break;
		const { parent, key } = spot;
		const holder = parent as Record<string | number, unknown>;
		const value = holder[key];
		switch (pick(['drop', 'value', 'null', 'type', 'duplicate', 'nest', 'letters', 'insert', 'wrap'])) {
			case 'drop':
				if (Array.isArray(parent)) parent.splice(key as number, 1, null);
				else delete holder[key];
				break;
			case 'value':
				holder[key] = pick(VALUES);
				break;
			case 'null':
				holder[key] = null;
				break;
			case 'type':
				holder[key] =
					typeof value === 'number' ? String(value) : typeof value === 'string' ? [value] : JSON.stringify(value);
				break;
			case 'duplicate':
				if (Array.isArray(parent)) parent.push(structuredClone(value));
				else holder[`${key}Copy`] = structuredClone(value);
				break;
			case 'nest':
				holder[key] = { value };
				break;
			case 'letters':
				if (!Array.isArray(parent)) {
					delete holder[key];
					holder[
						pick([
							String(key).toUpperCase(),
							String(key).toLowerCase(),
							String(key).replace(/[A-Z]/g, (letter) => `_${letter}`),
						])
					] = value;
				}
				break;
			case 'insert':
				if (Array.isArray(parent)) parent.splice(key as number, 0, null);
				else holder[pick(['error', 'message', 'next', 'type', 'status'])] = pick(VALUES);
				break;
			default:
				answer = pick<unknown>([{ data: answer }, [answer], { _embedded: answer }, JSON.stringify(answer)]);
		}
	}
	const text = JSON.stringify(answer);
	if (random() < 0.05) return text.slice(0, Math.floor(random() * text.length));
	return random() < 0.05 ? pick(PAGES) : text;
}

function spotsIn(answer: unknown): Array<{ parent: Json; key: string | number }> {
	if (typeof answer !== 'object' || answer === null) return [];
	const keys: Array<string | number> = Array.isArray(answer) ? [...answer.keys()] : Object.keys(answer);
	return keys.flatMap((key) => [
		{ parent: answer as Json, key },
		...spotsIn((answer as Record<string | number, unknown>)[key]),
	]);
}
