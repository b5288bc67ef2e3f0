/** Maps all items, at most `parallel` at a time; the results are in the items' order. */
export async function mapLimit<T, R>(items: T[], parallel: number, work: (item: T) => Promise<R>): Promise<R[]> {
	const results: R[] = new Array<R>(items.length);
	const remaining = items.entries();
	const worker = async () => {
		for (const [index, item] of remaining) results[index] = await work(item);
	};
	// A NaN from a user's expression must not mean zero workers.
	const workers = Math.max(1, Math.min(parallel, items.length) || 1);
	await Promise.all(Array.from({ length: workers }, worker));
	return results;
}
