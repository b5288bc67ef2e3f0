const MIB = 2 ** 20;

/** A file up to this size, in bytes, goes out in one request. */
export const SINGLE_PUT = 64 * MIB;

/** Smallest part, in bytes. */
const SMALLEST = 16 * MIB;

/** Parts at most; S3 takes 10,000: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MOST_PARTS = 9000;

/** Bytes of parts that may be kept in memory at a time. */
const MEMORY = 48 * MIB;

/** How a file is cut into parts. */
export interface PartPlan {
	/** Bytes of every part but the last, which may be smaller. */
	partSize: number;
	parts: number;
	/**
	 * Parts that are kept in memory, to be sent beside each other and again where need be; 0 for parts that
	 * are too large for that (files of more than 450 GB): they are streamed one after the other, once.
	 */
	buffers: number;
}

export function planParts(size: number): PartPlan {
	const partSize = Math.max(SMALLEST, Math.ceil(size / MOST_PARTS / MIB) * MIB);
	return { partSize, parts: Math.max(1, Math.ceil(size / partSize)), buffers: Math.floor(MEMORY / partSize) };
}

/** Bytes of one part. @param number from 1 */
export function sizeOfPart({ partSize }: PartPlan, size: number, number: number): number {
	return Math.min(partSize, size - (number - 1) * partSize);
}
