import { createHash } from 'node:crypto';
import { ChunkedDecoder, type ChunkedOptions } from '../../../../sandbox/s3/aws-chunked';
import { chunkSignature, type SigningContext, signingKey, trailerSignature } from '../../../../sandbox/s3/signature';

const SCOPE = { date: '20130524', region: 'us-east-1', service: 's3' };
const SIGNING: SigningContext = {
	key: signingKey('secret', SCOPE),
	stamp: '20130524T000000Z',
	scope: SCOPE,
	seed: '0'.repeat(64),
};

const BODY = Buffer.alloc(8192 + 100, 'abc');
const PIECES = [BODY.subarray(0, 8192), BODY.subarray(8192), Buffer.alloc(0)];

/** Every place in the framing, and some amid the bytes. */
function places(framed: Buffer): number[] {
	return Array.from({ length: framed.length + 1 }, (_, at) => at).filter(
		(at) => at < 100 || at > 8200 || at % 997 === 0,
	);
}

/** A signed body, as a client would frame it. */
function signed(trailer?: string): Buffer {
	let previous = SIGNING.seed;
	const chunks = PIECES.flatMap((piece) => {
		previous = chunkSignature(SIGNING, previous, createHash('sha256').update(piece).digest('hex'));
		return [
			Buffer.from(`${piece.length.toString(16)};chunk-signature=${previous}\r\n`),
			piece,
			Buffer.from(piece.length > 0 ? '\r\n' : ''),
		];
	});
	const end =
		trailer === undefined
			? ''
			: `${trailer}\r\nx-amz-trailer-signature:${trailerSignature(SIGNING, previous, `${trailer}\n`)}\r\n`;
	return Buffer.concat([...chunks, Buffer.from(`${end}\r\n`)]);
}

function unsigned(trailer: string): Buffer {
	const chunks = PIECES.flatMap((piece) => [
		Buffer.from(`${piece.length.toString(16)}\r\n`),
		piece,
		Buffer.from(piece.length > 0 ? '\r\n' : ''),
	]);
	return Buffer.concat([...chunks, Buffer.from(`${trailer}\r\n\r\n`)]);
}

const MODES: Record<string, [body: Buffer, options: ChunkedOptions]> = {
	'signed chunks': [signed(), { length: BODY.length, signing: SIGNING, trailer: false }],
	'signed chunks and trailer': [
		signed('x-amz-checksum-crc32:AAAAAA=='),
		{ length: BODY.length, signing: SIGNING, trailer: true },
	],
	'an unsigned trailer': [
		unsigned('x-amz-checksum-crc32:AAAAAA=='),
		{ length: BODY.length, signing: undefined, trailer: true },
	],
};

function decode(options: ChunkedOptions, ...pieces: Buffer[]): { body: Buffer; trailers: Map<string, string> } {
	const decoder = new ChunkedDecoder(options);
	const body = Buffer.concat(pieces.flatMap((piece) => decoder.push(piece)));
	decoder.end();
	return { body, trailers: decoder.trailers };
}

describe.each(Object.entries(MODES))('with %s', (_mode, [framed, options]) => {
	it('decodes a body that is split anywhere', () => {
		for (const at of places(framed)) {
			const { body, trailers } = decode(options, framed.subarray(0, at), framed.subarray(at));
			expect(body.equals(BODY)).toBe(true);
			expect([...trailers]).toEqual(options.trailer ? [['x-amz-checksum-crc32', 'AAAAAA==']] : []);
		}
	});

	it('decodes a body that comes byte by byte', () => {
		expect(decode(options, ...Array.from(framed, (byte) => Buffer.from([byte]))).body.equals(BODY)).toBe(true);
	});

	it('refuses a body that ends anywhere before its end', () => {
		for (const at of places(framed).slice(0, -1)) {
			expect(() => decode(options, framed.subarray(0, at))).toThrow(
				expect.objectContaining({ code: expect.stringMatching(/IncompleteBody|MalformedTrailerError/) }),
			);
		}
	});

	it('refuses bytes after the end', () => {
		expect(() => decode(options, framed, Buffer.from('x'))).toThrow(
			expect.objectContaining({ code: 'IncompleteBody' }),
		);
	});

	it.each([-1, 1])('refuses a body whose announced length is wrong by %d', (by) => {
		expect(() => decode({ ...options, length: options.length + by }, framed)).toThrow(
			expect.objectContaining({ code: 'IncompleteBody' }),
		);
	});
});

it.each(['signed chunks', 'signed chunks and trailer'])('refuses %s of which any byte was changed', (mode) => {
	const [framed, options] = MODES[mode]!;
	for (const at of places(framed).slice(0, -1)) {
		const changed = Buffer.from(framed);
		changed[at] = changed[at]! ^ 1;
		// What only ends a line may be written in more ways than one.
		if (framed[at] === 0x0d) continue;
		expect(() => decode(options, changed)).toThrow();
	}
});

it('names a tampered chunk by its signature', () => {
	const [framed, options] = MODES['signed chunks']!;
	const changed = Buffer.from(framed);
	changed[1000] = changed[1000]! ^ 1;
	expect(() => decode(options, changed)).toThrow(
		expect.objectContaining({ code: 'SignatureDoesNotMatch', status: 403 }),
	);
});

it.each([
	['no size', 'hello\r\n'],
	['a negative size', '-1\r\n'],
	['an endless size', `${'f'.repeat(20)}\r\n`],
	['an endless line', '0'.repeat(10_000)],
	['no line end after a chunk', `${(8192).toString(16)}\r\n${'a'.repeat(8192)}xx`],
])('refuses %s', (_what, text) => {
	expect(() => decode({ length: 8192, signing: undefined, trailer: true }, Buffer.from(text))).toThrow(
		expect.objectContaining({ code: 'IncompleteBody' }),
	);
});

it('refuses small chunks before the last', () => {
	const text = '3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n';
	expect(() => decode({ length: 6, signing: undefined, trailer: true }, Buffer.from(text))).toThrow(
		expect.objectContaining({ code: 'InvalidChunkSizeError' }),
	);
});

it('refuses a trailer that was not announced', () => {
	expect(() => decode({ length: 0, signing: undefined, trailer: false }, Buffer.from('0\r\na:b\r\n\r\n'))).toThrow(
		expect.objectContaining({ code: 'MalformedTrailerError' }),
	);
});

it('refuses a trailer without end', () => {
	const text = `0\r\n${Array.from({ length: 100 }, (_, i) => `a${i}:b\r\n`).join('')}`;
	expect(() => decode({ length: 0, signing: undefined, trailer: true }, Buffer.from(text))).toThrow(
		expect.objectContaining({ code: 'MalformedTrailerError' }),
	);
});

it('takes the line ends of a signed trailer as the documentation has them', () => {
	const [framed, options] = MODES['signed chunks and trailer']!;
	const text = framed.toString('latin1').replace('AAAAAA==\r\n', 'AAAAAA==\n\r\n');
	expect(decode(options, Buffer.from(text, 'latin1')).body.equals(BODY)).toBe(true);
});
