import { type ColdStart, type CursorHead, dayOf, isArmed } from './cursor';
import { movedByClock } from './clock-change';
import { type FileVersion, fingerprintOf } from './fingerprint';
import { pack, type Packed, split, unpack } from './packed';

/**
 * What a trigger remembers between polls: plain JSON, 12 bytes a file. It may come back older than
 * it was left (n8n saves it only with an execution): then files fire once more, none is lost.
 */
export interface Cursor extends CursorHead {
	/** Paths of the sub-spaces that were listed at least once. */
	spaces: string[];
	/** By the day (since 1970, UTC) on which they were last seen. */
	seen: Packed;
	/** Fingerprints of new files that the next look at their sub-space must find unchanged before they fire. */
	unsettled: string;
	/** How many of these, in their order, belong to which sub-space; earlier versions wrote none. */
	unsettledIn?: Record<string, number>;
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
	stable: boolean;
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
	/** What was known of each of them, for {@link HandedOut}. */
	before: Packed;
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
	const listed = new Set(listings.map(({ space }) => space));
	const unsettled = rules.stable ? unsettledElsewhere(known, listed) : new Map<string, string[]>();
	const wait = (space: string, fingerprint: string) => {
		const marks = unsettled.get(space);
		if (marks) marks.push(fingerprint);
		else unsettled.set(space, [fingerprint]);
	};
	const candidates: Array<{ file: F; fingerprint: string; space: string }> = [];
	const moved = armed
		? movedByClock(
				listings.flatMap(({ files }) => files),
				(fingerprint) => lastSeen.has(fingerprint),
				now,
			)
		: new Set<F>();

	for (const { space, files } of listings) {
		// A sub-space that appears while we watch brings its first file with it: that one is new.
		const isBaseline = rules.coldStart === 'fromNow' && !armed && !spaces.has(space);
		spaces.add(space);
		for (const file of files) {
			const fingerprint = fingerprintOf(file);
			if (isBaseline || lastSeen.has(fingerprint) || moved.has(file)) lastSeen.set(fingerprint, today);
			else if (!rules.accepts(file.name)) continue;
			else if (!rules.stable || settled.has(fingerprint)) candidates.push({ file, fingerprint, space });
			else wait(space, fingerprint);
		}
	}

	candidates.sort((a, b) => oldestFirst(a.file, b.file));
	const chosen = candidates.slice(0, rules.limit);
	const remaining = candidates.slice(rules.limit);
	for (const { fingerprint } of chosen) lastSeen.set(fingerprint, today);
	if (rules.stable) for (const { fingerprint, space } of remaining) wait(space, fingerprint);

	return {
		fresh: chosen.map(({ file }) => file),
		remaining: remaining.length,
		before: pack(chosen.map(({ fingerprint }) => [fingerprint, ''])),
		cursor: {
			version: 1,
			host,
			scope,
			spaces: [...spaces].sort(),
			seen: pack([...lastSeen].filter(([, day]) => day >= today - FORGET_AFTER_DAYS)),
			unsettled: [...unsettled.values()].flat().join(''),
			...(unsettled.size > 0 && {
				unsettledIn: Object.fromEntries([...unsettled].map(([space, { length }]) => [space, length])),
			}),
		},
	};
}

/**
 * The marks of sub-spaces that this poll did not see: nothing about them changes. Where an earlier version did not
 * write whose they are, all are kept once, unless every sub-space was seen: a mark too many costs nothing.
 */
function unsettledElsewhere(known: Cursor | undefined, listed: ReadonlySet<string>): Map<string, string[]> {
	const marks = split(known?.unsettled ?? '');
	const { spaces = [], unsettledIn } = known ?? {};
	if (unsettledIn) {
		let at = 0;
		const bySpace = Object.entries(unsettledIn).map(([space, count]): [string, string[]] => [
			space,
			marks.slice(at, (at += count)),
		]);
		return new Map(bySpace.filter(([space]) => !listed.has(space)));
	}
	const unseen = spaces.find((space) => !listed.has(space));
	return new Map(unseen === undefined || marks.length === 0 ? [] : [[unseen, marks]]);
}

/** The newest files first, for a manual test. */
export function newestFirst(a: FileVersion, b: FileVersion): number {
	return oldestFirst(b, a);
}

function oldestFirst(a: FileVersion, b: FileVersion): number {
	return a.lastModified.getTime() - b.lastModified.getTime() || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
}
