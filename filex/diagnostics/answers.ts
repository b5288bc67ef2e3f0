import { redact } from '../errors';
import { isPageAnswer } from '../http/body';
import { describeAnswer, hasForeignHeader, isOwnRefusal, type Sender } from '../http/foreign';
import { shapeOf, type TextAnswer } from '../http/unexpected-answer';
import { readHealth } from '../rest/health';
import { isStorageRefusal } from '../rest/storage-errors';
import { shorten } from '../util/shorten';
import { failed, type Finding, ok, warning } from './check';

/** Headers by which proxies, gateways and caches name themselves. */
const TRACES = [
	'via',
	'x-cache',
	'x-served-by',
	'x-amz-cf-id',
	'x-squid-error',
	'proxy-authenticate',
	'x-kong-response-latency',
	'cf-ray',
	'x-akamai-request-id',
];

/** Headers whose value says more than their name. */
const SHOWN = ['via', 'x-cache'];

/** Who answered, by what its headers show. */
export function senderOf(answer: Pick<TextAnswer, 'status' | 'headers'>): string {
	const { headers } = answer;
	const traces = TRACES.filter((name) => headers[name] !== undefined).map((name) =>
		SHOWN.includes(name) ? `${name} ${shorten(redact(headers[name]!), 80)}` : name,
	);
	return [describeAnswer(answer), ...traces].join(', ');
}

/** Whether somebody else answered, as far as the answer shows. */
export function isForeignAnswer(answer: TextAnswer): boolean {
	return hasForeignHeader(answer.headers) || isPageAnswer(answer);
}

/** What `/health` says (guide, FAQ 22). */
export function judgeHealth(answer: TextAnswer, sender: Sender): Finding {
	const met = `/health: ${senderOf(answer)}, ${shapeOf(answer).slice(describeAnswer(answer).length + 2)}`;
	const { healthy, details } = readHealth(answer);
	if (healthy) return ok(`${met}; fileX reports that it is up`);
	if (isForeignAnswer(answer))
		return failed(
			`${met}; this is not fileX's own answer`,
			`Something between this machine and fileX answers in its place. ${sender.check}`,
		);
	const isKnown = typeof details === 'object' && details !== null;
	return answer.status >= 500 || isKnown
		? failed(`${met}; fileX does not report that it is up`, 'Wait, or ask FINRA (800-321-6273) whether fileX is down.')
		: warning(`${met}; fileX does not answer as its guide says`, 'Other checks show whether fileX works anyway.');
}

/** What a call without a token is answered with: fileX must refuse it, in its own form. */
export function judgeUnauthenticated(answer: TextAnswer, sender: Sender): Finding {
	const met = `A call without a token: ${senderOf(answer)}, ${shapeOf(answer).slice(describeAnswer(answer).length + 2)}`;
	const { status } = answer;
	if (status >= 300 && status < 400)
		return failed(
			`${met}; it is a redirect`,
			`fileX does not redirect: a login page may stand before it. ${sender.check}`,
		);
	if (isForeignAnswer(answer))
		return failed(
			`${met}; a page or a proxy's answer in place of fileX's`,
			`Something between this machine and fileX answers in its place. ${sender.check}`,
		);
	if (status === 401 && isOwnRefusal(answer)) return ok(`${met}; fileX's own refusal, as it should be`);
	if (status === 403 && isOwnRefusal(answer)) return ok(`${met}; a service's own refusal`);
	if (status >= 500)
		return failed(`${met}; the service, or a gateway before it, could not answer`, 'Run this again in a few minutes.');
	if (status < 300)
		return failed(
			`${met}; fileX must refuse a call without a token, and this was answered`,
			`Another service may stand at this address. ${sender.check}`,
		);
	return warning(
		`${met}; not a refusal of fileX's own form, so an answer like this never counts as one`,
		`A gateway may answer in fileX's place. ${sender.check}`,
	);
}

/** What S3 answers to a call without a signature. */
export function judgeS3Answer(place: string, answer: TextAnswer, sender: Sender): Finding {
	const met = `${place}: ${senderOf(answer)}`;
	const { status, headers } = answer;
	const isS3s =
		!isForeignAnswer(answer) &&
		(headers['x-amz-request-id'] !== undefined || headers['x-amz-id-2'] !== undefined || isStorageRefusal(answer));
	if (isS3s && status < 500) return ok(`${met}; S3's own answer`);
	if (isS3s) return failed(`${met}; S3 is temporarily unavailable`, 'Run this again in a few minutes.');
	return failed(
		`${met}; not an answer of S3`,
		`Something between this machine and S3 answers in its place. ${sender.check}`,
	);
}
