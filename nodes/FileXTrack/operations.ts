import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import {
	checkTrackingId,
	notReached,
	selectSubmissions,
	Tracking,
	waitForSubmission,
	type SubmissionFilter,
	type WantedState,
} from '../../filex';
import { n8nFileXHttp } from '../shared/http';
import { limited } from '../shared/limit';
import type { Parameters } from '../shared/parameters';
import type { OutputItem, Step } from '../shared/router';
import { checkLeadingZeros, placesOf } from '../shared/submission-options';
import { parametersOf } from './fields';

export type OperationName = keyof typeof OPERATIONS;

export const OPERATIONS = { get, getAll, wait };

/** Items at a time. */
export const AT_A_TIME: Record<OperationName, number> = { get: 4, getAll: 1, wait: 10 };

/** The output of submissions that are not where they were waited for. */
const NOT_REACHED = 1;

async function get(context: IExecuteFunctions, step: Step): Promise<OutputItem[]> {
	const tracking = trackingOf(context, step);
	const trackingId = trackingIdOf(context, step);
	if (wantsXml(context, step)) return [{ record: { trackingId, xml: await tracking.raw(trackingId) } }];
	return [{ record: await tracking.get(trackingId) }];
}

async function getAll(context: IExecuteFunctions, step: Step): Promise<OutputItem[]> {
	const tracking = trackingOf(context, step);
	if (wantsXml(context, step)) return [{ record: { xml: await tracking.raw() } }];
	const parameters = parametersOf(context, step.itemIndex);
	const filter = filterOf(parameters.options);
	const all = await tracking.all();
	checkLeadingZeros(filter.orgId, all);
	return limited(parameters, selectSubmissions(all, filter)).map((record) => ({ record }));
}

/** @param started when the node's run began, by the machine's clock: from then on the time limit counts */
async function wait(context: IExecuteFunctions, step: Step, started: number): Promise<OutputItem[]> {
	const tracking = trackingOf(context, step);
	const trackingId = trackingIdOf(context, step);
	const parameters = parametersOf(context, step.itemIndex);
	const wanted = parameters.choice<WantedState>('waitFor');
	const whenTimeIsUp = parameters.choice<'fail' | 'output'>('whenTimeIsUp');
	const until = started + parameters.number('timeLimit', 'number of minutes') * 60_000;
	const result = await waitForSubmission(async () => await tracking.get(trackingId), {
		wanted,
		until,
		signal: step.signal,
	});
	const { outcome } = result;
	if (outcome === 'reached') return [{ record: { ...result.submission, outcome } }];
	const failure = notReached(trackingId, wanted, result);
	if (whenTimeIsUp === 'fail') throw failure;
	const seen: IDataObject = result.submission ?? { trackingId };
	return [{ record: { ...seen, outcome, reason: failure.message }, output: NOT_REACHED }];
}

function trackingOf(context: IExecuteFunctions, { account, signal }: Step): Tracking {
	return new Tracking(account.endpoints.rest, n8nFileXHttp(context), signal);
}

function trackingIdOf(context: IExecuteFunctions, { itemIndex }: Step): string {
	return checkTrackingId(parametersOf(context, itemIndex).text('trackingId'));
}

function wantsXml(context: IExecuteFunctions, { itemIndex }: Step): boolean {
	return parametersOf(context, itemIndex).choice<'fields' | 'xml'>('output') === 'xml';
}

function filterOf(options: Parameters): SubmissionFilter {
	return {
		...placesOf(options),
		namePattern: options.text('namePattern'),
		userName: options.text('userName'),
		// What it shows first when it is added is no default: not added, it leaves nothing out.
		status: options.has('status') ? options.choice<'received' | 'requested'>('status') : '',
		downstream: options.list('downstream', 'decision'),
		submittedAfter: options.instant('submittedAfter'),
		submittedBefore: options.instant('submittedBefore'),
	};
}
