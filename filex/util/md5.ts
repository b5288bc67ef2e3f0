import { createHash, getFips, type Hash } from 'node:crypto';

/** MD5, which S3's entity tags are made of; undefined where this machine may not use it (FIPS 140). */
export function md5Hash(): Hash | undefined {
	return getFips() ? undefined : createHash('md5');
}
