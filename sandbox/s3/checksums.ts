import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { bigEndian, startCrc32c, startCrc64Nvme, type Crc } from './crc';
import { S3Error } from './errors';
import type { HeaderOf } from './conditions';

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html */
const CHECKSUM_BYTES = { CRC32: 4, CRC32C: 4, CRC64NVME: 8, SHA1: 20, SHA256: 32 } as const;

export type ChecksumAlgorithm = keyof typeof CHECKSUM_BYTES;

export const CHECKSUM_ALGORITHMS = Object.keys(CHECKSUM_BYTES) as ChecksumAlgorithm[];

/** What a request says of its body's checksum. */
export interface ChecksumClaim {
	algorithm: ChecksumAlgorithm;
	/** In Base64; undefined where it comes in the trailer. */
	value: string | undefined;
}

/** The name of the header, and of the trailer, that holds a checksum. */
export function checksumHeader(algorithm: ChecksumAlgorithm): string {
	return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

export function startChecksum(algorithm: ChecksumAlgorithm): Crc {
	switch (algorithm) {
		case 'CRC32':
			return startCrc32();
		case 'CRC32C':
			return startCrc32c();
		case 'CRC64NVME':
			return startCrc64Nvme();
		default: {
			const hash = createHash(algorithm.toLowerCase());
			return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
		}
	}
}

function startCrc32(): Crc {
	let crc = 0;
	return { update: (bytes) => void (crc = crc32(bytes, crc)), digest: () => bigEndian(crc) };
}

/** Whether a text is Base64 of as many bytes as the algorithm gives. */
export function isChecksum(algorithm: ChecksumAlgorithm, value: string): boolean {
	const bytes = Buffer.from(value, 'base64');
	return bytes.length === CHECKSUM_BYTES[algorithm] && bytes.toString('base64') === value;
}

/** The algorithm of a name as headers have it. */
export function readAlgorithm(name: string): ChecksumAlgorithm | undefined {
	return CHECKSUM_ALGORITHMS.find((each) => each === name.toUpperCase());
}

/** Headers of that start that hold no checksum of the body. */
const OTHERS = ['x-amz-checksum-algorithm', 'x-amz-checksum-type', 'x-amz-checksum-mode'];

/**
 * The checksum that the headers announce for a body. @throws S3Error InvalidRequest
 *
 * @param names of all headers
 */
export function readChecksumClaim(names: Iterable<string>, headerOf: HeaderOf): ChecksumClaim | undefined {
	const given = [...names].filter((name) => name.startsWith('x-amz-checksum-') && !OTHERS.includes(name));
	const trailers = (headerOf('x-amz-trailer') ?? '')
		.split(',')
		.map((name) => name.trim().toLowerCase())
		.filter((name) => name !== '');
	if (given.length + trailers.length > 1) {
		throw new S3Error(
			'InvalidRequest',
			{},
			'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
		);
	}
	const name = given[0] ?? trailers[0];
	const wanted = headerOf('x-amz-sdk-checksum-algorithm');
	if (name === undefined) {
		if (wanted === undefined) return undefined;
		throw new S3Error(
			'InvalidRequest',
			{},
			'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
		);
	}
	const algorithm = name.startsWith('x-amz-checksum-')
		? readAlgorithm(name.slice('x-amz-checksum-'.length))
		: undefined;
	if (!algorithm) {
		throw new S3Error(
			'InvalidRequest',
			{},
			given.length > 0
				? 'The algorithm type you specified in x-amz-checksum- header is invalid.'
				: 'The value specified in the x-amz-trailer header is not supported',
		);
	}
	if (wanted !== undefined && readAlgorithm(wanted) !== algorithm) {
		throw new S3Error('InvalidRequest', {}, 'Value for x-amz-sdk-checksum-algorithm header is invalid.');
	}
	const value = given.length > 0 ? headerOf(name) : undefined;
	if (value !== undefined && !isChecksum(algorithm, value))
		throw new S3Error('InvalidRequest', {}, `Value for ${name} header is invalid.`);
	return { algorithm, value };
}
