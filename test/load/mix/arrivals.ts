import type { Arrival } from '../../../sandbox/submissions/submissions';
import type { Ledger } from './ledger';

/** What is wrong with what arrived; empty where each upload that was accepted is there once, as it was sent, and nothing else. */
export function wrongArrivals({ accepted, cutOff }: Ledger, arrivals: Arrival[]): string[] {
	const byName = new Map<string, Arrival[]>();
	for (const each of arrivals) byName.set(each.name, [...(byName.get(each.name) ?? []), each]);
	const missing = accepted.flatMap(({ method, space, name, size, sha256 }) => {
		const found = byName.get(name) ?? [];
		byName.delete(name);
		if (found.length !== 1) return [`${name} by ${method}: ${found.length} times`];
		const [it] = found as [Arrival];
		const isRight = it.method === method && it.space.join('/') === space && it.size === size && it.sha256 === sha256;
		return isRight && it.unusable === null && it.archiveName !== null
			? []
			: [`${name} by ${method}, ${size} bytes: ${JSON.stringify(it)}`];
	});
	return [
		...missing,
		...[...byName.keys()].map((name) => `${name}: ${cutOff.has(name) ? 'was cut off' : 'was not accepted'}`),
	];
}
