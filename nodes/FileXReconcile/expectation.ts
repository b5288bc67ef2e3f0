import type { IExecuteFunctions } from 'n8n-workflow';
import {
	type Account,
	type BusinessDate,
	BusinessDays,
	type CalendarDay,
	checkTimeZone,
	datedPattern,
	dayOf,
	type Direction,
	type Expectation,
	inputError,
	isArchive,
	isCalendarDay,
	readClosedDays,
	readTimeOfDay,
	type SpacePath,
	subSpaceFacts,
} from '../../filex';
import { organization, spacePathOf } from '../shared/context';
import type { Parameters } from '../shared/parameters';
import { parametersOf } from './fields';

/** What an input item expects, and how its sub-space is looked at. */
export interface ReadExpectation extends Expectation {
	/** By which it is judged, ISO 8601. */
	checkedAt: string;
	reportsUnexpected: boolean;
}

/**
 * @param now ms, where the item does not say by when it is judged
 * @throws FileXError `input`
 */
export function readExpectation(
	context: IExecuteFunctions,
	account: Account,
	itemIndex: number,
	now: number,
): ReadExpectation {
	const parameters = parametersOf(context, itemIndex);
	const { options } = parameters;
	const timeZone = checkTimeZone(options.text('timeZone'), options.label('timeZone'));
	const asOf = options.instant('asOf');
	if (asOf !== undefined) checkYear(options, 'asOf', dayOf(asOf, timeZone));
	const direction = parameters.choice<Direction>('direction');
	return {
		direction,
		space: spaceOf(parameters, account, direction),
		pattern: datedPattern(parameters.text('namePattern'), parameters.label('namePattern')),
		timing: {
			businessDate: businessDateOf(parameters, timeZone),
			dueTime: readTimeOfDay(parameters.text('dueTime'), parameters.label('dueTime')),
			timeZone,
			calendar: calendarOf(options),
			now: asOf ?? now,
			countFrom: options.instant('countSince'),
			countUntil: asOf,
		},
		quantity: quantityOf(options),
		withoutTracking: options.flag('withoutTracking'),
		checkedAt: new Date(asOf ?? now).toISOString(),
		reportsUnexpected: direction === 'delivered' && options.flag('unexpectedFiles'),
	};
}

function spaceOf(parameters: Parameters, account: Account, direction: Direction): SpacePath {
	const space = spacePathOf(organization(account, parameters), parameters);
	const field = parameters.label('subSpace');
	if (direction === 'delivered') {
		if (subSpaceFacts(space.application, space.subSpace)?.action !== 'Upload') return space;
		throw inputError(
			field,
			`'${field}' is '${space.subSpace}', an upload sub-space: FINRA delivers nothing there`,
			`Choose a download sub-space, or set '${parameters.label('direction')}' to 'We File'.`,
		);
	}
	if (!isArchive(space.subSpace)) return space;
	throw inputError(
		field,
		`'${field}' is '${space.subSpace}', which is an archive`,
		'Choose the sub-space that the files are uploaded to: its archive is looked at as well.',
	);
}

function businessDateOf(parameters: Parameters, timeZone: string): BusinessDate {
	const kind = parameters.choice<BusinessDate['kind']>('businessDate');
	const { options } = parameters;
	const daysUntilDue = (unless: number) =>
		options.has('daysUntilDue') ? options.number('daysUntilDue', 'number of business days') : unless;
	switch (kind) {
		case 'sameDay':
			return { kind };
		case 'previousDay':
			return { kind, daysUntilDue: daysUntilDue(1) };
		case 'given':
			return { kind, day: givenDay(parameters, timeZone), daysUntilDue: daysUntilDue(0) };
	}
}

function givenDay(parameters: Parameters, timeZone: string): CalendarDay {
	const day = parameters.day('date', timeZone);
	if (day !== undefined) return day;
	const field = parameters.label('date');
	throw inputError(field, `'${field}' is empty`, 'Enter the business date, e.g. 2026-03-31.');
}

function calendarOf(options: Parameters): BusinessDays {
	const closedField = options.label('extraClosedDays');
	return new BusinessDays({
		observesTradingHolidays: options.flag('observeTradingHolidays'),
		closed: readClosedDays(options.text('extraClosedDays'), closedField),
		closedField,
	});
}

function quantityOf(options: Parameters): Expectation['quantity'] {
	const atLeast = options.number('atLeast', 'number of files');
	const atMost = options.has('atMost') ? options.number('atMost', 'number of files') : Infinity;
	const field = options.label('atMost');
	if (atMost < atLeast)
		throw inputError(
			field,
			`'${field}' is ${atMost}, which is less than '${options.label('atLeast')}' (${atLeast})`,
			'Raise it, or remove the option.',
		);
	return { atLeast, atMost, smallestSize: options.number('smallestSize', 'number of bytes') };
}

function checkYear(options: Parameters, name: string, day: string): void {
	const field = options.label(name);
	if (isCalendarDay(day)) return;
	throw inputError(
		field,
		`'${field}' is in ${day.slice(0, 4)}, and not from 1990 to 2199`,
		'Check what the expression returns.',
	);
}
