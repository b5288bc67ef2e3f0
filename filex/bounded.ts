/** Maps all items, at most `parallel` at a time; the results are in the items' order. */
export async function mapBounded<T, R>(items: T[], parallel: number, work: (item: T) => Promise<R>): Promise<R[]> {
	const results: R[] = new Array<R>(items.length);
	const remaining = items.entries();
	const worker = async () => {
		for (const [index, item] of remaining) results[index] = await work(item);
	};
	await Promise.all(Array.from({ length: Math.min(parallel, items.length) }, worker));
	return results;
}
