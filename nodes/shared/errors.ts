import { NodeApiError, NodeOperationError, type Failure, type INode } from 'n8n-workflow';
import { type FileXError, type FileXErrorKind, findFileXError, redact } from '../../filex';
import { leadingZerosHint } from './leading-zeros';
import { hintOf } from './remedies';

/** n8n's word for each kind, so that it knows whether waiting or a person can help. */
const CAUSES: Partial<Record<FileXErrorKind, Failure['cause']>> = {
	credentials: 'credential-invalid',
	entitlement: 'configuration-invalid',
	'not-found': 'configuration-invalid',
	'host-key': 'credential-invalid',
	proxy: 'configuration-invalid',
	input: 'configuration-invalid',
	busy: 'rate-limited',
	occupied: 'temporarily-unavailable',
	held: 'temporarily-unavailable',
	unavailable: 'temporarily-unavailable',
	'expired-url': 'temporarily-unavailable',
	incomplete: 'temporarily-unavailable',
};

/** How long n8n should leave a service alone that is unavailable or busy and does not say how long, in ms. */
const RETRY_AFTER = 60_000;

/** What went wrong, as n8n shows it. `itemIndex` is undefined where no item is to blame. */
export function toNodeError(node: INode, error: unknown, itemIndex?: number): NodeApiError | NodeOperationError {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;
	const known = findFileXError(error);
	if (!known) {
		const text = error instanceof Error ? error.message : String(error);
		return new NodeOperationError(node, redact(text), { itemIndex });
	}
	const item = itemIndex === undefined ? '' : ` [item ${itemIndex}]`;
	const shown = {
		message: `${known.message}${item}`,
		description: descriptionOf(known),
		itemIndex,
		failure: failureOf(known),
	};
	if (known.kind === 'input') return new NodeOperationError(node, shown.message, shown);
	// A plain object, so that n8n neither keeps the request with its headers nor rewords the message.
	return new NodeApiError(
		node,
		{ message: shown.message },
		{
			...shown,
			...(known.httpStatus && { httpCode: String(known.httpStatus) }),
		},
	);
}

function descriptionOf(error: FileXError): string {
	const { field, retrySafe, message } = error;
	const hint = hintOf(error);
	const where = field && !message.includes(`'${field}'`) ? `Field: '${field}'. ` : '';
	const again = retrySafe && !/again/.test(hint) ? ' Running it again is safe.' : '';
	return `${where}${hint}${leadingZerosHint(error)}${again}`;
}

function failureOf({ kind, isForeign, httpStatus, retryAfterMs = RETRY_AFTER }: FileXError): Failure | undefined {
	// Whoever answered in its place, the service itself has refused nothing.
	const cause = httpStatus === 429 ? 'rate-limited' : isForeign ? 'temporarily-unavailable' : CAUSES[kind];
	if (!cause) return undefined;
	return cause === 'rate-limited' || cause === 'temporarily-unavailable'
		? { cause, retryAfterMs }
		: ({ cause } as Failure);
}
