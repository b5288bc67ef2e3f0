import { createHash, type Hash } from 'node:crypto';
import { S3Error } from './errors';
import { chunkSignature, sameSecret, trailerSignature, type SigningContext } from './signature';

export interface ChunkedOptions {
	/** Bytes of the decoded body, as `x-amz-decoded-content-length` announces them. */
	length: number;
	/** Verifies the signatures of chunks and trailer; undefined where they have none. */
	signing: SigningContext | undefined;
	/** Whether a trailer follows the last chunk. */
	trailer: boolean;
}

/** Only the last chunk with bytes may be smaller. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html */
const MIN_CHUNK = 8192;

/** Longest line of the framing. */
const MAX_LINE = 4096;

/** Most lines of a trailer. */
const MAX_TRAILERS = 16;

const TRAILER_SIGNATURE = 'x-amz-trailer-signature';

/**
 * Takes the `aws-chunked` framing off a body, piece by piece, as they come in.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and sigv4-streaming-trailers.html
 */
export class ChunkedDecoder {
	/** What followed the last chunk, by name in lower case. */
	readonly trailers = new Map<string, string>();
	private state: 'size' | 'data' | 'end of data' | 'trailer' | 'done' = 'size';
	private line = Buffer.alloc(0);
	/** Bytes that the chunk has yet to bring. */
	private rest = 0;
	private lastSize = MIN_CHUNK;
	private decoded = 0;
	private claimed = '';
	private previous: string;
	private hash: Hash | undefined;
	private trailerText = '';
	private isTrailerSigned = false;

	constructor(private readonly options: ChunkedOptions) {
		this.previous = options.signing?.seed ?? '';
	}

	/** The bytes of the body in a piece of the framed one. @throws S3Error where the framing or a signature is wrong */
	push(piece: Buffer): Buffer[] {
		const bytes: Buffer[] = [];
		for (let at = 0; at < piece.length;) {
			if (this.state === 'data') {
				const part = piece.subarray(at, at + this.rest);
				at += part.length;
				this.takeData(part);
				bytes.push(part);
			} else {
				at = this.takeLine(piece, at);
			}
		}
		return bytes;
	}

	/** @throws S3Error IncompleteBody where the body is not whole */
	end(): void {
		if (this.state !== 'done' || this.decoded !== this.options.length) throw new S3Error('IncompleteBody');
	}

	private takeData(part: Buffer): void {
		this.hash?.update(part);
		this.rest -= part.length;
		if (this.rest === 0) {
			this.checkChunk();
			this.state = 'end of data';
		}
	}

	private takeLine(piece: Buffer, at: number): number {
		if (this.state === 'done') throw new S3Error('IncompleteBody');
		const end = piece.indexOf(0x0a, at);
		const part = piece.subarray(at, end < 0 ? piece.length : end);
		if (this.line.length + part.length > MAX_LINE) throw new S3Error('IncompleteBody');
		this.line = Buffer.concat([this.line, part]);
		if (end < 0) return piece.length;
		const line = this.line.toString('latin1').replace(/\r$/, '');
		this.line = Buffer.alloc(0);
		if (this.state === 'size') this.startChunk(line);
		else if (this.state === 'trailer') this.takeTrailer(line);
		else if (line !== '') throw new S3Error('IncompleteBody');
		else this.state = 'size';
		return end + 1;
	}

	private startChunk(line: string): void {
		const [, hex, signature] = /^([0-9a-fA-F]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(line) ?? [];
		if (hex === undefined || (this.options.signing && signature === undefined)) throw new S3Error('IncompleteBody');
		const size = parseInt(hex, 16);
		if (size > 0 && this.lastSize < MIN_CHUNK)
			throw new S3Error('InvalidChunkSizeError', { BadChunkSize: this.lastSize });
		this.decoded += size;
		if (this.decoded > this.options.length) throw new S3Error('IncompleteBody');
		this.lastSize = size;
		this.claimed = signature ?? '';
		this.hash = this.options.signing && createHash('sha256');
		this.rest = size;
		this.state = 'data';
		if (size > 0) return;
		this.checkChunk();
		this.state = 'trailer';
	}

	private checkChunk(): void {
		const { signing } = this.options;
		if (!signing) return;
		const signature = chunkSignature(signing, this.previous, this.hash!.digest('hex'));
		if (!sameSecret(signature, this.claimed)) throw new S3Error('SignatureDoesNotMatch');
		this.previous = signature;
	}

	private takeTrailer(line: string): void {
		const { signing, trailer } = this.options;
		const mustSign = trailer && signing !== undefined;
		if (line === '') {
			// Some clients put an empty line before the trailer's signature, as AWS's documentation shows it.
			if (!mustSign || this.isTrailerSigned) this.state = 'done';
			else if (++this.emptyLines > 1) throw new S3Error('MalformedTrailerError');
			return;
		}
		const colon = line.indexOf(':');
		if (!trailer || colon < 1 || this.isTrailerSigned || this.trailers.size >= MAX_TRAILERS)
			throw new S3Error('MalformedTrailerError');
		const name = line.slice(0, colon).trim().toLowerCase();
		const value = line.slice(colon + 1).trim();
		if (mustSign && name === TRAILER_SIGNATURE) return this.checkTrailer(signing, value);
		this.trailers.set(name, value);
		this.trailerText += `${name}:${value}\n`;
	}

	private emptyLines = 0;

	private checkTrailer(signing: SigningContext, claimed: string): void {
		if (!sameSecret(trailerSignature(signing, this.previous, this.trailerText), claimed))
			throw new S3Error('SignatureDoesNotMatch');
		this.isTrailerSigned = true;
	}
}
