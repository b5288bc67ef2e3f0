/** A part of a file. */
export interface ByteRange {
	/** The first byte. */
	start: number;
	/** The last byte; `start - 1` where there is none. */
	end: number;
}

/**
 * What a `Range` header asks for: undefined for the whole file, which is also what S3 gives for
 * several ranges at once and for what is not a range at all.
 * Source: RFC 9110, section 14; https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function parseRange(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | undefined {
	const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? [];
	if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
	if (first === '') {
		const length = Math.min(Number(last), size);
		return length === 0 ? 'unsatisfiable' : { start: size - length, end: size - 1 };
	}
	const start = Number(first);
	const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
	if (last !== '' && Number(last) < start) return undefined;
	return start >= size ? 'unsatisfiable' : { start, end };
}
