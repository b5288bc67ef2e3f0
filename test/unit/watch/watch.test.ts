import { readCursor } from '../../../filex/watch/cursor';
import { type Cursor, watch, type WatchRules } from '../../../filex/watch/watch';

const SPACE = '0001/crd/reports';
const DAY = 86_400_000;
const START = Date.UTC(2026, 2, 1);

interface File {
	name: string;
	path: string;
	size: number;
	lastModified: Date;
}

function file(name: string, seconds = 0, size = 10, space = SPACE): File {
	return { name, path: `${space}/${name}`, size, lastModified: new Date(START + seconds * 1000) };
}

function rules(overrides: Partial<WatchRules> = {}): WatchRules {
	return {
		host: 'filex:22',
		scope: 'subSpace:0001:crd:reports',
		coldStart: 'fromNow',
		accepts: () => true,
		limit: 1000,
		stable: false,
		now: new Date(START),
		...overrides,
	};
}

/** A trigger under test: polls listings one after the other, its state going through JSON as in n8n. */
class Trigger {
	private stored?: string;

	constructor(private readonly overrides: Partial<WatchRules> = {}) {}

	poll(files: File[], more: Partial<WatchRules> = {}, space = SPACE): string[] {
		return this.pollSpaces([{ space, files }], more);
	}

	pollSpaces(listings: Array<{ space: string; files: File[] }>, more: Partial<WatchRules> = {}): string[] {
		const { fresh, cursor } = watch(listings, this.cursor, rules({ ...this.overrides, ...more }));
		this.stored = JSON.stringify(cursor);
		return fresh.map(({ name }) => name);
	}

	get cursor(): Cursor | undefined {
		return this.stored === undefined ? undefined : readCursor(JSON.parse(this.stored));
	}

	/** n8n was killed before it saved the state: what `action` remembered is lost. */
	losingState<T>(action: () => T): T {
		const before = this.stored;
		const result = action();
		this.stored = before;
		return result;
	}
}

function many(count: number): File[] {
	return Array.from({ length: count }, (_, index) => file(`f${String(index).padStart(4, '0')}`, index));
}

describe('first activation', () => {
	it('fires for nothing that is there when only files from now on are wanted', () => {
		const trigger = new Trigger();
		expect(trigger.poll(many(1000))).toEqual([]);
		expect(trigger.poll([...many(1000), file('new', 5000)])).toEqual(['new']);
		expect(trigger.poll([...many(1000), file('new', 5000)])).toEqual([]);
	});

	it('fires for all 1,000 files, oldest first, when existing ones are wanted', () => {
		const trigger = new Trigger({ coldStart: 'existing' });
		const fired = trigger.poll([...many(1000)].reverse());
		expect(fired).toEqual(many(1000).map(({ name }) => name));
		expect(trigger.poll(many(1000))).toEqual([]);
	});

	it('counts files that the pattern leaves out as there already', () => {
		const trigger = new Trigger();
		trigger.poll([file('old.csv')], { accepts: (name) => name.endsWith('.pdf') });
		expect(trigger.poll([file('old.csv'), file('new.csv')])).toEqual(['new.csv']);
	});
});

describe('which files are new', () => {
	it('fires for a file with a timestamp older than everything seen', () => {
		const trigger = new Trigger();
		trigger.poll([file('a', 1000)]);
		expect(trigger.poll([file('a', 1000), file('late', -900_000)])).toEqual(['late']);
	});

	it('fires for each of several files with one timestamp, in the order of their names', () => {
		const trigger = new Trigger();
		trigger.poll([]);
		expect(trigger.poll([file('b', 5), file('a', 5)])).toEqual(['a', 'b']);
		expect(trigger.poll([file('b', 5), file('a', 5), file('c', 5)])).toEqual(['c']);
	});

	it('fires again for a file that is published again with another size or time', () => {
		const trigger = new Trigger();
		trigger.poll([]);
		expect(trigger.poll([file('a', 1, 10)])).toEqual(['a']);
		expect(trigger.poll([file('a', 1, 11)])).toEqual(['a']);
		expect(trigger.poll([file('a', 2, 11)])).toEqual(['a']);
		expect(trigger.poll([file('a', 2, 11)])).toEqual([]);
	});

	it('does not take a fraction of a second for a change', () => {
		const trigger = new Trigger();
		trigger.poll([]);
		trigger.poll([file('a', 1)]);
		expect(trigger.poll([file('a', 1.4)])).toEqual([]);
	});

	it('remembers files through a listing that is empty for a moment', () => {
		const trigger = new Trigger();
		trigger.poll(many(3));
		expect(trigger.poll([])).toEqual([]);
		expect(trigger.poll(many(3))).toEqual([]);
	});

	it('remembers files of a sub-space that could not be listed', () => {
		const trigger = new Trigger({ coldStart: 'existing' });
		trigger.poll(many(3));
		expect(trigger.pollSpaces([])).toEqual([]);
		expect(trigger.poll(many(4))).toEqual(['f0003']);
	});
});

describe("a change of the server's clock by an hour", () => {
	it('fires for none of the files, then or later, and for a new one', () => {
		const trigger = new Trigger();
		const files = [file('a', -90_000), file('b', -80_000), file('c', -70_000)];
		trigger.poll(files);
		const later = files.map((each) => ({ ...each, lastModified: new Date(each.lastModified.getTime() + 3_600_000) }));
		expect(trigger.poll([...later, file('new', -10)])).toEqual(['new']);
		expect(trigger.poll(later)).toEqual([]);
		expect(trigger.poll(files)).toEqual([]);
	});
});

describe('the limit per poll', () => {
	it('gives 25 files as 10, 10 and 5, oldest first', () => {
		const trigger = new Trigger({ limit: 10 });
		trigger.poll([]);
		const names = many(25).map(({ name }) => name);
		const shuffled = [...many(25)].sort(
			(a, b) => Math.sin(a.lastModified.getTime()) - Math.sin(b.lastModified.getTime()),
		);
		expect(trigger.poll(shuffled)).toEqual(names.slice(0, 10));
		expect(trigger.poll(shuffled)).toEqual(names.slice(10, 20));
		expect(trigger.poll(shuffled)).toEqual(names.slice(20));
		expect(trigger.poll(shuffled)).toEqual([]);
	});

	it('counts only files that fit the pattern, and says how many are left', () => {
		const accepts = (name: string) => name.startsWith('f');
		const files = [...many(4), file('x', -1)];
		const { fresh, remaining } = watch(
			[{ space: SPACE, files }],
			undefined,
			rules({ coldStart: 'existing', limit: 3, accepts }),
		);
		expect(fresh.map(({ name }) => name)).toEqual(['f0000', 'f0001', 'f0002']);
		expect(remaining).toBe(1);
	});
});

describe('state', () => {
	it('that goes back one step fires those files once more, and loses none', () => {
		const trigger = new Trigger();
		trigger.poll([]);
		expect(trigger.losingState(() => trigger.poll([file('a')]))).toEqual(['a']);
		expect(trigger.poll([file('a'), file('b', 1)])).toEqual(['a', 'b']);
		expect(trigger.poll([file('a'), file('b', 1)])).toEqual([]);
	});

	it('forgets a file 35 days after it was last listed, not before', () => {
		const trigger = new Trigger();
		trigger.poll([file('a')]);
		trigger.poll([], { now: new Date(START + 35 * DAY) });
		expect(trigger.losingState(() => trigger.poll([file('a')], { now: new Date(START + 35 * DAY) }))).toEqual([]);
		trigger.poll([], { now: new Date(START + 36 * DAY) });
		expect(trigger.poll([file('a')], { now: new Date(START + 36 * DAY) })).toEqual(['a']);
	});

	it('never forgets a file that is still listed, even by a trigger that slept for a year', () => {
		const trigger = new Trigger();
		trigger.poll([file('a')]);
		expect(trigger.poll([file('a')], { now: new Date(START + 365 * DAY) })).toEqual([]);
	});

	it('takes at most 16 bytes a file', () => {
		const trigger = new Trigger();
		trigger.poll(many(1000));
		const grown = JSON.stringify(trigger.cursor).length;
		const empty = new Trigger();
		empty.poll([]);
		expect((grown - JSON.stringify(empty.cursor).length) / 1000).toBeLessThanOrEqual(16);
	});

	it('of another version of this pack is taken for none', () => {
		expect(readCursor({ version: 99 })).toBeUndefined();
		expect(readCursor(undefined)).toBeUndefined();
		expect(readCursor('x')).toBeUndefined();
	});
});

describe('a change of what is watched', () => {
	const OTHER = '0001/crd/results';

	it('starts again for a sub-space that comes into scope, and continues for the one that was there', () => {
		const trigger = new Trigger();
		trigger.poll([file('a')]);
		const fired = trigger.pollSpaces(
			[
				{ space: SPACE, files: [file('a'), file('b', 1)] },
				{ space: OTHER, files: [file('old', 0, 10, OTHER)] },
			],
			{ scope: 'application:0001:crd' },
		);
		expect(fired).toEqual(['b']);
	});

	it('fires for the first file of a sub-space that appears while an application is watched', () => {
		const trigger = new Trigger({ scope: 'application:0001:tradejrnl' });
		trigger.pollSpaces([{ space: SPACE, files: [file('a')] }]);
		const listings = [
			{ space: SPACE, files: [file('a')] },
			{ space: OTHER, files: [file('first', 0, 10, OTHER)] },
		];
		expect(trigger.pollSpaces(listings)).toEqual(['first']);
	});

	it('to another server starts again, though the paths are the same', () => {
		const trigger = new Trigger();
		trigger.poll([]);
		expect(trigger.poll([file('a')], { host: 'filex.ct:22' })).toEqual([]);
	});
});

describe('waiting until a file is unchanged', () => {
	it('fires when two polls in a row saw the same size and time', () => {
		const trigger = new Trigger({ stable: true });
		trigger.poll([]);
		expect(trigger.poll([file('a', 0, 10)])).toEqual([]);
		expect(trigger.poll([file('a', 0, 20)])).toEqual([]);
		expect(trigger.poll([file('a', 0, 20)])).toEqual(['a']);
		expect(trigger.poll([file('a', 0, 20)])).toEqual([]);
	});

	it('does not wait again for files that were over the limit', () => {
		const trigger = new Trigger({ stable: true, limit: 1 });
		trigger.poll([]);
		trigger.poll([file('a'), file('b', 1)]);
		expect(trigger.poll([file('a'), file('b', 1)])).toEqual(['a']);
		expect(trigger.poll([file('a'), file('b', 1)])).toEqual(['b']);
	});
});

describe('waiting until a file is unchanged, in sub-spaces that cannot be listed at times', () => {
	const OTHER = '0001/crd/results';
	const both = (...files: File[]) =>
		[SPACE, OTHER].map((space) => ({ space, files: files.filter(({ path }) => path.startsWith(`${space}/`)) }));
	const armed = () => {
		const trigger = new Trigger({ stable: true, scope: 'application:0001:crd' });
		trigger.pollSpaces(both());
		return trigger;
	};
	const there = file('there', 0, 10, OTHER);

	it('fires for a file though every other poll cannot see its sub-space', () => {
		const trigger = armed();
		expect(trigger.pollSpaces(both(there))).toEqual([]);
		expect(trigger.pollSpaces([{ space: SPACE, files: [] }])).toEqual([]);
		expect(trigger.pollSpaces([])).toEqual([]);
		expect(trigger.pollSpaces(both(there))).toEqual(['there']);
		expect(trigger.pollSpaces(both(there))).toEqual([]);
	});

	it('still waits for one that was written to meanwhile', () => {
		const trigger = armed();
		trigger.pollSpaces(both(there));
		trigger.pollSpaces([]);
		const grown = { ...there, size: 20 };
		expect(trigger.pollSpaces(both(grown))).toEqual([]);
		expect(trigger.pollSpaces(both(grown))).toEqual(['there']);
	});

	it('forgets what a look at the sub-space did not find again, so that the state does not grow', () => {
		const trigger = armed();
		trigger.pollSpaces(both(there));
		for (let size = 11; size < 200; size++)
			trigger.pollSpaces(both(file('growing', 0, size)).filter(({ space }) => space === SPACE));
		expect(trigger.cursor!.unsettled).toHaveLength(2 * 12);
		trigger.pollSpaces(both());
		expect(trigger.cursor).toMatchObject({ unsettled: '' });
		expect(trigger.cursor).not.toHaveProperty('unsettledIn');
	});

	it('continues from the state of an earlier version, which did not write whose marks they are', () => {
		const trigger = armed();
		trigger.pollSpaces(both(there));
		const { unsettledIn, ...earlier } = trigger.cursor!;
		expect(unsettledIn).toEqual({ [OTHER]: 1 });
		const unseen = watch(
			[{ space: SPACE, files: [] as File[] }],
			earlier,
			rules({ stable: true, scope: 'application:0001:crd' }),
		);
		const { fresh } = watch(both(there), unseen.cursor, rules({ stable: true, scope: 'application:0001:crd' }));
		expect(fresh.map(({ name }) => name)).toEqual(['there']);
		// And an earlier version reads what this one writes.
		expect(earlier.unsettled).toBe(trigger.cursor!.unsettled);
	});

	it('takes 100,000 files at once', () => {
		const trigger = new Trigger({ stable: true, limit: 100_000 });
		trigger.poll([]);
		expect(trigger.poll(many(100_000))).toEqual([]);
		expect(trigger.poll(many(100_000))).toHaveLength(100_000);
	});
});
