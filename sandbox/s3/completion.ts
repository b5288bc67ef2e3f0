import { createHash } from 'node:crypto';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { CHECKSUM_ALGORITHMS, startChecksum, type ChecksumAlgorithm } from './checksums';
import { combineCrcs, type CrcAlgorithm } from './combine';
import { unquote } from './conditions';
import { S3Error } from './errors';
import type { Part, Upload } from './uploads';

/** A part as the client names it. */
export interface NamedPart {
	number: number;
	/** Without quotes. */
	etag: string;
	checksums: Partial<Record<ChecksumAlgorithm, string>>;
}

/** Smallest part but the last, in bytes. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MIN_PART = 5 << 20;

const PARSER = new XMLParser({
	parseTagValue: false,
	ignoreAttributes: true,
	removeNSPrefix: true,
	htmlEntities: true,
	isArray: (name) => name === 'Part',
});

/**
 * Reads the body of CompleteMultipartUpload.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
 *
 * @throws S3Error MalformedXML
 */
export function readNamedParts(xml: string): NamedPart[] {
	if (xml.includes('<!DOCTYPE') || XMLValidator.validate(xml) !== true) throw new S3Error('MalformedXML');
	const { CompleteMultipartUpload: root } = parse(xml) as { CompleteMultipartUpload?: { Part?: unknown } };
	const parts = root?.Part;
	if (!Array.isArray(parts) || parts.length === 0) throw new S3Error('MalformedXML');
	return parts.map((part: Record<string, unknown>) => {
		const { PartNumber: number, ETag: etag } = part;
		if (typeof number !== 'string' || !/^\d{1,9}$/.test(number) || typeof etag !== 'string')
			throw new S3Error('MalformedXML');
		const checksums = CHECKSUM_ALGORITHMS.map((each) => [each, part[`Checksum${each}`]] as const).filter(
			([, value]) => typeof value === 'string',
		);
		return {
			number: Number(number),
			etag: unquote(etag),
			checksums: Object.fromEntries(checksums) as NamedPart['checksums'],
		};
	});
}

function parse(xml: string): unknown {
	try {
		return PARSER.parse(xml);
	} catch {
		throw new S3Error('MalformedXML');
	}
}

/** The parts that make the object. @throws S3Error InvalidPartOrder, InvalidPart, EntityTooSmall, InvalidRequest */
export function chooseParts({ id, algorithm, checksumType }: Upload, named: NamedPart[], stored: Part[]): Part[] {
	if (named.some(({ number }, i) => i > 0 && number <= named[i - 1]!.number))
		throw new S3Error('InvalidPartOrder', { UploadId: id });
	const byNumber = new Map(stored.map((part) => [part.number, part]));
	const chosen = named.map(({ number, etag, checksums }) => {
		const part = byNumber.get(number);
		const claimed = algorithm && checksums[algorithm];
		if (part && claimed === undefined && algorithm && checksumType === 'COMPOSITE') {
			throw new S3Error(
				'InvalidRequest',
				{},
				`The upload was created using a ${algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${number} in the request.`,
			);
		}
		if (!part || part.etag !== etag || (claimed !== undefined && claimed !== part.checksum)) {
			throw new S3Error('InvalidPart', { UploadId: id, PartNumber: number, ETag: etag });
		}
		return part;
	});
	const small = chosen.slice(0, -1).find(({ size }) => size < MIN_PART);
	if (small)
		throw new S3Error('EntityTooSmall', {
			ETag: small.etag,
			MinSizeAllowed: MIN_PART,
			ProposedSize: small.size,
			PartNumber: small.number,
		});
	return chosen;
}

/** The entity tag of an object that came in parts, without quotes. */
export function compositeEtag(parts: Array<Pick<Part, 'etag'>>): string {
	const md5 = createHash('md5');
	for (const { etag } of parts) md5.update(etag, 'hex');
	return `${md5.digest('hex')}-${parts.length}`;
}

/** The checksum of an object that came in parts, in Base64; undefined where the upload has none. */
export function objectChecksum(
	{ algorithm, checksumType }: Pick<Upload, 'algorithm' | 'checksumType'>,
	parts: Part[],
): string | undefined {
	if (!algorithm) return undefined;
	const digests = parts.map(({ checksum, size }) => ({ digest: Buffer.from(checksum!, 'base64'), size }));
	if (checksumType === 'FULL_OBJECT') return combineCrcs(algorithm as CrcAlgorithm, digests).toString('base64');
	const whole = startChecksum(algorithm);
	for (const { digest } of digests) whole.update(digest);
	return `${whole.digest().toString('base64')}-${parts.length}`;
}
