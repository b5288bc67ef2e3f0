import type { IDataObject } from 'n8n-workflow';
import { splitPath, type S3Token } from '../../filex';

/** Where the secrets are in a record. */
export const SECRETS = ['credentials.accessKeyId', 'credentials.secretAccessKey', 'credentials.sessionToken'];

/** The output record of a token: what fileX gave (guide, section 6), and what a later step needs of its paths. */
export function recordOf(
	orgId: string,
	application: string,
	{ credentials, ...token }: S3Token,
	now = Date.now(),
): IDataObject {
	const places = [...token.readPaths, ...token.writePaths].map(splitPath);
	return {
		orgId,
		application,
		...token,
		credentials: { ...credentials, expiration: credentials.expiration.toISOString() },
		secondsToExpiry: Math.floor((credentials.expiration.getTime() - now) / 1000),
		// One for all, as far as anybody has seen.
		bucket: places[0]?.bucket ?? null,
		readPrefixes: token.readPaths.map((path) => splitPath(path).prefix),
		writePrefixes: token.writePaths.map((path) => splitPath(path).prefix),
	};
}
