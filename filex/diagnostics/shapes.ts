import { counted, type Finding, ok, skipped, warning } from './check';
import type { AnswerKind, Shape } from './observed';

/** The keys that the guide shows, as `keysOf` names them. The guide lacks the page that shows a pre-signed answer. */
export const GUIDE_KEYS: Partial<Record<AnswerKind, string[]>> = {
	fipToken: ['access_token', 'expires_in'],
	organization: ['name', 'type', 'children[].name', 'children[].type'],
	application: ['name', 'type', 'children[].name', 'children[].type', 'children[].metadata.writable'],
	subSpace: [
		'name',
		'type',
		'children[].name',
		'children[].type',
		'children[].metadata.contentLength',
		'children[].metadata.lastModified',
	],
	tracking: [
		'trackingId',
		'submissionTime',
		'status',
		'downstreamStatus',
		'statusUpdateTime',
		'fileSize',
		'uploadLocation',
		'arcvFileName',
		'downloadable',
	].map((key) => `[].${key}`),
	s3Token: [
		'region',
		'readPaths',
		'writePaths',
		'credentials.accessKeyId',
		'credentials.secretAccessKey',
		'credentials.sessionToken',
		'credentials.expiration',
	],
};

/** The guide's keys that an answer lacks; none where not all of its keys are known. */
export function missingKeys(kind: AnswerKind, { keys }: Shape): string[] {
	if (keys.endsWith('…') || !keys.startsWith('keys: ')) return [];
	const met = keys.slice('keys: '.length).split(', ');
	return (GUIDE_KEYS[kind] ?? []).filter(
		(key) => !met.some((name) => name === key || name.startsWith(`${key}.`) || name.startsWith(`${key}[`)),
	);
}

/** An answer that was read, and in which form it came. @param isEmpty whether it has no entries, whose keys cannot be seen */
export function judgeShape(kind: AnswerKind, what: string, shape: Shape | undefined, isEmpty = false): Finding {
	if (!shape) return skipped(`${what}: there was no answer to look at`);
	const missing = isEmpty ? [] : missingKeys(kind, shape);
	const met = `${what}: ${shape.text}`;
	if (missing.length === 0) return ok(isEmpty ? `${met}; it is empty, so its entries' keys are not known` : met);
	return warning(
		`${met}; ${counted(missing.length, 'key')} of the guide's ${missing.length === 1 ? 'is' : 'are'} not there: ${missing.join(', ')}`,
		"It was read anyway, so no action is needed. Please report this item on the project's page: the next version can be tested with it.",
	);
}
