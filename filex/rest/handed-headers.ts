import { isFields, fields, plainKey, type Fields } from '../http/fields';

/** Keys under which a service hands out the headers that its signature covers. */
const KEYS = [
	'headers',
	'requiredheaders',
	'signedheaders',
	'requestheaders',
	'httpheaders',
	'uploadheaders',
	'downloadheaders',
];

/** What a file is, and what a storage signs; never what says who asks, where the request goes, or where it ends. */
const HARMLESS =
	/^(?:content-type|content-disposition|content-language|content-md5|cache-control|x-(?!forwarded|http-method|original|rewrite|real-ip|auth|api-key|csrf|xsrf)[a-z0-9-]{1,80})$/;

/** The headers that are to be sent along with a URL, names in lower case; undefined where there are none. @param within the objects that it stands in, the innermost first */
export function headersIn(within: Fields[]): Record<string, string> | undefined {
	for (const object of within) {
		const { one, has } = fields(object);
		// The headers of an answer within an answer, as gateways wrap one.
		if (has('statuscode') || has('body')) continue;
		const given = KEYS.map((key) => one(key)).find((value) => typeof value === 'object');
		if (given === undefined) continue;
		const headers = Object.fromEntries(pairsOf(given).flatMap(([name, value]) => headerOf(name, value)));
		return Object.keys(headers).length > 0 ? headers : undefined;
	}
	return undefined;
}

function pairsOf(given: unknown): Array<[string, unknown]> {
	if (isFields(given)) return Object.entries(given);
	if (!Array.isArray(given)) return [];
	return given.filter(isFields).flatMap((entry): Array<[string, unknown]> => {
		const { one, has } = fields(entry);
		if (has('value', 'values')) return [[String(one('name', 'key', 'header')), one('value', 'values')]];
		return Object.entries(entry).filter(([key]) => plainKey(key) !== '');
	});
}

function headerOf(name: string, value: unknown): Array<[string, string]> {
	const lower = name.trim().toLowerCase();
	const single: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
	const text = typeof single === 'string' || typeof single === 'number' ? String(single).trim() : '';
	return HARMLESS.test(lower) && /^[\x20-\x7e]{1,2048}$/.test(text) ? [[lower, text]] : [];
}
