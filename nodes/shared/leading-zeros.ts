import type { FileXError } from '../../filex';

/** Where an error names the organization of a place: alone, or at the beginning of a path. */
const ORGANIZATION = /(?:entitled to|There is no|organization|into|in|of) '(\d+)(?:\/[^']*)?'/g;

/**
 * What to say where an account may not see a place, or there is none, and the organization has no leading zeros: a
 * number loses them on its way through a spreadsheet or an expression, and fileX knows '0001' only. '' elsewhere.
 */
export function leadingZerosHint({ kind, message, hint }: Pick<FileXError, 'kind' | 'message' | 'hint'>): string {
	if ((kind !== 'entitlement' && kind !== 'not-found') || /leading zeros/.test(hint)) return '';
	const orgId = [...message.matchAll(ORGANIZATION)].map(([, id]) => id!).find((id) => !id.startsWith('0'));
	return orgId === undefined
		? ''
		: ` Leading zeros count in an organization ID: check whether '${orgId}' has lost some, as in 1 for 0001.`;
}
