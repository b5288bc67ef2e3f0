import { POLYNOMIALS } from './crc';

export type CrcAlgorithm = keyof typeof POLYNOMIALS;

/** The checksum of a part, and the part's bytes. */
export interface PartChecksum {
	digest: Buffer;
	size: number;
}

/**
 * The checksum of parts put one behind the other, from their own: what S3 calls FULL_OBJECT. A CRC is
 * a remainder of polynomials over GF(2), so bytes that follow multiply it by a power of x.
 */
export function combineCrcs(algorithm: CrcAlgorithm, parts: PartChecksum[]): Buffer {
	const polynomial = POLYNOMIALS[algorithm];
	const bits = algorithm === 'CRC64NVME' ? 64n : 32n;
	const powers = new Map<number, bigint>();
	const powerOf = (size: number) => {
		const known = powers.get(size) ?? power(BigInt(size) * 8n, polynomial, bits);
		powers.set(size, known);
		return known;
	};
	const whole = parts.reduce(
		(crc, { digest, size }) => multiply(powerOf(size), crc, polynomial, bits) ^ BigInt(`0x${digest.toString('hex')}`),
		0n,
	);
	return Buffer.from(whole.toString(16).padStart(Number(bits / 4n), '0'), 'hex');
}

/** x to a power, modulo the polynomial. The highest bit stands for 1. */
function power(exponent: bigint, polynomial: bigint, bits: bigint): bigint {
	let result = 1n << (bits - 1n);
	let square = 1n << (bits - 2n);
	for (let rest = exponent; rest > 0n; rest >>= 1n) {
		if (rest & 1n) result = multiply(result, square, polynomial, bits);
		square = multiply(square, square, polynomial, bits);
	}
	return result;
}

function multiply(a: bigint, b: bigint, polynomial: bigint, bits: bigint): bigint {
	let product = 0n;
	for (let mask = 1n << (bits - 1n), shifted = b; mask > 0n; mask >>= 1n) {
		if (a & mask) product ^= shifted;
		shifted = shifted & 1n ? (shifted >> 1n) ^ polynomial : shifted >> 1n;
	}
	return product;
}
