import type { IncomingMessage } from 'node:http';
import type { HeaderOf } from './conditions';
import { readTarget, type Target } from './target';

/** A request, read but not yet believed. */
export interface S3Request extends Target {
	method: string;
	/** By name in lower case; several of one name are joined with commas, as they are signed. */
	headers: ReadonlyMap<string, string>;
	header: HeaderOf;
	/** The first parameter of that name. */
	parameter(name: string): string | undefined;
}

/** @throws S3Error InvalidURI */
export function readRequest(
	{ method, url, rawHeaders }: Pick<IncomingMessage, 'method' | 'url' | 'rawHeaders'>,
	ownBucket: string,
): S3Request {
	const headers = new Map<string, string>();
	for (let i = 0; i < rawHeaders.length; i += 2) {
		const name = rawHeaders[i]!.toLowerCase();
		const value = rawHeaders[i + 1]!;
		headers.set(name, headers.has(name) ? `${headers.get(name)},${value}` : value);
	}
	const target = readTarget(url ?? '/', headers.get('host') ?? '', ownBucket);
	return {
		...target,
		method: method ?? 'GET',
		headers,
		header: (name) => headers.get(name),
		parameter: (name) => target.query.find(([each]) => each === name)?.[1],
	};
}
