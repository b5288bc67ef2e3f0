import type { IAllExecuteFunctions, INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import {
	describeChange,
	inputError,
	isTracking,
	lookAtTracking,
	newestChangeFirst,
	shorten,
	submissionFilter,
	Tracking,
	TRACKING_EVENTS,
	watchSubmissions,
	type Account,
	type Change,
	type ColdStart,
	type SubmissionFilter,
	type Tracked,
	type TrackingCursor,
	type TrackingEvent,
	type TrackingRules,
} from '../../filex';
import { accountOf } from '../shared/context';
import { n8nFileXHttp } from '../shared/http';
import { numberOf } from '../shared/parameters';
import { runPoll, runTest, SAMPLE } from '../shared/poll';
import { checkPlaces } from '../shared/submission-options';
import { nothingThere } from './nothing-there';

interface TriggerOptions extends Pick<SubmissionFilter, 'orgId' | 'application' | 'subSpace' | 'namePattern' | 'userName'> {
	submissionsPerPoll?: number;
}

/** One scheduled poll. */
export async function poll(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	return await runPoll<TrackingCursor>(context, async () => {
		const { account, rules } = await settings(context);
		return {
			isArmed: (cursor) => isTracking(cursor, rules),
			look: async (previous, signal) => {
				const { submissions, now } = await look(context, account, signal);
				const { fresh, cursor } = watchSubmissions(submissions, previous, { ...rules, now });
				return { items: fresh.map(toItem), cursor };
			},
		};
	});
}

/** A manual test: the newest changes there are. */
export async function showNewest(context: IPollFunctions): Promise<INodeExecutionData[][]> {
	return await runTest(context, async (signal) => {
		const { account, rules } = await settings(context);
		const { submissions, now } = await look(context, account, signal);
		const { fresh } = watchSubmissions(submissions, undefined, { ...rules, now, coldStart: 'existing', limit: Infinity });
		if (fresh.length === 0) throw nothingThere(submissions.length, submissions.filter(rules.accepts).length);
		return fresh.sort(newestChangeFirst).slice(0, Math.min(SAMPLE, rules.limit)).map(toItem);
	});
}

async function settings(context: IPollFunctions): Promise<{ account: Account; rules: Omit<TrackingRules, 'now'> }> {
	const account = await accountOf(context);
	const options = context.getNodeParameter('options', {}) as TriggerOptions;
	const events = eventsOf(context);
	const rules = {
		host: account.endpoints.rest,
		// Another account may see other submissions.
		scope: `tracking:${account.username}`,
		coldStart: context.getNodeParameter('coldStart') as ColdStart,
		accepts: submissionFilter(checkPlaces(options)),
		events,
		overdueHours: events.has('overdue') ? overdueHours(context) : Infinity,
		limit: numberOf('Submissions per Poll', options.submissionsPerPoll ?? 100, 'number of submissions', 1),
	};
	return { account, rules };
}

function eventsOf(context: IPollFunctions): Set<TrackingEvent> {
	const events = [context.getNodeParameter('events')].flat() as TrackingEvent[];
	const unknown = events.find((event) => !TRACKING_EVENTS.includes(event));
	if (events.length > 0 && unknown === undefined) return new Set(events);
	throw inputError(
		'Fire On',
		unknown === undefined ? "'Fire On' is empty" : `'Fire On' holds '${shorten(String(unknown))}', which is no event`,
		`Choose at least one. In an expression they are called ${TRACKING_EVENTS.join(', ')}.`,
	);
}

function overdueHours(context: IPollFunctions): number {
	const value: unknown = context.getNodeParameter('overdueAfter', 24);
	const hours = Number(value);
	if (hours > 0 && Number.isFinite(hours)) return hours;
	throw inputError(
		'Overdue After (Hours)',
		`'Overdue After (Hours)' must be a number of hours, more than 0, but it is '${shorten(String(value))}'`,
		'Enter e.g. 24.',
	);
}

async function look(context: IPollFunctions, account: Account, signal: AbortSignal): Promise<Tracked> {
	const http = n8nFileXHttp(context as IAllExecuteFunctions);
	return await lookAtTracking(new Tracking(account.endpoints.rest, http, signal), signal);
}

function toItem(change: Change): INodeExecutionData {
	return { json: describeChange(change) };
}
