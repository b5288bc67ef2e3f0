import { cancelled } from '../errors';
import { BoundedMap } from '../util/bounded-map';
import { KeyedSemaphore } from '../util/semaphore';
import type { Filing, Sighting } from './sighting';
import { stateOf } from './state';
import type { SubmitMemory, SubmitResult } from './submit';
import { DAY } from './timing';
import { sameTrackingId } from './tracking-id';

/** Uploads of one name go out one at a time in a process: a second one sees what became of the first. */
export const uploadLine = new KeyedSemaphore((path) => cancelled(`Waiting for another upload of '${path}'`));

/** A file that this process has filed. */
interface Filed {
	size: number;
	sha256: string;
	/** By fileX's clock where it is known, in ms. */
	at: number;
	filing: Filing;
}

interface PathMemory extends SubmitMemory {
	/** Notes how a submission ended. @param sha256 lower-case hex */
	note(result: SubmitResult, size: number, sha256: string | undefined): void;
}

const abandoned = new BoundedMap<string, true>();
const clearSince = new BoundedMap<string, number>();
const unread = new BoundedMap<string, SubmitMemory['unread']>();

/** By path, the latest first. */
const filed = new BoundedMap<string, Filed[]>();

/** Filings of one name that are remembered at most. */
const MOST_FILED = 100;

/**
 * What this process remembers of the uploads of one name.
 *
 * @param path of the file, with the fileX that it is at
 * @param content to compare with what was filed before
 */
export function memoryOf(path: string, content: { size: number; sha256(): Promise<string> }, days: number): PathMemory {
	const requests = unread.get(path) ?? {};
	unread.set(path, requests);
	let at = NaN;
	return {
		abandoned,
		clearSince,
		unread: requests,
		async filed(seen) {
			at = seen.at;
			const before = (filed.get(path) ?? []).filter(
				({ size, at: then, filing }) =>
					size === content.size && !(seen.at - then > days * DAY) && !wasRejected(filing, seen),
			);
			if (before.length === 0) return undefined;
			const own = await content.sha256();
			return before.find(({ sha256 }) => sha256 === own)?.filing;
		},
		note(result, size, sha256) {
			if (result.outcome !== 'accepted' || sha256 === undefined) return;
			const { trackingId = null, archivePath = null } = result;
			const time = Number.isNaN(at) ? Date.now() : at;
			const latest = {
				size,
				sha256,
				at: time,
				filing: { trackingId, archivePath, submittedAt: new Date(time).toISOString(), userName: null },
			};
			filed.set(path, [latest, ...(filed.get(path) ?? [])].slice(0, MOST_FILED));
		},
	};
}

/** What FINRA has rejected it needs again. */
function wasRejected({ trackingId }: Filing, { submissions }: Sighting): boolean {
	const submission =
		trackingId === null ? undefined : submissions.find((known) => sameTrackingId(known.trackingId, trackingId));
	return submission !== undefined && stateOf(submission) === 'rejected';
}
