import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';

/** Random bytes, in whole MiB, no two MiB alike, so that a piece in the wrong place shows. */
export async function writeLargeFile(path: string, size: number): Promise<void> {
	const block = randomBytes(2 ** 20);
	const file = await open(path, 'w');
	for (let number = 0; number < size / block.length; number++) {
		block.writeUInt32BE(number, 0);
		await file.write(block);
	}
	await file.close();
}

/** The lower-case hex SHA-256 of a file. */
export async function hashOf(path: string): Promise<string> {
	const hash = createHash('sha256');
	for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(chunk as Buffer);
	return hash.digest('hex');
}
