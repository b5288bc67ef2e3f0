import { createHash, getFips, type Hash } from 'node:crypto';

/** MD5, which S3's entity tags are made of; undefined where this machine may not use it (FIPS 140). */
export function md5Hash(): Hash | undefined {
	return getFips() ? undefined : createHash('md5');
}

/** As `Content-MD5` has it; undefined where this machine may not compute it. */
export function md5Base64(bytes: Buffer): string | undefined {
	return md5Hash()?.update(bytes).digest('base64');
}
