import { FileXError } from '../errors';

/** What a timer takes, in ms. */
export const LONGEST_TIMER = 2 ** 31 - 1;

/** A signal that aborts after `ms`, or when `parent` does. Call `clear` when the work is over. */
export function deadline(ms: number, what: string, parent?: AbortSignal): { signal: AbortSignal; clear: () => void } {
	const controller = new AbortController();
	const expire = () =>
		controller.abort(
			new FileXError('unavailable', `${what} took longer than ${Math.round(ms / 1000)} s and was stopped`, {
				hint: 'Nothing was changed. Running it again is safe.',
				retrySafe: true,
			}),
		);
	// What is longer than a timer takes would end at once.
	const timer = setTimeout(expire, Math.min(ms, LONGEST_TIMER));
	const follow = () => controller.abort(parent?.reason);
	if (parent?.aborted) follow();
	parent?.addEventListener('abort', follow, { once: true });
	return {
		signal: controller.signal,
		clear() {
			clearTimeout(timer);
			parent?.removeEventListener('abort', follow);
		},
	};
}
