import { inputError } from '../errors';
import { parseFilePath } from '../places/paths';
import { type Receipt, receiptHash } from './receipt';

type Kind = 'text' | 'number';

/** All fields of a receipt. Null may stand in each that is not needed. */
const FIELDS: Record<Exclude<keyof Receipt, 'receiptVersion'>, Kind> = {
	direction: 'text',
	outcome: 'text',
	reason: 'text',
	path: 'text',
	orgId: 'text',
	application: 'text',
	subSpace: 'text',
	fileName: 'text',
	size: 'number',
	sha256: 'text',
	storageTag: 'text',
	storageRequestId: 'text',
	userName: 'text',
	userOrgId: 'text',
	onBehalfOf: 'text',
	accessMethod: 'text',
	host: 'text',
	transferHost: 'text',
	hostKey: 'text',
	tlsCertificate: 'text',
	proxy: 'text',
	startedAt: 'text',
	endedAt: 'text',
	clockDifferenceSeconds: 'number',
	submittedAt: 'text',
	lastModified: 'text',
	trackingId: 'text',
	registrationId: 'text',
	archivePath: 'text',
	status: 'text',
	downstreamStatus: 'text',
	attempts: 'number',
	checkedAgainst: 'text',
	workflowId: 'text',
	workflowName: 'text',
	executionId: 'text',
	nodeName: 'text',
	itemIndex: 'number',
	packageVersion: 'text',
	receiptHash: 'text',
};

/** What a receipt cannot be checked without. */
const NEEDED = ['direction', 'outcome', 'path', 'host', 'startedAt', 'endedAt', 'receiptHash'] as const;

/**
 * A receipt as it comes from wherever it was stored: a table may have columns of its own, leave nulls out or empty, and give
 * numbers as text or text as numbers. Of two readings, the one with the hash that the receipt states is meant.
 *
 * @param field that holds it, to be named in errors
 * @throws FileXError `input` where it is none
 */
export function readReceipt(given: unknown, field: string): Receipt {
	const stored = typeof given === 'string' ? parse(given, field) : given;
	if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) throw noReceipt(field, 'it is no object');
	const values = stored as Record<string, unknown>;
	const version = numberIn(values.receiptVersion);
	if (version === undefined) throw noReceipt(field, "it has no 'receiptVersion'");
	if (version !== 1) throw noReceipt(field, `its version is ${version}, and this package knows version 1`);
	const entries = Object.entries(FIELDS).map(
		([name, kind]) => [name, valueIn(values[name], name, kind, field)] as const,
	);
	const asStored = receiptOfEntries(entries);
	// A CSV file or a sheet has no null.
	const withNulls = receiptOfEntries(entries.map(([name, value]) => [name, value === '' ? null : value]));
	const receipt = receiptHash(asStored) === asStored.receiptHash ? asStored : withNulls;
	const missing = NEEDED.filter((name) => receipt[name] === null);
	if (missing.length > 0) throw noReceipt(field, `it has no '${missing.join("', '")}'`);
	parseFilePath(receipt.path, field);
	return receipt;
}

function receiptOfEntries(entries: ReadonlyArray<readonly [string, string | number | null]>): Receipt {
	return { receiptVersion: 1, ...Object.fromEntries(entries) } as Receipt;
}

function valueIn(value: unknown, name: string, kind: Kind, field: string): string | number | null {
	if (value === undefined || value === null || (value === '' && kind === 'number')) return null;
	const read = kind === 'number' ? numberIn(value) : textIn(value);
	if (read !== undefined) return read;
	throw noReceipt(field, `its '${name}' is no ${kind}`);
}

function textIn(value: unknown): string | undefined {
	return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function numberIn(value: unknown): number | undefined {
	if (typeof value === 'number') return value;
	return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : undefined;
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
