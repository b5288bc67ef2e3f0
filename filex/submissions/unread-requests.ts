import type { Sighting } from './sighting';
import { isSeen } from './sighting';
import { isArrived } from './state';
import { trackingKey } from './tracking-id';

/** Upload requests of this process that fileX has registered, and whose answers did not give their tracking IDs. */
export interface UnreadRequests {
	/** Keys of the requests that tracking showed before; undefined where it was not looked at. */
	known?: ReadonlySet<string>;
	count: number;
}

/**
 * The keys of these requests, once tracking shows just as many new ones: fileX shows a request as soon as it has
 * answered it. Undefined where that is not certain: with more of them, some are another sender's.
 *
 * @param isKnown whether a request is known otherwise
 */
export function unreadRequestsIn(seen: Sighting, unread: UnreadRequests | undefined, isKnown: (key: string) => boolean): string[] | undefined {
	if (!unread?.known || !isSeen(seen, 'tracking')) return undefined;
	const { known, count } = unread;
	const fresh = seen.submissions
		.filter((submission) => !isArrived(submission))
		.map(({ trackingId }) => trackingKey(trackingId))
		.filter((key) => !known.has(key) && !isKnown(key));
	return fresh.length === count ? fresh : undefined;
}
