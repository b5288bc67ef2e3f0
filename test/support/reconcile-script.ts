import type { DateTime as Moment } from 'luxon';
import { DateTime } from './luxon';
import { NYSE_CLOSINGS } from './nyse-closings';
import { Random } from './random';

/*
 * A year of files that come, or do not, as dice decide, and of what must be said of them. It knows nothing of the code that
 * is tested: its calendar is a table written by hand, its time zones are Luxon's, and what must be said follows from what
 * the dice decided, not from what lies at fileX.
 */

export const YEAR = 2026;

const EASTERN = 'America/New_York';
const MINUTE = 60_000;

/** What an input item says of one expectation; empty texts and null mean the node's defaults. */
export interface ExpectationItem {
	id: number;
	direction: 'delivered' | 'filed';
	application: string;
	subSpace: string;
	pattern: string;
	businessDate: 'sameDay' | 'previousDay';
	dueTime: string;
	timeZone: string;
	atLeast: number | null;
	atMost: number | null;
	smallestSize: number | null;
}

/** What a rule tells Reconcile; the rest is the script's own. */
const ITEM_FIELDS = [
	'id',
	'direction',
	'application',
	'subSpace',
	'pattern',
	'businessDate',
	'dueTime',
	'timeZone',
	'atLeast',
	'atMost',
	'smallestSize',
] as const satisfies ReadonlyArray<keyof ExpectationItem>;

interface Rule extends ExpectationItem {
	/** The name of a file of a day, as FINRA or the firm would write it. */
	nameOf(day: Moment, number: number): string;
	/** Earliest and latest minute of an arrival in time, before the due time. */
	early: [from: number, to: number];
	/** The same of a late one, after the due time; undefined where none can be told from the next day's. */
	late?: [from: number, to: number];
	kinds: ReadonlyArray<{ kind: Kind; weight: number }>;
	/** Over which the firm files; tracking knows uploads over REST only. */
	isTracked: boolean;
}

type Kind =
	| 'inTime'
	| 'onTheDot'
	| 'late'
	| 'hole'
	| 'double'
	| 'tooSmall'
	| 'half'
	| 'accepted'
	| 'undecided'
	| 'rejected'
	| 'refiled'
	| 'partly'
	| 'requestedOnly';

/** Something that happens at fileX. All times are in ms. */
export interface Happening {
	at: number;
	rule: number;
	path: string[];
	what: 'deliver' | 'file' | 'request' | 'accept' | 'reject' | 'rejectPartly';
	size: number;
	/** Which request of the rule and day a filing, or a decision, is about. */
	key: string;
}

/** What must be said of an expectation at a moment. */
export interface Said {
	status: string;
	isException: boolean;
	isLate: boolean;
	lateByMinutes: number;
	count: number;
	businessDate: string | null;
	dueAt: string | null;
}

interface Plan {
	kind: Kind;
	dueAt: number;
	/** When files come, in ms, in order. */
	comes: number[];
	/** When FINRA decides on each of them; Infinity where it never does. */
	decided: number[];
}

const DELIVERY: Rule['kinds'] = [
	{ kind: 'inTime', weight: 60 },
	{ kind: 'onTheDot', weight: 4 },
	{ kind: 'late', weight: 10 },
	{ kind: 'hole', weight: 10 },
	{ kind: 'double', weight: 8 },
	{ kind: 'tooSmall', weight: 8 },
];
const FILING: Rule['kinds'] = [
	{ kind: 'accepted', weight: 50 },
	{ kind: 'late', weight: 8 },
	{ kind: 'undecided', weight: 8 },
	{ kind: 'rejected', weight: 8 },
	{ kind: 'refiled', weight: 8 },
	{ kind: 'partly', weight: 4 },
	{ kind: 'double', weight: 6 },
	{ kind: 'tooSmall', weight: 4 },
	{ kind: 'hole', weight: 6 },
	{ kind: 'requestedOnly', weight: 4 },
];
const only = (kinds: Rule['kinds'], ...names: Kind[]) => kinds.filter(({ kind }) => names.includes(kind));

function rules(): Rule[] {
	const made: Rule[] = [];
	const add = (rule: Partial<Rule> & Pick<Rule, 'pattern' | 'nameOf'>) =>
		made.push({
			id: made.length,
			direction: 'delivered',
			application: 'crd',
			subSpace: 'reports',
			businessDate: 'sameDay',
			dueTime: '17:00',
			timeZone: EASTERN,
			atLeast: null,
			atMost: 1,
			smallestSize: null,
			early: [1, 8 * 60],
			late: [1, 6 * 60],
			kinds: DELIVERY,
			isTracked: true,
			...rule,
		});
	const places = [
		['crd', 'reports'],
		['crd', 'results'],
		['focus', 'out'],
		['adv', 'out'],
	] as const;
	// Of the day itself, with a date in the name, as various hands write it.
	const formats = ['yyyyMMdd', 'yyyy-MM-dd', 'ddMMMyy', 'MMdd', 'yyyyooo', 'MMMM_d', 'yyMMdd'];
	for (const [index, format] of formats.entries()) {
		const [application, subSpace] = places[index % places.length]!;
		const dueTime = ['17:00', '09:30', '5:45 PM', '12:00', '24:00', '16:15:30', '06:00'][index]!;
		add({
			application,
			subSpace,
			pattern: `s${index}_{${format}}_*.csv`,
			dueTime,
			early: [1, dueTime === '06:00' ? 5 * 60 : 8 * 60],
			late: dueTime === '24:00' ? [1, 6 * 60] : [1, 5 * 60],
			atMost: index % 2 === 0 ? 1 : null,
			smallestSize: index === 3 ? 1000 : null,
			nameOf: (day, number) => `s${index}_${day.setLocale('en-US').toFormat(format)}_${number}.csv`,
		});
	}
	// Two files each day, one of them is not enough.
	add({
		pattern: 'pair_{yyyyMMdd}_{a,b}.zip',
		atLeast: 2,
		atMost: 2,
		kinds: [
			{ kind: 'inTime', weight: 60 },
			{ kind: 'half', weight: 20 },
			{ kind: 'late', weight: 10 },
			{ kind: 'hole', weight: 10 },
		],
		nameOf: (day, number) => `pair_${day.toFormat('yyyyMMdd')}_${'ab'[number]}.zip`,
	});
	// Of the day before: they come overnight, over weekends, and in the nights in which clocks are changed.
	for (const [index, [application, subSpace]] of places.entries())
		add({
			application,
			subSpace,
			businessDate: 'previousDay',
			dueTime: ['09:00', '07:30', '08:00 AM', '10:00'][index]!,
			pattern: `n${index}_{yyyyMMdd}*.csv`,
			// From the evening of the business day on, as far back as a long weekend: decided for each day.
			early: [1, 0],
			late: [1, 5 * 60],
			nameOf: (day, number) => `n${index}_${day.toFormat('yyyyMMdd')}${number}.csv`,
		});
	// Without a date in the name: the time alone tells the days apart. The first is replaced each day.
	add({
		pattern: 'daily.csv',
		early: [1, 16 * 60],
		kinds: only(DELIVERY, 'inTime', 'onTheDot', 'late', 'hole', 'tooSmall'),
		nameOf: () => 'daily.csv',
	});
	add({
		pattern: 'nightly_*.csv',
		businessDate: 'previousDay',
		dueTime: '09:00',
		early: [1, 0],
		// A late file cannot be told from one of the next day: there is none, and files come after the day's last check.
		late: undefined,
		kinds: only(DELIVERY, 'inTime', 'hole', 'double'),
		nameOf: (day, number) => `nightly_${day.toMillis().toString(36)}${number}.csv`,
	});
	// Elsewhere clocks change on business days: in Jerusalem on a Friday at 02:00, in Cairo at midnight.
	add({
		pattern: 'jlm_{yyyyMMdd}_*.csv',
		timeZone: 'Asia/Jerusalem',
		dueTime: '02:30',
		early: [1, 150],
		late: [1, 6 * 60],
		nameOf: (day, number) => `jlm_${day.toFormat('yyyyMMdd')}_${number}.csv`,
	});
	add({
		pattern: 'cai_{yyyyMMdd}_*.csv',
		timeZone: 'Africa/Cairo',
		dueTime: '00:30',
		early: [1, 20],
		late: [1, 6 * 60],
		nameOf: (day, number) => `cai_${day.toFormat('yyyyMMdd')}_${number}.csv`,
	});
	// What the firm files, over REST and over SFTP.
	for (const dueTime of ['17:00', '11:00'])
		add({
			direction: 'filed',
			application: 'focus',
			subSpace: 'in',
			pattern: `focus${dueTime.slice(0, 2)}_{yyyyMMdd}.zip`,
			dueTime,
			early: [2, 3 * 60],
			late: [1, 4 * 60],
			kinds: FILING,
			nameOf: (day) => `focus${dueTime.slice(0, 2)}_${day.toFormat('yyyyMMdd')}.zip`,
		});
	add({
		direction: 'filed',
		application: 'crd',
		subSpace: 'incoming_filings',
		pattern: 'u4_{yyyyMMdd}.zip',
		early: [2, 8 * 60],
		late: [1, 5 * 60],
		kinds: only(FILING, 'undecided', 'late', 'double', 'tooSmall', 'hole'),
		isTracked: false,
		nameOf: (day) => `u4_${day.toFormat('yyyyMMdd')}.zip`,
	});
	add({
		direction: 'filed',
		application: 'adv',
		subSpace: 'in',
		businessDate: 'previousDay',
		dueTime: '12:00',
		pattern: 'adv_{yyyy-MM-dd}.zip',
		early: [2, 3 * 60],
		late: [1, 4 * 60],
		kinds: FILING,
		nameOf: (day) => `adv_${day.toFormat('yyyy-MM-dd')}.zip`,
	});
	return made;
}

/** Whether the New York Stock Exchange is open, by the table. */
function isOpen(day: Moment): boolean {
	return day.weekday < 6 && !NYSE_CLOSINGS[day.year]!.includes(day.toFormat('MM-dd'));
}

function businessDayBefore(day: Moment): Moment {
	for (let at = day.minus({ days: 1 }); ; at = at.minus({ days: 1 })) if (isOpen(at)) return at;
}

/** When a clock shows a time of a day. */
function clockTime(day: Moment, text: string): number {
	const [, hour, minute, second = '0', half] = /^(\d+):(\d+)(?::(\d+))? ?([AP]M)?$/.exec(text)!;
	const hours = (Number(hour) % (half ? 12 : 25)) + (half === 'PM' ? 12 : 0);
	const from = hours === 24 ? day.plus({ days: 1 }) : day;
	return from.set({ hour: hours % 24, minute: Number(minute), second: Number(second) }).toMillis();
}

export class ReconcileScript {
	readonly rules = rules();
	readonly happenings: Happening[] = [];
	/** By rule and due day. */
	private readonly plans = new Map<string, Plan>();
	private readonly random: Random;

	constructor(seed: number) {
		this.random = new Random(seed);
		for (const rule of this.rules) this.planYear(rule);
		this.happenings.sort((a, b) => a.at - b.at);
	}

	/** How often each fate was drawn. */
	get kinds(): Record<string, number> {
		const counts: Record<string, number> = {};
		for (const { kind } of this.plans.values()) counts[kind] = (counts[kind] ?? 0) + 1;
		return counts;
	}

	/** How many files came in a night in which clocks were changed. */
	get inChangedNights(): number {
		return this.happenings.filter(({ at, rule, what }) => {
			const local = DateTime.fromMillis(at, { zone: this.rules[rule]!.timeZone });
			return what === 'deliver' && local.hour < 4 && changesClocks(local);
		}).length;
	}

	/** The items that Reconcile gets. */
	items(): ExpectationItem[] {
		return this.rules.map(
			(rule) => Object.fromEntries(ITEM_FIELDS.map((name) => [name, rule[name]])) as unknown as ExpectationItem,
		);
	}

	/** What must be said of a rule at a moment. */
	said({ id, timeZone, businessDate, direction, isTracked }: Rule, now: number): Said {
		const today = DateTime.fromMillis(now, { zone: timeZone }).startOf('day');
		const plan = this.plans.get(`${id} ${today.toISODate()}`);
		if (!plan)
			return {
				status: 'not a business day',
				isException: false,
				isLate: false,
				lateByMinutes: 0,
				count: 0,
				businessDate: null,
				dueAt: null,
			};
		const date = businessDate === 'sameDay' ? today : businessDayBefore(today);
		return {
			...(direction === 'delivered' ? saidOfDelivery(plan, now, this.rules[id]!) : saidOfFiling(plan, now, isTracked)),
			businessDate: date.toISODate(),
			dueAt: new Date(plan.dueAt).toISOString(),
		};
	}

	private planYear(rule: Rule): void {
		const first = DateTime.fromObject({ year: YEAR, month: 1, day: 1 }, { zone: rule.timeZone });
		for (let day = first; day.year === YEAR; day = day.plus({ days: 1 })) if (isOpen(day)) this.planDay(rule, day);
	}

	/** @param day on which the files are due */
	private planDay(rule: Rule, day: Moment): void {
		const { random } = this;
		const { kind } = random.weighed(rule.kinds);
		const dueAt = clockTime(day, rule.dueTime);
		const date = rule.businessDate === 'sameDay' ? day : businessDayBefore(day);
		const key = `${rule.id} ${day.toISODate()}`;
		// FINRA's clock and ours are never so close that rounding up to minutes could tell another one.
		const moment = ([from, to]: [number, number]) => (random.between(from, to - 1) + 0.5) * MINUTE;
		const early = () => dueAt - moment(this.earlyOf(rule, day, dueAt));
		const late = () => dueAt + moment(rule.late!);
		const comes = ((): number[] => {
			switch (kind) {
				case 'hole':
				case 'requestedOnly':
					return [];
				case 'onTheDot':
					return [dueAt];
				case 'late':
					return rule.atLeast === 2 ? [early(), late()] : [late()];
				case 'double':
				case 'refiled':
					return [early(), rule.late && random.chance(0.5) ? late() : early()].sort((a, b) => a - b);
				case 'inTime':
					return rule.atLeast === 2 ? [early(), early()].sort((a, b) => a - b) : [early()];
				default:
					return [early()];
			}
		})();
		const decided = comes.map((at, index) => {
			if (kind === 'undecided' || rule.direction === 'delivered' || !rule.isTracked) return Infinity;
			// The first of two filings is rejected before the second is made.
			if (kind === 'refiled' && index === 0) return at + (comes[1]! - at) / 2;
			return at + random.between(1, 90) * MINUTE;
		});
		this.plans.set(key, { kind, dueAt, comes, decided });
		const name = (number: number) => [`0001`, rule.application, rule.subSpace, rule.nameOf(date, number)];
		if (kind === 'requestedOnly')
			this.happenings.push({ at: early(), rule: rule.id, path: name(0), what: 'request', size: 0, key });
		for (const [index, at] of comes.entries()) {
			const size = kind === 'tooSmall' ? random.between(0, (rule.smallestSize ?? 1) - 1) : random.between(1000, 1100);
			const what = rule.direction === 'delivered' ? 'deliver' : 'file';
			this.happenings.push({ at, rule: rule.id, path: name(index), what, size, key: `${key} ${index}` });
			if (decided[index] === Infinity) continue;
			const isLast = index === comes.length - 1;
			const decision =
				kind === 'partly'
					? 'rejectPartly'
					: kind === 'rejected' || (kind === 'refiled' && !isLast)
						? 'reject'
						: 'accept';
			this.happenings.push({
				at: decided[index]!,
				rule: rule.id,
				path: [],
				what: decision,
				size: 0,
				key: `${key} ${index}`,
			});
		}
	}

	/** Of what comes overnight: from an hour after the last due time on, so that it is no late file of the day before. */
	private earlyOf(rule: Rule, day: Moment, dueAt: number): [number, number] {
		if (rule.early[1] > 0) return rule.early;
		const begin = clockTime(businessDayBefore(day), rule.late ? '18:00' : '23:30');
		// Half of the files of a Monday come in the night of Sunday, and all of them where clocks change in it.
		const sunday = clockTime(day.minus({ days: 1 }), '00:45');
		const night = clockTime(day.minus({ days: 1 }), '04:00');
		if (day.weekday === 1 && (changesClocks(day.minus({ days: 1 })) || this.random.chance(0.5)))
			return [Math.ceil((dueAt - night) / MINUTE), Math.floor((dueAt - sunday) / MINUTE)];
		return [1, Math.floor((dueAt - begin) / MINUTE)];
	}
}

function changesClocks(day: Moment): boolean {
	return day.startOf('day').offset !== day.endOf('day').offset;
}

const minutesLate = (dueAt: number, at: number) => Math.ceil((at - dueAt) / MINUTE);

/** Nothing that would do is there yet. */
function waiting(dueAt: number, now: number): Pick<Said, 'isLate' | 'lateByMinutes'> {
	return { isLate: now >= dueAt, lateByMinutes: now >= dueAt ? minutesLate(dueAt, now) : 0 };
}

function since(dueAt: number, at: number): Pick<Said, 'isLate' | 'lateByMinutes'> {
	return { isLate: at > dueAt, lateByMinutes: at > dueAt ? minutesLate(dueAt, at) : 0 };
}

function saidOfDelivery(
	{ kind, dueAt, comes }: Plan,
	now: number,
	{ atLeast, atMost }: Rule,
): Omit<Said, 'businessDate' | 'dueAt'> {
	const there = comes.filter((at) => at <= now);
	const count = there.length;
	if (kind === 'tooSmall' && count > 0)
		return { status: 'too small', isException: true, ...waiting(dueAt, now), count };
	const wanted = atLeast ?? 1;
	if (count < wanted) {
		const status = now < dueAt ? 'due later' : 'missing';
		return { status, isException: status === 'missing', ...waiting(dueAt, now), count };
	}
	const late = since(dueAt, there[wanted - 1]!);
	if (count > (atMost ?? Infinity)) return { status: 'too many', isException: true, ...late, count };
	return { status: late.isLate ? 'late' : 'arrived', isException: late.isLate, ...late, count };
}

function saidOfFiling(
	{ kind, dueAt, comes, decided }: Plan,
	now: number,
	isTracked: boolean,
): Omit<Said, 'businessDate' | 'dueAt'> {
	const there = comes.filter((at) => at <= now);
	const known = decided.filter((at) => at <= now).length;
	const isRejected = (index: number) =>
		(['rejected', 'partly'].includes(kind) || (kind === 'refiled' && index === 0)) && index < known;
	const standing = there.filter((_, index) => !isRejected(index));
	const count = standing.length;
	if (there.length > 0 && isRejected(there.length - 1))
		return { status: 'rejected', isException: true, ...waiting(dueAt, now), count };
	if (count === 0) {
		const status = now < dueAt ? 'due later' : 'not filed';
		return { status, isException: status === 'not filed', ...waiting(dueAt, now), count };
	}
	const late = since(dueAt, standing[0]!);
	if (count > 1) return { status: 'too many', isException: true, ...late, count };
	if (kind === 'tooSmall') return { status: 'too small', isException: true, ...late, count };
	if (decided[there.length - 1]! <= now) return { status: 'accepted', isException: late.isLate, ...late, count };
	return { status: 'undecided', isException: late.isLate || (isTracked && now >= dueAt), ...late, count };
}

/** The moments of a day at which is checked: in the morning, right at the close, and late; on closed days once. */
export function checksOf(year: number): number[] {
	const checks: number[] = [];
	const first = DateTime.fromObject({ year, month: 1, day: 1 }, { zone: EASTERN });
	for (let day = first; day.year === year; day = day.plus({ days: 1 }))
		for (const time of isOpen(day) ? ['08:10', '17:00', '23:20'] : ['12:00']) checks.push(clockTime(day, time));
	return checks;
}
