import { encodePath } from './encoding';
import { S3Error } from './errors';
import type { Cursor } from './listing';
import type { S3Request } from './request';

/** Most that one page holds. */
const MAX_PAGE = 1000;

/** What all listings have in common. */
export interface ListQuery {
	prefix: string;
	/** Empty for none. */
	delimiter: string;
	/** At most 1,000. */
	limit: number;
	/** Writes a key as the client asks for it. */
	encode: (key: string) => string;
	encodingType: 'url' | undefined;
}

/** @param limitName the parameter that bounds the page. @throws S3Error InvalidArgument */
export function readListQuery({ parameter }: S3Request, limitName: 'max-keys' | 'max-uploads'): ListQuery {
	const encodingType = parameter('encoding-type');
	if (encodingType !== undefined && encodingType !== 'url') {
		throw new S3Error(
			'InvalidArgument',
			{ ArgumentName: 'encoding-type', ArgumentValue: encodingType },
			'Invalid Encoding Method specified in Request',
		);
	}
	return {
		prefix: parameter('prefix') ?? '',
		delimiter: parameter('delimiter') ?? '',
		limit: readLimit(parameter(limitName), limitName),
		encode: encodingType === 'url' ? encodePath : (key) => key,
		encodingType,
	};
}

/** @throws S3Error InvalidArgument */
export function readLimit(text: string | undefined, name: string): number {
	if (text === undefined || text === '') return MAX_PAGE;
	const limit = Number(text);
	if (!/^\d+$/.test(text) || limit > 0x7fffffff) {
		throw new S3Error(
			'InvalidArgument',
			{ ArgumentName: name, ArgumentValue: text },
			`Provided ${name} not an integer or within integer range`,
		);
	}
	return Math.min(limit, MAX_PAGE);
}

/** A cursor as clients hand it back, unread. */
export function writeToken({ key, inclusive }: Cursor): string {
	return Buffer.from(`${inclusive ? '=' : '>'}${key}`).toString('base64');
}

/** @throws S3Error InvalidArgument */
export function readToken(token: string): Cursor {
	const text = Buffer.from(token, 'base64').toString();
	if (!/^[=>]/.test(text))
		throw new S3Error(
			'InvalidArgument',
			{ ArgumentName: 'continuation-token' },
			'The continuation token provided is incorrect',
		);
	return { key: text.slice(1), inclusive: text.startsWith('=') };
}
