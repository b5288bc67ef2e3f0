import {
	type Cursor,
	type Life,
	type Submission,
	type TrackingCursor,
	watch,
	watchSubmissions,
	withoutLost,
} from '../../../filex';

const SPACE = '0001/crd/reports';
const HOUR = 3_600_000;
const AT = Date.parse('2026-03-31T12:00:00Z');

const file = (name: string) => ({ name, path: `${SPACE}/${name}`, size: 1, lastModified: new Date(AT) });
const rules = {
	host: 'h',
	scope: 's',
	coldStart: 'fromNow' as const,
	accepts: () => true,
	limit: 10,
	stable: false,
	now: new Date(AT),
};
const later = (more: Partial<Life> = {}): Life => ({
	id: 'second',
	startedAt: AT + 60_000,
	hasEndedWell: () => false,
	...more,
});

/** What a process of the id `first` stores after it gave out `b.csv` and `c.csv`. */
function stored(stable = false): Cursor {
	const looks = [['a.csv'], ['a.csv', 'b.csv', 'c.csv'], ['a.csv', 'b.csv', 'c.csv']];
	let cursor: Cursor | undefined;
	for (const names of stable ? looks : looks.slice(0, 2)) {
		const {
			cursor: next,
			fresh,
			before,
		} = watch([{ space: SPACE, files: names.map(file) }], cursor, {
			...rules,
			stable,
		});
		cursor = { ...next, ...(fresh.length > 0 && { handedOut: { at: AT, by: 'first', before } }) };
	}
	// As n8n stores it.
	return JSON.parse(JSON.stringify(cursor)) as Cursor;
}

const firedBy = (cursor: Cursor, names = ['a.csv', 'b.csv', 'c.csv', 'd.csv'], stable = false) =>
	watch([{ space: SPACE, files: names.map(file) }], cursor, { ...rules, stable }).fresh.map(({ name }) => name);

describe('what a process gave out last', () => {
	it('fires again in the next one, where the first did not end well', () => {
		expect(firedBy(withoutLost(stored(), later()))).toEqual(['b.csv', 'c.csv', 'd.csv']);
	});

	it('fires again where the clock was set back before the next one began', () => {
		expect(firedBy(withoutLost(stored(), later({ startedAt: AT - 5000 })))).toEqual(['b.csv', 'c.csv', 'd.csv']);
	});

	it('fires again at once though files must be found unchanged', () => {
		expect(firedBy(withoutLost(stored(true), later()), undefined, true)).toEqual(['b.csv', 'c.csv']);
	});

	it('does not fire again once it is gone', () => {
		expect(firedBy(withoutLost(stored(), later()), ['a.csv', 'c.csv'])).toEqual(['c.csv']);
	});

	it.each<[string, Life]>([
		['in the same process', later({ id: 'first' })],
		['after the process ended well', later({ hasEndedWell: (id) => id === 'first' })],
		['an hour later', later({ startedAt: AT + HOUR })],
		['in a process that ran beside it', later({ startedAt: AT - 60_000 })],
	])('does not fire again %s', (_, life) => {
		expect(firedBy(withoutLost(stored(), life))).toEqual(['d.csv']);
	});

	it('is nothing where no cursor tells of it', () => {
		expect(withoutLost(undefined, later())).toBeUndefined();
		const { handedOut, ...earlier } = stored();
		expect(handedOut).toBeDefined();
		expect(withoutLost(earlier, later())).toBe(earlier);
	});

	it('is a change of a submission, which fires again with those before it untouched', () => {
		const submission = (status: string): Submission =>
			({ trackingId: 't1', status, submittedAt: new Date(AT + 1000).toISOString() }) as Submission;
		const settings = {
			host: 'h',
			scope: 's',
			coldStart: 'fromNow' as const,
			accepts: () => true,
			events: new Set(['requested', 'received'] as const),
			overdueHours: Infinity,
			limit: 10,
			now: new Date(AT),
		};
		let cursor: TrackingCursor = watchSubmissions([], undefined, settings).cursor;
		const fire = (status: string, from = cursor) => watchSubmissions([submission(status)], from, settings);
		cursor = fire('Request Received').cursor;
		const { fresh, before, cursor: next } = fire('Received by FINRA');
		expect(fresh.map(({ event }) => event)).toEqual(['received']);
		const saved = { ...next, handedOut: { at: AT, by: 'first', before } };
		expect(fire('Received by FINRA', withoutLost(saved, later())).fresh.map(({ event }) => event)).toEqual([
			'received',
		]);
		expect(fire('Received by FINRA', saved).fresh).toEqual([]);
	});
});
