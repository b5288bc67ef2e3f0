/**
 * The result of some work, unless the signal aborts before it has one; the work itself is not stopped.
 *
 * @param reason what it fails with then
 */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal, reason: () => unknown): Promise<T> {
	let stop = () => {};
	const aborted = new Promise<never>((_, reject) => {
		stop = () => reject(reason());
		if (signal.aborted) stop();
		signal.addEventListener('abort', stop, { once: true });
	});
	return await Promise.race([work, aborted]).finally(() => signal.removeEventListener('abort', stop));
}
