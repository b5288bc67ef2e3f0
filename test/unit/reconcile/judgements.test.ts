import { BusinessDays } from '../../../filex/reconcile/business-days';
import { type FiledFile, filedFiles } from '../../../filex/reconcile/filed-files';
import { judgeFiles } from '../../../filex/reconcile/judge-files';
import { judgeFilings } from '../../../filex/reconcile/judge-filings';
import { type BusinessDate, type Timing, timingOf } from '../../../filex/reconcile/timing';
import { unexpectedFiles } from '../../../filex/reconcile/unexpected-files';
import type { RemoteFile } from '../../../filex/space';
import type { Submission } from '../../../filex/submissions/submission';

const ZONE = 'America/New_York';
const HOUR = 3_600_000;
const calendar = new BusinessDays();

const timing = (now: string, businessDate: BusinessDate, more: object = {}) =>
	timingOf({
		businessDate,
		dueTime: 17 * HOUR,
		timeZone: ZONE,
		calendar,
		now: Date.parse(now),
		namesTheDay: true,
		...more,
	});

const iso = (instant: number) => (Number.isFinite(instant) ? new Date(instant).toISOString() : null);

const shown = (made: ReturnType<typeof timing>) =>
	'closed' in made
		? made
		: { businessDate: made.businessDate, dueAt: iso(made.dueAt), from: iso(made.from), until: iso(made.until) };

describe('when something is expected', () => {
	const SAME: BusinessDate = { kind: 'sameDay' };
	const BEFORE: BusinessDate = { kind: 'previousDay', daysUntilDue: 1 };
	const given = (day: string, daysUntilDue = 0): BusinessDate => ({ kind: 'given', day, daysUntilDue });

	it.each([
		['the day itself', '2026-03-03T12:00:00Z', SAME, '2026-03-03', '2026-03-03T22:00:00.000Z'],
		['the day itself, after midnight in UTC', '2026-03-04T03:00:00Z', SAME, '2026-03-03', '2026-03-03T22:00:00.000Z'],
		['the day before', '2026-03-03T12:00:00Z', BEFORE, '2026-03-02', '2026-03-03T22:00:00.000Z'],
		['Friday, on Monday', '2026-03-09T12:00:00Z', BEFORE, '2026-03-06', '2026-03-09T21:00:00.000Z'],
		[
			'Thursday, on the Monday after Good Friday',
			'2026-04-06T12:00:00Z',
			BEFORE,
			'2026-04-02',
			'2026-04-06T21:00:00.000Z',
		],
		[
			'two business days before',
			'2026-03-09T12:00:00Z',
			{ kind: 'previousDay', daysUntilDue: 2 } as const,
			'2026-03-05',
			'2026-03-09T21:00:00.000Z',
		],
		['a day that was given', '2026-07-01T12:00:00Z', given('2026-03-06'), '2026-03-06', '2026-03-06T22:00:00.000Z'],
		[
			'a day that was given, due the next',
			'2026-07-01T12:00:00Z',
			given('2026-03-06', 1),
			'2026-03-06',
			'2026-03-09T21:00:00.000Z',
		],
	])('%s', (_name, now, businessDate, date, dueAt) =>
		expect(shown(timing(now, businessDate))).toEqual({ businessDate: date, dueAt, from: null, until: null }),
	);

	it.each([
		['a Saturday', '2026-03-07T12:00:00Z', SAME, '2026-03-07', 'a Saturday'],
		['a Saturday, for the day before', '2026-03-07T12:00:00Z', BEFORE, '2026-03-07', 'a Saturday'],
		['Christmas', '2026-12-25T20:00:00Z', SAME, '2026-12-25', 'Christmas Day'],
		['a given Sunday', '2026-03-03T12:00:00Z', given('2026-03-01'), '2026-03-01', 'a Sunday'],
	])('nothing is expected on %s', (_name, now, businessDate, day, why) =>
		expect(timing(now, businessDate)).toEqual({ closed: { day, why } }),
	);

	it.each([
		// The due time of the day before is earlier than the day's beginning.
		['the day itself', SAME, '2026-03-09T04:00:00.000Z', '2026-03-10T21:00:00.000Z'],
		['the day before', BEFORE, '2026-03-06T22:00:00.001Z', '2026-03-10T21:00:00.000Z'],
	])('files whose names do not tell the day count from and until, for %s', (_name, businessDate, from, until) =>
		expect(shown(timing('2026-03-09T12:00:00Z', businessDate, { namesTheDay: false }))).toMatchObject({ from, until }),
	);

	it('the user can say from when on files count, and until when', () => {
		const [countFrom, countUntil] = [Date.parse('2026-03-01T00:00:00Z'), Date.parse('2026-03-09T13:00:00Z')];
		for (const namesTheDay of [true, false])
			expect(shown(timing('2026-03-09T12:00:00Z', SAME, { namesTheDay, countFrom, countUntil }))).toMatchObject({
				from: '2026-03-01T00:00:00.000Z',
				until: '2026-03-09T13:00:00.000Z',
			});
	});
});

const DUE = '2026-03-03T22:00:00.000Z';
const at = (now: string, more: Partial<Timing> = {}): Timing => ({
	businessDate: '2026-03-03',
	dueAt: Date.parse(DUE),
	from: -Infinity,
	ownUntil: Infinity,
	until: Infinity,
	now: Date.parse(now),
	timeZone: ZONE,
	...more,
});
const BEFORE_DUE = '2026-03-03T21:59:59.999Z';
const AFTER_DUE = '2026-03-03T23:00:00.000Z';

const file = (lastModified: string, size = 10, name = `f${lastModified}`): RemoteFile => ({
	name,
	size,
	lastModified: new Date(lastModified),
});
const EARLY = file('2026-03-03T14:00:00Z');
const AT_DUE = file(DUE);
const LATE = file('2026-03-03T22:00:00.001Z');
const EMPTY = file('2026-03-03T14:00:00Z', 0, 'empty');
const ONE = { atLeast: 1, atMost: Infinity, smallestSize: 1 };

describe('files that FINRA delivers', () => {
	it.each([
		['arrived in time', [EARLY], AFTER_DUE, ONE, 'arrived', false, 0],
		['arrived before it is due', [EARLY], BEFORE_DUE, ONE, 'arrived', false, 0],
		['arrived on the dot', [AT_DUE], AFTER_DUE, ONE, 'arrived', false, 0],
		['arrived a moment late', [LATE], AFTER_DUE, ONE, 'late', true, 1],
		['two arrived, one of them late, one is enough', [LATE, EARLY], AFTER_DUE, ONE, 'arrived', false, 0],
		['two are needed, one of them late', [LATE, EARLY], AFTER_DUE, { ...ONE, atLeast: 2 }, 'late', true, 1],
		['nothing, and it is not due', [], BEFORE_DUE, ONE, 'due later', false, 0],
		['nothing, on the dot', [], DUE, ONE, 'missing', true, 0],
		['nothing, an hour later', [], AFTER_DUE, ONE, 'missing', true, 60],
		['too few', [EARLY], AFTER_DUE, { ...ONE, atLeast: 2 }, 'missing', true, 60],
		['too few, and it is not due', [EARLY], BEFORE_DUE, { ...ONE, atLeast: 2 }, 'due later', false, 0],
		['too many', [EARLY, AT_DUE], AFTER_DUE, { ...ONE, atMost: 1 }, 'too many', false, 0],
		['too many, late', [LATE, file('2026-03-03T22:30:00Z')], AFTER_DUE, { ...ONE, atMost: 1 }, 'too many', true, 1],
		['too small', [EMPTY], AFTER_DUE, ONE, 'too small', true, 60],
		['too small, and it is not due', [EMPTY], BEFORE_DUE, ONE, 'too small', false, 0],
		['one is too small, one is not', [EMPTY, AT_DUE], AFTER_DUE, ONE, 'too small', false, 0],
		['empty, and that is fine', [EMPTY], AFTER_DUE, { ...ONE, smallestSize: 0 }, 'arrived', false, 0],
		['exactly as large as needed', [EARLY], AFTER_DUE, { ...ONE, smallestSize: 10 }, 'arrived', false, 0],
		['a byte too small', [EARLY], AFTER_DUE, { ...ONE, smallestSize: 11 }, 'too small', true, 60],
	])('%s', (_name, files, now, quantity, status, isLate, lateByMinutes) => {
		const verdict = judgeFiles(files, 'f*', at(now), quantity);
		expect(verdict).toMatchObject({
			status,
			isLate,
			lateByMinutes,
			isException: !['arrived', 'due later'].includes(status),
		});
		expect(verdict.message).not.toMatch(/undefined|NaN|Infinity|\.$/);
	});

	it.each([
		[[EARLY], AFTER_DUE, ONE, "1 file of 'f*' for 2026-03-03 arrived in time (due 2026-03-03 17:00 America/New_York)"],
		[
			[LATE],
			AFTER_DUE,
			ONE,
			"1 file of 'f*' for 2026-03-03 arrived 1 minute late (due 2026-03-03 17:00 America/New_York)",
		],
		[
			[],
			AFTER_DUE,
			ONE,
			"No file of 'f*' for 2026-03-03 has arrived. It was due 2026-03-03 17:00 America/New_York, 60 minutes ago",
		],
		[[], BEFORE_DUE, ONE, "No file of 'f*' for 2026-03-03 has arrived yet (due 2026-03-03 17:00 America/New_York)"],
		[
			[EARLY],
			BEFORE_DUE,
			{ ...ONE, atLeast: 2 },
			"1 file of 'f*' for 2026-03-03 arrived so far, and at least 2 were expected (due 2026-03-03 17:00 America/New_York)",
		],
		[
			[EARLY, AT_DUE],
			AFTER_DUE,
			{ ...ONE, atMost: 1 },
			"2 files of 'f*' for 2026-03-03 arrived, and at most 1 was expected",
		],
		[[EMPTY], AFTER_DUE, ONE, "'empty' has 0 bytes, and at least 1 were expected"],
	])('say so in a sentence', (files, now, quantity, message) =>
		expect(judgeFiles(files, 'f*', at(now), quantity).message).toBe(message),
	);

	it('of another time do not count, and the sentence says so', () => {
		const until = Date.parse('2026-03-03T22:30:00Z');
		const within = at(AFTER_DUE, { from: Date.parse('2026-03-03T15:00:00Z'), ownUntil: until, until });
		const verdict = judgeFiles([EARLY, file('2026-03-03T22:30:00.001Z')], 'f*', within, ONE);
		expect(verdict).toMatchObject({ status: 'missing', files: [] });
		expect(verdict.message).toMatch(
			/\. Not counted: 2 files of that name, changed before 2026-03-03 10:00 America\/New_York or after 2026-03-03 17:30 America\/New_York$/,
		);
		expect(judgeFiles([file('2026-03-03T15:00:00Z')], 'f*', within, ONE).status).toBe('arrived');
		expect(judgeFiles([file('2026-03-03T22:30:00Z')], 'f*', within, ONE).status).toBe('late');
	});

	it('of the evening count for the next day, where enough came before', () => {
		// Names do not tell the day, and the next one's files may come from the due time on.
		const overlap = at('2026-03-04T04:00:00.000Z', {
			ownUntil: Date.parse(DUE),
			until: Date.parse('2026-03-04T22:00:00Z'),
		});
		const most = { ...ONE, atMost: 1 };
		expect(judgeFiles([EARLY, LATE], 'f*', overlap, most)).toMatchObject({ status: 'arrived', files: [EARLY] });
		expect(judgeFiles([LATE], 'f*', overlap, most)).toMatchObject({ status: 'late', files: [LATE] });
		expect(judgeFiles([EMPTY, LATE], 'f*', overlap, ONE)).toMatchObject({ status: 'too small', files: [EMPTY, LATE] });
	});

	it('are unexpected where they fit no expectation, and are of the time', () => {
		const within = { from: Date.parse('2026-03-02T22:00:00Z'), until: Date.parse(DUE) };
		const files = [LATE, EARLY, AT_DUE, file('2026-03-02T22:00:00Z', 1, 'known.csv'), file('2026-03-02T21:59:59Z')];
		expect(unexpectedFiles(files, [(name) => name === 'known.csv'], within)).toEqual([EARLY, AT_DUE]);
	});
});

const filing = (
	fileName: string,
	decision: FiledFile['decision'],
	submittedAt: string | null = '2026-03-03T14:00:00.000Z',
	more: Partial<FiledFile> = {},
): FiledFile => ({
	fileName,
	trackingId: 'id',
	archivePath: null,
	submittedAt,
	filedAt: submittedAt,
	userName: 'demo',
	size: 10,
	status: 'Received by FINRA',
	downstreamStatus: null,
	decision,
	...more,
});
const UNTRACKED = { trackingId: null };
const LATE_AT = '2026-03-03T22:00:00.001Z';

describe('files that the firm files', () => {
	it.each([
		['accepted in time', [filing('a', 'accepted')], AFTER_DUE, ONE, 'accepted', false, false],
		['accepted, and filed late', [filing('a', 'accepted', LATE_AT)], AFTER_DUE, ONE, 'accepted', true, true],
		[
			'accepted, begun in time and arrived late',
			[filing('a', 'accepted', undefined, { filedAt: LATE_AT })],
			AFTER_DUE,
			ONE,
			'accepted',
			true,
			true,
		],
		['undecided, and it is not due', [filing('a', 'undecided')], BEFORE_DUE, ONE, 'undecided', false, false],
		['undecided, and it is due', [filing('a', 'undecided')], AFTER_DUE, ONE, 'undecided', true, false],
		[
			'undecided for ever, because it is not tracked',
			[filing('a', 'undecided', undefined, UNTRACKED)],
			AFTER_DUE,
			ONE,
			'undecided',
			false,
			false,
		],
		[
			'not tracked, and filed late',
			[filing('a', 'undecided', LATE_AT, UNTRACKED)],
			AFTER_DUE,
			ONE,
			'undecided',
			true,
			true,
		],
		['nothing, and it is not due', [], BEFORE_DUE, ONE, 'due later', false, false],
		['nothing, and it is due', [], AFTER_DUE, ONE, 'not filed', true, true],
		['too few', [filing('a', 'accepted')], AFTER_DUE, { ...ONE, atLeast: 2 }, 'not filed', true, true],
		[
			'two filings of one name are one file',
			[filing('a', 'accepted'), filing('a', 'accepted')],
			AFTER_DUE,
			{ ...ONE, atLeast: 2 },
			'not filed',
			true,
			true,
		],
		['rejected', [filing('a', 'rejected')], AFTER_DUE, ONE, 'rejected', true, true],
		['rejected, and it is not due', [filing('a', 'rejected')], BEFORE_DUE, ONE, 'rejected', true, false],
		['rejected in part', [filing('a', 'partiallyRejected')], AFTER_DUE, ONE, 'rejected', true, true],
		[
			'rejected, and accepted later',
			[filing('a', 'accepted', '2026-03-03T15:00:00Z'), filing('a', 'rejected')],
			AFTER_DUE,
			{ ...ONE, atMost: 1 },
			'accepted',
			false,
			false,
		],
		[
			'accepted, and rejected later',
			[filing('a', 'accepted'), filing('a', 'rejected', '2026-03-03T15:00:00Z')],
			AFTER_DUE,
			ONE,
			'rejected',
			true,
			true,
		],
		[
			'one rejected, one accepted',
			[filing('a', 'rejected'), filing('b', 'accepted', '2026-03-03T15:00:00Z')],
			AFTER_DUE,
			ONE,
			'rejected',
			true,
			false,
		],
		[
			'filed twice, where once was expected',
			[filing('a', 'accepted'), filing('a', 'undecided')],
			AFTER_DUE,
			{ ...ONE, atMost: 1 },
			'too many',
			true,
			false,
		],
		['too small', [filing('a', 'accepted', undefined, { size: 0 })], AFTER_DUE, ONE, 'too small', true, false],
		[
			'of a size that fileX does not say',
			[filing('a', 'accepted', undefined, { size: null })],
			AFTER_DUE,
			ONE,
			'accepted',
			false,
			false,
		],
		[
			'filed in time, and again late',
			[filing('a', 'undecided', LATE_AT), filing('a', 'accepted')],
			AFTER_DUE,
			ONE,
			'undecided',
			true,
			false,
		],
		[
			'at a time that fileX does not say, and it is due',
			[filing('a', 'accepted', null)],
			AFTER_DUE,
			ONE,
			'accepted',
			true,
			false,
		],
		[
			'at a time that fileX does not say, and it is not due',
			[filing('a', 'accepted', null)],
			BEFORE_DUE,
			ONE,
			'accepted',
			false,
			false,
		],
	])('%s', (_name, filings, now, quantity, status, isException, isLate) => {
		const verdict = judgeFilings(filings, 0, 'a*', at(now), quantity);
		expect(verdict).toMatchObject({ status, isException, isLate });
		expect(verdict.message).not.toMatch(/undefined|NaN|Infinity|null|\.$/);
	});

	it('say so in a sentence', () => {
		const said = (filings: FiledFile[], requested = 0) =>
			judgeFilings(filings, requested, 'a*', at(AFTER_DUE), ONE).message;
		expect(said([filing('a', 'accepted')])).toBe(
			"FINRA accepted 1 file of 'a*' for 2026-03-03, filed in time (due 2026-03-03 17:00 America/New_York)",
		);
		expect(said([filing('a', 'partiallyRejected')])).toBe(
			"FINRA rejected a part of 'a', and no later filing of that name is known. Submit a new file with only the corrected data",
		);
		expect(said([filing('a', 'rejected'), filing('b', 'rejected')])).toBe(
			"FINRA rejected 'a' and 1 more file, and no later filing of that name is known. Submit the whole file again",
		);
		expect(said([], 1)).toMatch(/1 upload of that name began, and no file has arrived by it$/);
		expect(said([filing('a', 'undecided', undefined, { downstreamStatus: 'HALF DONE' })])).toMatch(
			/FINRA has not decided on 'a': it says 'HALF DONE'$/,
		);
		expect(said([filing('a', 'undecided', undefined, UNTRACKED)])).toMatch(
			/What FINRA decided on it is not known: it is found in the archive only, .* and where tracking is not asked$/,
		);
		expect(said([filing('a', 'accepted', undefined, { filedAt: LATE_AT })])).toMatch(
			/filed 1 minute late .*\. The upload of 'a' was asked for at 2026-03-03 09:00 America\/New_York, and its archived copy is of 2026-03-03 17:00 America\/New_York$/,
		);
	});
});

describe('what was filed', () => {
	const space = { orgId: '0001', application: 'focus', subSpace: 'in' };
	const place = { space, archive: { ...space, subSpace: 'in_arcv' }, fits: (name: string) => name.startsWith('a') };
	const submission = (more: Partial<Submission>): Submission => ({
		trackingId: 'id',
		...space,
		fileName: 'a.zip',
		path: '0001/focus/in/a.zip',
		userName: 'demo',
		status: 'Received by FINRA',
		downstreamStatus: 'ACCEPTED',
		submittedAt: '2026-03-03T15:00:00.000Z',
		statusUpdatedAt: null,
		submissionTime: null,
		statusUpdateTime: null,
		size: 10,
		archiveFileName: null,
		archivePath: null,
		downloadable: true,
		...more,
	});
	const copy = (name: string, size = 10): RemoteFile => ({ name, size, lastModified: new Date(0) });
	const COPY = '20260303100001000_a.zip';
	const named = (name: string) => ({ archivePath: `0001/focus/in_arcv/${name}` });
	const facts = (submissions: Submission[], archived: RemoteFile[]) =>
		filedFiles({ submissions, archived }, place).map(({ trackingId, archivePath, submittedAt, size, decision }) => [
			trackingId,
			archivePath,
			submittedAt,
			size,
			decision,
		]);

	it('is one file, where tracking names the copy', () =>
		expect(facts([submission({ archivePath: `0001/focus/in_arcv/${COPY}` })], [copy(COPY)])).toEqual([
			['id', `0001/focus/in_arcv/${COPY}`, '2026-03-03T15:00:00.000Z', 10, 'accepted'],
		]));

	it.each<[string, Partial<Submission>, RemoteFile[], string | null]>([
		['of its copy, which came later than it was asked for', {}, [copy('20260303183000000_a.zip')], '23:30:00'],
		['of the copy that tracking names, where it is not listed', named('20260303183000000_a.zip'), [], '23:30:00'],
		['when it was asked for, where no copy is known', {}, [], '15:00:00'],
		['when it was asked for, where the name of the copy tells none', named('odd_a.zip'), [], '15:00:00'],
		['of its copy, where tracking tells none', { submittedAt: null, ...named(COPY) }, [], '15:00:01'],
		['not known, where nothing tells it', { submittedAt: null }, [], null],
	])('arrived at the time %s', (_name, more, archived, time) => {
		const [filed] = filedFiles({ submissions: [submission(more)], archived }, place);
		expect(filed!.filedAt).toBe(time && `2026-03-03T${time}.000Z`);
	});

	it('did not arrive before it was asked for, in the hour that clocks show twice', () => {
		const submittedAt = '2026-11-01T06:30:00.000Z';
		const [filed] = filedFiles(
			{ submissions: [submission({ submittedAt, ...named('20261101013000000_a.zip') })], archived: [] },
			place,
		);
		expect(filed!.filedAt).toBe(submittedAt);
	});

	it('is one file, where tracking names no copy and one came after it', () =>
		expect(facts([submission({ size: null })], [copy(COPY)])).toEqual([
			['id', `0001/focus/in_arcv/${COPY}`, '2026-03-03T15:00:00.000Z', 10, 'accepted'],
		]));

	it.each([
		['is of another size', copy(COPY, 11)],
		['came before', copy('20260303095900000_a.zip')],
	])('is two files, where the copy %s', (_name, other) =>
		expect(facts([submission({})], [other]).map(([trackingId, , , , decision]) => [trackingId, decision])).toEqual([
			['id', 'accepted'],
			[null, 'undecided'],
		]),
	);

	it('is found in the archive alone, with the time of its name', () =>
		expect(facts([], [copy(COPY), copy('20260303100001000_b.zip'), copy('a.zip')])).toEqual([
			[null, `0001/focus/in_arcv/${COPY}`, '2026-03-03T15:00:01.000Z', 10, 'undecided'],
		]));

	it.each([
		['of another application', { application: 'crd' }],
		['of another organization', { orgId: '0002' }],
		['of another sub-space', { subSpace: 'in2' }],
		['of another name', { fileName: 'b.zip' }],
		['without a name', { fileName: null }],
		['that has not arrived', { status: 'Request Received', downstreamStatus: null }],
	])('is none %s', (_name, more) => expect(facts([submission(more)], [])).toEqual([]));

	it('keeps its copies apart: each goes to one submission', () => {
		const [first, second] = ['20260303100001000_a.zip', '20260303110001000_a.zip'];
		const submissions = [
			submission({ trackingId: '2', submittedAt: '2026-03-03T16:00:00.000Z', downstreamStatus: 'RECEIVED' }),
			submission({ trackingId: '1', downstreamStatus: 'REJECTED' }),
		];
		expect(
			facts(submissions, [copy(second), copy(first)]).map(([id, path, , , decision]) => [id, path, decision]),
		).toEqual([
			['1', `0001/focus/in_arcv/${first}`, 'rejected'],
			['2', `0001/focus/in_arcv/${second}`, 'undecided'],
		]);
	});
});
