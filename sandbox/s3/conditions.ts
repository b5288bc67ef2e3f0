/** Headers of a request by name in lower case. */
export type HeaderOf = (name: string) => string | undefined;

interface Version {
	/** Without its quotes. */
	etag: string;
	lastModified: Date;
}

export type Verdict = { status: 200 } | { status: 304 } | { status: 412; condition: string };

/**
 * Whether the conditions of a GET or HEAD hold.
 * Source: RFC 9110, section 13.2.2; https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function checkConditions(headerOf: HeaderOf, version: Version): Verdict {
	const match = headerOf('if-match');
	if (match !== undefined) {
		if (!namesEtag(match, version.etag)) return { status: 412, condition: 'If-Match' };
	} else {
		const unmodified = readDate(headerOf('if-unmodified-since'));
		if (unmodified !== undefined && seconds(version.lastModified) > unmodified)
			return { status: 412, condition: 'If-Unmodified-Since' };
	}
	const noneMatch = headerOf('if-none-match');
	if (noneMatch !== undefined) return { status: namesEtag(noneMatch, version.etag) ? 304 : 200 };
	const modified = readDate(headerOf('if-modified-since'));
	return { status: modified !== undefined && seconds(version.lastModified) <= modified ? 304 : 200 };
}

/** Whether the `Range` of a request counts, by its `If-Range`. */
export function rangeHolds(ifRange: string | undefined, { etag, lastModified }: Version): boolean {
	if (ifRange === undefined) return true;
	const date = /^[A-Z][a-z]{2}, /.test(ifRange) ? readDate(ifRange) : undefined;
	return date === undefined ? unquote(ifRange) === etag : seconds(lastModified) === date;
}

/** Whether an `If-Match` or `If-None-Match` names an entity tag. */
export function namesEtag(header: string, etag: string): boolean {
	return header.split(',').some((each) => each.trim() === '*' || unquote(each) === etag);
}

/** An entity tag without its quotes. */
export function unquote(etag: string): string {
	return etag
		.trim()
		.replace(/^W\//, '')
		.replace(/^"(.*)"$/, '$1');
}

function readDate(header: string | undefined): number | undefined {
	const time = Date.parse(header ?? '');
	return Number.isNaN(time) ? undefined : Math.floor(time / 1000);
}

function seconds(date: Date): number {
	return Math.floor(date.getTime() / 1000);
}
