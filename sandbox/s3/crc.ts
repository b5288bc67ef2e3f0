/** CRC-32C (Castagnoli) and CRC-64/NVME, eight bytes at a step. Both have their bits reflected, and start and end inverted. */
export interface Crc {
	update(bytes: Buffer): void;
	/** Most significant byte first. */
	digest(): Buffer;
}

/** What follows from every byte at each of the eight places, in halves of 32 bits. */
interface Tables {
	high: Uint32Array;
	low: Uint32Array;
}

/** The polynomials, reflected. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html */
export const POLYNOMIALS = { CRC32: 0xedb88320n, CRC32C: 0x82f63b78n, CRC64NVME: 0x9a6c9329ac4bc9b5n } as const;

function makeTables(polynomial: bigint): Tables {
	const values: bigint[] = [];
	for (let byte = 0; byte < 256; byte++) {
		let value = BigInt(byte);
		for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ polynomial : value >> 1n;
		values.push(value);
	}
	for (let i = 256; i < 2048; i++) {
		const before = values[i - 256]!;
		values.push((before >> 8n) ^ values[Number(before & 255n)]!);
	}
	return {
		high: Uint32Array.from(values, (value) => Number(value >> 32n)),
		low: Uint32Array.from(values, (value) => Number(value & 0xffffffffn)),
	};
}

const made = new Map<bigint, Tables>();

function tablesOf(polynomial: bigint): Tables {
	const known = made.get(polynomial) ?? makeTables(polynomial);
	made.set(polynomial, known);
	return known;
}

export function startCrc32c(): Crc {
	const table = tablesOf(POLYNOMIALS.CRC32C).low;
	let crc = -1;
	return {
		update(bytes) {
			let i = 0;
			for (const last = bytes.length - 7; i < last; i += 8) {
				crc ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
				crc =
					table[1792 + (crc & 255)]! ^
					table[1536 + ((crc >>> 8) & 255)]! ^
					table[1280 + ((crc >>> 16) & 255)]! ^
					table[1024 + (crc >>> 24)]! ^
					table[768 + bytes[i + 4]!]! ^
					table[512 + bytes[i + 5]!]! ^
					table[256 + bytes[i + 6]!]! ^
					table[bytes[i + 7]!]!;
			}
			for (; i < bytes.length; i++) crc = (crc >>> 8) ^ table[(crc ^ bytes[i]!) & 255]!;
		},
		digest: () => bigEndian(~crc),
	};
}

export function startCrc64Nvme(): Crc {
	const { high: highs, low: lows } = tablesOf(POLYNOMIALS.CRC64NVME);
	let high = -1;
	let low = -1;
	return {
		update(bytes) {
			let i = 0;
			for (const last = bytes.length - 7; i < last; i += 8) {
				low ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
				high ^= bytes[i + 4]! | (bytes[i + 5]! << 8) | (bytes[i + 6]! << 16) | (bytes[i + 7]! << 24);
				const a = 1792 + (low & 255);
				const b = 1536 + ((low >>> 8) & 255);
				const c = 1280 + ((low >>> 16) & 255);
				const d = 1024 + (low >>> 24);
				const e = 768 + (high & 255);
				const f = 512 + ((high >>> 8) & 255);
				const g = 256 + ((high >>> 16) & 255);
				const h = high >>> 24;
				low = lows[a]! ^ lows[b]! ^ lows[c]! ^ lows[d]! ^ lows[e]! ^ lows[f]! ^ lows[g]! ^ lows[h]!;
				high = highs[a]! ^ highs[b]! ^ highs[c]! ^ highs[d]! ^ highs[e]! ^ highs[f]! ^ highs[g]! ^ highs[h]!;
			}
			for (; i < bytes.length; i++) {
				const at = (low ^ bytes[i]!) & 255;
				low = ((low >>> 8) | (high << 24)) ^ lows[at]!;
				high = (high >>> 8) ^ highs[at]!;
			}
		},
		digest: () => Buffer.concat([bigEndian(~high), bigEndian(~low)]),
	};
}

/** The lower 32 bits of a number. */
export function bigEndian(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32BE(value >>> 0);
	return bytes;
}
