import type { IAllExecuteFunctions, INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import {
	type Account,
	type Change,
	type ColdStart,
	describeChange,
	isTrackingArmed,
	lookAtTracking,
	newestChangeFirst,
	submissionFilter,
	type Tracked,
	Tracking,
	type TrackingCursor,
	type TrackingEvent,
	type TrackingRules,
	watchSubmissions,
} from '../../filex';
import { accountOf } from '../shared/context';
import { n8nFileXHttp } from '../shared/http';
import { type Parameters, triggerParameters } from '../shared/parameters';
import { SAMPLE, type Watcher } from '../shared/run-poll';
import { checkLeadingZeros, placesOf } from '../shared/submission-options';
import { triggerProperties } from './fields';
import { nothingThere } from './nothing-there';

/** Watches fileX's tracking for changes of submissions. */
export async function trackingWatcher(context: IPollFunctions): Promise<Watcher<TrackingCursor>> {
	const { account, orgId, rules } = await settings(context);
	const track = async (signal: AbortSignal) => {
		const tracked = await look(context, account, signal);
		checkLeadingZeros(orgId, tracked.submissions);
		return tracked;
	};
	return {
		isArmed: (cursor) => isTrackingArmed(cursor, rules),
		async look(previous, signal) {
			const { submissions, ...time } = await track(signal);
			const { fresh, cursor, before } = watchSubmissions(submissions, previous, { ...rules, ...time });
			return { items: fresh.map(toItem), cursor, before };
		},
		async newest(signal) {
			const { submissions, now } = await track(signal);
			const all = { ...rules, now, coldStart: 'existing' as const, limit: Infinity };
			const { fresh } = watchSubmissions(submissions, undefined, all);
			if (fresh.length === 0) throw nothingThere(submissions.length, submissions.filter(rules.accepts).length);
			return fresh.sort(newestChangeFirst).slice(0, Math.min(SAMPLE, rules.limit)).map(toItem);
		},
	};
}

interface Settings {
	account: Account;
	/** Of which organization; all where absent. */
	orgId?: string;
	rules: Omit<TrackingRules, 'now'>;
}

async function settings(context: IPollFunctions): Promise<Settings> {
	const account = await accountOf(context);
	const parameters = triggerParameters(context, triggerProperties);
	const { options } = parameters;
	const places = placesOf(options);
	const events = new Set(parameters.list<TrackingEvent>('events', 'event'));
	const rules = {
		host: account.endpoints.rest,
		// Another account may see other submissions.
		scope: `tracking:${account.username}`,
		coldStart: parameters.choice<ColdStart>('coldStart'),
		accepts: submissionFilter({
			...places,
			namePattern: options.text('namePattern'),
			userName: options.text('userName'),
		}),
		events,
		overdueHours: overdueHours(events, parameters),
		limit: options.number('submissionsPerPoll', 'number of submissions'),
	};
	return { account, orgId: places.orgId, rules };
}

function overdueHours(events: Set<TrackingEvent>, parameters: Parameters): number {
	return events.has('overdue') ? parameters.number('overdueAfter', 'number of hours') : Infinity;
}

async function look(
	context: IPollFunctions,
	account: Account,
	signal: AbortSignal,
): Promise<Tracked & Pick<TrackingRules, 'clockLead'>> {
	const tracking = new Tracking(account.endpoints.rest, n8nFileXHttp(context as IAllExecuteFunctions), signal);
	let clockLead = NaN;
	const timed = {
		snapshot: async () => {
			const snapshot = await tracking.snapshot();
			clockLead = snapshot.at - Date.now();
			return snapshot;
		},
	};
	const seen = await lookAtTracking(timed, signal);
	return { ...seen, clockLead };
}

function toItem(change: Change): INodeExecutionData {
	return { json: describeChange(change) };
}
