import { inputError } from '../errors';
import { parseFilePath } from '../places/paths';
import type { Receipt } from './receipt';

/** What a stored receipt must have to be checked. */
const NEEDED: Record<string, 'string' | 'number'> = {
	receiptVersion: 'number',
	direction: 'string',
	outcome: 'string',
	host: 'string',
	path: 'string',
	startedAt: 'string',
	endedAt: 'string',
	receiptHash: 'string',
};

/**
 * A receipt as it comes from wherever it was stored.
 *
 * @param field that holds it, to be named in errors
 * @throws FileXError `input` where it is none
 */
export function readReceipt(given: unknown, field: string): Receipt {
	const receipt = typeof given === 'string' ? parse(given, field) : given;
	if (typeof receipt !== 'object' || receipt === null || Array.isArray(receipt))
		throw noReceipt(field, 'it is no object');
	const fields = receipt as Record<string, unknown>;
	const missing = Object.keys(NEEDED).filter((name) => typeof fields[name] !== NEEDED[name]);
	if (missing.length > 0) throw noReceipt(field, `it has no '${missing.join("', '")}'`);
	if (fields.receiptVersion !== 1)
		throw noReceipt(field, `its version is ${Number(fields.receiptVersion)}, and this package knows version 1`);
	parseFilePath(String(fields.path), field);
	return receipt as Receipt;
}

function parse(text: string, field: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		throw noReceipt(field, 'it is no JSON');
	}
}

function noReceipt(field: string, why: string): Error {
	return inputError(
		field,
		`'${field}' is not a receipt: ${why}`,
		'Hand in a receipt as it was put out, whole, as an object or as JSON.',
	);
}
