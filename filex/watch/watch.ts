import { dayOf, isArmed, type ColdStart, type CursorHead } from './cursor';
import { fingerprintOf, type FileVersion } from './fingerprint';
import { pack, split, unpack, type Packed } from './packed';

/**
 * What a trigger remembers between polls: plain JSON, 12 bytes a file. It may come back older than
 * it was left (n8n saves it only with an execution): then files fire once more, none is lost.
 */
export interface Cursor extends CursorHead {
	/** Paths of the sub-spaces that were listed at least once. */
	spaces: string[];
	/** By the day (since 1970, UTC) on which they were last seen. */
	seen: Packed;
	/** Fingerprints of new files that the next poll must find unchanged before they fire. */
	unsettled: string;
}

export interface WatchRules {
	host: string;
	scope: string;
	coldStart: ColdStart;
	/** Which names are of interest. */
	accepts: (name: string) => boolean;
	/** Files that one poll gives out at most. */
	limit: number;
	/** Whether a file must look the same in two polls before it fires. */
	settle: boolean;
	now: Date;
}

/** One sub-space and all of its files. */
export interface SpaceListing<F extends FileVersion & { name: string }> {
	/** `{orgId}/{application}/{subSpace}` */
	space: string;
	files: F[];
}

export interface WatchResult<F> {
	/** New files, oldest first. */
	fresh: F[];
	/** What to remember; to be kept only if `fresh` is given out. */
	cursor: Cursor;
	/** New files over the limit, left for the next poll. */
	remaining: number;
}

/** Days after which a file that no listing shows is forgotten: fileX keeps files for 30. */
const FORGET_AFTER_DAYS = 35;

/**
 * Which files are new. Sub-spaces that could not be listed are simply not among `listings`: nothing
 * of them is fired or forgotten.
 *
 * A file is known by its path, and its version by size and time, so that old timestamps, equal ones
 * and clocks that run backwards lose nothing, and a file published again fires again.
 */
export function watch<F extends FileVersion & { name: string }>(
	listings: Array<SpaceListing<F>>,
	previous: Cursor | undefined,
	rules: WatchRules,
): WatchResult<F> {
	const { host, scope, now } = rules;
	const known = previous?.host === host ? previous : undefined;
	const armed = isArmed(previous, rules);
	const today = dayOf(now);
	const lastSeen = new Map([...unpack(known?.seen)].map(([fingerprint, day]) => [fingerprint, Number(day)]));
	const spaces = new Set(known?.spaces);
	const settled = new Set(split(known?.unsettled ?? ''));
	const unsettled: string[] = [];
	const candidates: Array<{ file: F; fingerprint: string }> = [];

	for (const { space, files } of listings) {
		// A sub-space that appears while we watch brings its first file with it: that one is new.
		const isBaseline = rules.coldStart === 'fromNow' && !armed && !spaces.has(space);
		spaces.add(space);
		for (const file of files) {
			const fingerprint = fingerprintOf(file);
			if (isBaseline || lastSeen.has(fingerprint)) lastSeen.set(fingerprint, today);
			else if (!rules.accepts(file.name)) continue;
			else if (!rules.settle || settled.has(fingerprint)) candidates.push({ file, fingerprint });
			else unsettled.push(fingerprint);
		}
	}

	candidates.sort((a, b) => oldestFirst(a.file, b.file));
	const chosen = candidates.slice(0, rules.limit);
	const remaining = candidates.slice(rules.limit);
	for (const { fingerprint } of chosen) lastSeen.set(fingerprint, today);
	if (rules.settle) unsettled.push(...remaining.map(({ fingerprint }) => fingerprint));

	return {
		fresh: chosen.map(({ file }) => file),
		remaining: remaining.length,
		cursor: {
			version: 1,
			host,
			scope,
			spaces: [...spaces].sort(),
			seen: pack([...lastSeen].filter(([, day]) => day >= today - FORGET_AFTER_DAYS)),
			unsettled: unsettled.join(''),
		},
	};
}

/** The newest files first, for a person who wants to see what a poll would give. */
export function newestFirst(a: FileVersion, b: FileVersion): number {
	return oldestFirst(b, a);
}

function oldestFirst(a: FileVersion, b: FileVersion): number {
	return (
		a.lastModified.getTime() - b.lastModified.getTime() ||
		(a.path < b.path ? -1 : a.path > b.path ? 1 : 0)
	);
}
