import type { Sighting } from './sighting';
import { isSeen, timeOf } from './sighting';
import { isArrived } from './state';
import { ORDER_TOLERANCE } from './timing';
import { trackingKey } from './tracking-id';

/** Upload requests of this process that fileX has answered, but not so that their tracking IDs could be read. */
export interface UnreadRequests {
	/** Keys of the requests that tracking showed right before the first of them. */
	known: ReadonlySet<string>;
	/** When that was, and when the last of them was answered, by fileX's clock, in ms. */
	from: number;
	until: number;
	count: number;
}

/**
 * The keys of these requests, once tracking shows just as many new ones of that time: fileX shows a request as soon
 * as it has answered it. Undefined where that is not certain: with more of them, some are another sender's.
 *
 * @param isKnown whether a request is known otherwise
 */
export function unreadRequestsIn(
	seen: Sighting,
	{ known, from, until, count }: UnreadRequests,
	isKnown: (key: string) => boolean,
): string[] | undefined {
	if (!isSeen(seen, 'tracking')) return undefined;
	const fresh = seen.submissions.filter((submission) => {
		const key = trackingKey(submission.trackingId);
		return !isArrived(submission) && !known.has(key) && !isKnown(key);
	});
	const isOfThen = fresh.every(
		(submission) => timeOf(submission) >= from - ORDER_TOLERANCE && timeOf(submission) <= until + ORDER_TOLERANCE,
	);
	return fresh.length === count && isOfThen ? fresh.map(({ trackingId }) => trackingKey(trackingId)) : undefined;
}
