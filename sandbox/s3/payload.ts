import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Content } from '../state/content';
import { askForBody } from './answer';
import type { Caller } from './authenticate';
import { ChunkedDecoder } from './aws-chunked';
import { readLength, readMd5 } from './body-headers';
import { type ChecksumAlgorithm, checksumHeader, isChecksum, readChecksumClaim, startChecksum } from './checksums';
import type { Crc } from './crc';
import { ClientGone, S3Error } from './errors';
import type { S3Request } from './request';

/** A checksum of a body that the client sent and that was found right. */
export interface VerifiedChecksum {
	algorithm: ChecksumAlgorithm;
	/** In Base64. */
	value: string;
}

/** Strikes while a body is on its way in: cuts the connection, or finds no room. */
export type BodyFault = 'cut' | 'disk-full' | undefined;

export interface PayloadOptions {
	/** A checksum to take even if the client sends none. */
	also?: ChecksumAlgorithm;
	/** Whether the body only reports the object, as do the checksums in the headers then. */
	isDocument?: boolean;
}

/** Bytes that are handed on at a time: what comes over the wire at once is too little to go to the disk with. */
const GATHERED = 1 << 20;

/** The body of a request, without its framing. Its headers are checked at once; nothing is asked of the client before {@link bytes}. */
export class Payload {
	/** Bytes of the object. */
	readonly length: number;
	/** Bytes on the wire, where they are known. */
	private readonly wireLength: number;
	private readonly claim;
	private readonly md5: string | undefined;
	private readonly decoder: ChunkedDecoder | undefined;
	private readonly checksums = new Map<ChecksumAlgorithm, Crc>();

	/** @throws S3Error where the headers are refused */
	constructor(
		private readonly request: S3Request,
		private readonly caller: Caller,
		{ also, isDocument = false }: PayloadOptions = {},
	) {
		const isChunked = caller.payload.startsWith('STREAMING-');
		this.length = readLength(request, isChunked);
		this.wireLength = Number(request.header('content-length') ?? this.length);
		this.md5 = readMd5(request);
		this.claim = isDocument ? undefined : readChecksumClaim(request.headers.keys(), request.header);
		const trailer = caller.payload.endsWith('-TRAILER');
		if (trailer !== (request.header('x-amz-trailer') !== undefined)) throw new S3Error('MalformedTrailerError');
		if (isChunked) {
			const signing = caller.payload.includes('UNSIGNED') ? undefined : caller.signing;
			this.decoder = new ChunkedDecoder({ length: this.length, signing, trailer });
		}
		for (const algorithm of [this.claim?.algorithm, also])
			if (algorithm) this.checksums.set(algorithm, startChecksum(algorithm));
	}

	/** The bytes, once. @throws S3Error where they are broken, ClientGone where they end early */
	async *bytes(incoming: IncomingMessage, response: ServerResponse, fault?: BodyFault): AsyncGenerator<Buffer> {
		askForBody(incoming, response);
		let read = 0;
		const strike = () => {
			if (fault === 'disk-full') throw new Error('There is no room left.');
			if (fault !== 'cut' || read < this.wireLength / 2) return;
			response.destroy();
			throw new ClientGone();
		};
		let parts: Buffer[] = [];
		let size = 0;
		const gathered = () => {
			const bytes = Buffer.concat(parts);
			for (const checksum of this.checksums.values()) checksum.update(bytes);
			[parts, size] = [[], 0];
			return bytes;
		};
		for await (const piece of wireBytes(incoming)) {
			read += piece.length;
			strike();
			for (const part of this.decoder?.push(piece) ?? [piece]) {
				parts.push(part);
				size += part.length;
			}
			if (size >= GATHERED) yield gathered();
		}
		strike();
		this.decoder?.end();
		if (size > 0) yield gathered();
	}

	/** Compares what came with what was announced. @throws S3Error BadDigest, XAmzContentSHA256Mismatch, MalformedTrailerError */
	verify({ md5, sha256 }: Pick<Content, 'md5' | 'sha256'>): VerifiedChecksum | undefined {
		const { payload } = this.caller;
		if (/^[0-9a-f]{64}$/i.test(payload) && payload.toLowerCase() !== sha256) {
			throw new S3Error('XAmzContentSHA256Mismatch', {
				ClientComputedContentSHA256: payload,
				S3ComputedContentSHA256: sha256,
			});
		}
		if (this.md5 !== undefined && this.md5 !== md5) {
			throw new S3Error('BadDigest', {
				ExpectedDigest: this.request.header('content-md5')!,
				CalculatedDigest: Buffer.from(md5, 'hex').toString('base64'),
			});
		}
		if (!this.claim) return undefined;
		const { algorithm } = this.claim;
		const value = this.claim.value ?? this.decoder?.trailers.get(checksumHeader(algorithm));
		if (value === undefined) throw new S3Error('MalformedTrailerError');
		if (!isChecksum(algorithm, value))
			throw new S3Error('InvalidRequest', {}, `Value for ${checksumHeader(algorithm)} trailing header is invalid.`);
		if (value !== this.checksum(algorithm))
			throw new S3Error('BadDigest', {}, `The ${algorithm} you specified did not match the calculated checksum.`);
		return { algorithm, value };
	}

	/** A checksum of all bytes, in Base64; of the client's algorithm, or of the one that was asked for. */
	checksum(algorithm: ChecksumAlgorithm): string {
		const known = this.taken.get(algorithm) ?? this.checksums.get(algorithm)!.digest().toString('base64');
		this.taken.set(algorithm, known);
		return known;
	}

	/** A hash gives its digest only once. */
	private readonly taken = new Map<ChecksumAlgorithm, string>();
}

/** What comes over the wire. Leaving the loop early leaves the connection as it is, so that it can be answered. */
async function* wireBytes(incoming: IncomingMessage): AsyncGenerator<Buffer> {
	try {
		yield* incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
	} catch {
		throw new ClientGone();
	}
}
