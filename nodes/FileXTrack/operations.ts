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
import { instant, limited, numberOf } from '../shared/parameters';
import type { OutputItem, Step } from '../shared/router';
import { checkPlaces } from '../shared/submission-options';

interface TrackOptions extends Omit<SubmissionFilter, 'submittedAfter' | 'submittedBefore'> {
	submittedAfter?: string;
	submittedBefore?: string;
}

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
	const filter = filterOf(context, step);
	const found = selectSubmissions(await tracking.all(), filter);
	return limited(context, step.itemIndex, found).map((record) => ({ record }));
}

/** @param started when the node's run began, by the machine's clock: from then on the time limit counts */
async function wait(context: IExecuteFunctions, step: Step, started: number): Promise<OutputItem[]> {
	const tracking = trackingOf(context, step);
	const trackingId = trackingIdOf(context, step);
	const wanted = context.getNodeParameter('waitFor', step.itemIndex) as WantedState;
	const until = started + timeLimitOf(context, step);
	const result = await waitForSubmission(async () => await tracking.get(trackingId), { wanted, until, signal: step.signal });
	const { outcome } = result;
	if (outcome === 'reached') return [{ record: { ...result.submission, outcome } }];
	const failure = notReached(trackingId, wanted, result);
	if (context.getNodeParameter('whenTimeIsUp', step.itemIndex, 'fail') === 'fail') throw failure;
	const seen: IDataObject = result.submission ?? { trackingId };
	return [{ record: { ...seen, outcome, reason: failure.message }, output: NOT_REACHED }];
}

function trackingOf(context: IExecuteFunctions, { account, signal }: Step): Tracking {
	return new Tracking(account.endpoints.rest, n8nFileXHttp(context), signal);
}

function trackingIdOf(context: IExecuteFunctions, { itemIndex }: Step): string {
	return checkTrackingId(String(context.getNodeParameter('trackingId', itemIndex) ?? ''));
}

function wantsXml(context: IExecuteFunctions, { itemIndex }: Step): boolean {
	return context.getNodeParameter('output', itemIndex) === 'xml';
}

function filterOf(context: IExecuteFunctions, { itemIndex }: Step): SubmissionFilter {
	const options = context.getNodeParameter('options', itemIndex, {}) as TrackOptions;
	return {
		...checkPlaces(options),
		submittedAfter: instant(context, 'Submitted After', options.submittedAfter),
		submittedBefore: instant(context, 'Submitted Before', options.submittedBefore),
	};
}

/** In ms. */
function timeLimitOf(context: IExecuteFunctions, { itemIndex }: Step): number {
	return numberOf('Time Limit (Minutes)', context.getNodeParameter('timeLimit', itemIndex), 'number of minutes', 0) * 60_000;
}
