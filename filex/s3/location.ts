import type { SpacePath } from '../places/paths';

/** Where the files of a sub-space lie in S3. */
export interface S3Prefix {
	bucket: string;
	/** Ends in a slash. */
	prefix: string;
}

/** Takes a token's path apart: its first segment is the bucket, the rest the key prefix (guide, section 6). */
export function splitPath(path: string): S3Prefix {
	const [bucket = '', ...rest] = path
		.replace(/^s3:\/\//, '')
		.split('/')
		.filter((part) => part !== '');
	return { bucket, prefix: rest.map((part) => `${part}/`).join('') };
}

/** Where a token's paths put a sub-space; undefined where they do not cover it. They may name it, or what it is in. */
export function prefixFor(paths: string[], { orgId, application, subSpace }: SpacePath): S3Prefix | undefined {
	for (const { bucket, prefix } of paths.map(splitPath)) {
		const within = [`${orgId}/${application}/${subSpace}/`, `${orgId}/${application}/`, `${orgId}/`];
		const end = within.find((each) => prefix === each || prefix.endsWith(`/${each}`));
		if (end !== undefined) return { bucket, prefix: prefix + within[0]!.slice(end.length) };
	}
	return undefined;
}

/** A file in S3. */
export interface S3Object {
	bucket: string;
	key: string;
	/** As errors name it. */
	path: string;
}
