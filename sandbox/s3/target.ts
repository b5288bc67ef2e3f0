import { S3Error } from './errors';

/** What a request is about. All is decoded. */
export interface Target {
	/** As the client wrote it, with its first slash. */
	path: string;
	query: Array<[name: string, value: string]>;
	/** Empty for the service itself. */
	bucket: string;
	/** Empty for the bucket itself. */
	key: string;
}

/**
 * Reads a request's target, in path style and in virtual-host style. S3 does not normalize paths:
 * dots, empty parts and encoded slashes belong to the key.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 *
 * @param url of the request line
 * @param host of the `Host` header
 * @param ownBucket the bucket that a host name may begin with
 * @throws S3Error InvalidURI where it cannot be decoded
 */
export function readTarget(url: string, host: string, ownBucket: string): Target {
	const [, rawPath, rawQuery] = /^([^?]*)(?:\?(.*))?$/s.exec(url)!;
	const path = decode(rawPath!);
	const query = (rawQuery ?? '')
		.split('&')
		.filter((each) => each !== '')
		.map((each): [string, string] => {
			const [, name, value] = /^([^=]*)=?(.*)$/s.exec(each)!;
			return [decode(name!, true), decode(value!, true)];
		});
	if (host.toLowerCase().startsWith(`${ownBucket}.`)) return { path, query, bucket: ownBucket, key: path.slice(1) };
	const [, bucket, key] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? ['', '', ''];
	return { path, query, bucket: bucket!, key: key! };
}

function decode(text: string, inQuery = false): string {
	// Node gives the bytes of the request line as Latin-1.
	const utf8 = Buffer.from(inQuery ? text.replaceAll('+', ' ') : text, 'latin1').toString('utf8');
	try {
		return decodeURIComponent(utf8);
	} catch {
		throw new S3Error('InvalidURI');
	}
}
