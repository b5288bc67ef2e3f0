import {
	type ChecksumAlgorithm,
	checksumHeader,
	isChecksum,
	readChecksumClaim,
	startChecksum,
} from '../../../../sandbox/s3/checksums';
import { combineCrcs } from '../../../../sandbox/s3/combine';

function digest(algorithm: ChecksumAlgorithm, ...pieces: Buffer[]): string {
	const checksum = startChecksum(algorithm);
	for (const piece of pieces) checksum.update(piece);
	return checksum.digest().toString('hex');
}

const VECTORS: Array<[ChecksumAlgorithm, string]> = [
	['CRC32', 'cbf43926'],
	['CRC32C', 'e3069283'],
	['CRC64NVME', 'ae8b14860a799888'],
	['SHA1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
	['SHA256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
];

it.each(VECTORS)('takes the %s of 123456789', (algorithm, expected) => {
	expect(digest(algorithm, Buffer.from('123456789'))).toBe(expected);
});

it.each([
	['CRC32', '00000000'],
	['CRC32C', '00000000'],
	['CRC64NVME', '0000000000000000'],
] as const)('takes the %s of nothing', (algorithm, expected) => {
	expect(digest(algorithm)).toBe(expected);
});

it.each(VECTORS.map(([algorithm]) => algorithm))('takes the %s of a text in pieces of every size', (algorithm) => {
	const text = Buffer.from(Array.from({ length: 100 }, (_, i) => (i * 37) % 256));
	const whole = digest(algorithm, text);
	for (let at = 0; at <= text.length; at++)
		expect(digest(algorithm, text.subarray(0, at), text.subarray(at))).toBe(whole);
});

it.each(['CRC32', 'CRC32C', 'CRC64NVME'] as const)('puts the %s of parts together', (algorithm) => {
	const parts = [Buffer.alloc(1000, 'a'), Buffer.alloc(1000, 'b'), Buffer.from('the end'), Buffer.alloc(0)];
	const whole = combineCrcs(
		algorithm,
		parts.map((part) => ({ digest: Buffer.from(digest(algorithm, part), 'hex'), size: part.length })),
	);
	expect(whole.toString('hex')).toBe(digest(algorithm, ...parts));
});

it('knows Base64 of the right length', () => {
	expect(isChecksum('CRC32', 'y/Q5Jg==')).toBe(true);
	expect(isChecksum('CRC32', 'y/Q5Jg')).toBe(false);
	expect(isChecksum('CRC32', 'y_Q5Jg==')).toBe(false);
	expect(isChecksum('CRC64NVME', 'y/Q5Jg==')).toBe(false);
});

function claimOf(headers: Record<string, string>) {
	return readChecksumClaim(Object.keys(headers), (name) => headers[name]);
}

it('reads the checksum that headers or trailer announce', () => {
	expect(claimOf({})).toBeUndefined();
	expect(claimOf({ 'x-amz-checksum-crc32': 'y/Q5Jg==', 'x-amz-sdk-checksum-algorithm': 'CRC32' })).toEqual({
		algorithm: 'CRC32',
		value: 'y/Q5Jg==',
	});
	expect(claimOf({ 'x-amz-trailer': 'x-amz-checksum-crc64nvme' })).toEqual({
		algorithm: 'CRC64NVME',
		value: undefined,
	});
	expect(claimOf({ 'x-amz-checksum-mode': 'ENABLED' })).toBeUndefined();
	expect(checksumHeader('CRC64NVME')).toBe('x-amz-checksum-crc64nvme');
});

it.each([
	['two checksums', { 'x-amz-checksum-crc32': 'y/Q5Jg==', 'x-amz-checksum-sha1': 'x' }],
	['header and trailer', { 'x-amz-checksum-crc32': 'y/Q5Jg==', 'x-amz-trailer': 'x-amz-checksum-crc32' }],
	['a value that is not one', { 'x-amz-checksum-crc32': 'nonsense' }],
	['an unknown algorithm', { 'x-amz-checksum-crc16': 'AAA=' }],
	['an unknown trailer', { 'x-amz-trailer': 'x-amz-meta-a' }],
	['an algorithm of another name', { 'x-amz-checksum-crc32': 'y/Q5Jg==', 'x-amz-sdk-checksum-algorithm': 'SHA1' }],
	['an algorithm without its checksum', { 'x-amz-sdk-checksum-algorithm': 'SHA1' }],
])('refuses %s', (_what, headers) => {
	expect(() => claimOf(headers as Record<string, string>)).toThrow(expect.objectContaining({ code: 'InvalidRequest' }));
});
