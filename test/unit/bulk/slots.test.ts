import { createHash, randomBytes, randomInt } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { MessageChannel } from 'node:worker_threads';
import { SLOT, SlotReader, SLOTS, writeSlots } from '../../../filex/bulk/slots';
import { Random } from '../../support/random';

/** `SLOT_SEED=123` repeats the sizes and the pauses. */
const SEED = Number(process.env.SLOT_SEED ?? randomInt(2 ** 31));

const random = new Random(SEED);

/** The same bytes, in pieces of any size, with pauses. */
async function* inPieces(content: Buffer): AsyncGenerator<Buffer> {
	for (let at = 0; at < content.length;) {
		const piece = content.subarray(at, at + random.between(1, 700_000));
		at += piece.length;
		if (random.chance(0.3)) await turn();
		yield piece;
	}
}

function open(source: Readable): SlotReader {
	const memory = new SharedArrayBuffer(SLOTS * SLOT);
	const { port1, port2 } = new MessageChannel();
	return new SlotReader(memory, port1, async () => await writeSlots(source, memory, port2));
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe(`slots between two threads (SLOT_SEED=${SEED})`, () => {
	it.each([0, 1, SLOT - 1, SLOT, SLOT + 1, 20 * SLOT + 7])(
		'hand %i bytes on as they are, while each chunk is used until the next is asked for',
		async (size) => {
			const content = randomBytes(size);
			const hash = createHash('sha256');
			for await (const chunk of open(Readable.from(inPieces(content))) as AsyncIterable<Buffer>) {
				for (let pause = random.between(0, 5); pause > 0; pause--) await turn();
				hash.update(chunk);
			}
			expect(hash.digest('hex')).toBe(sha256(content));
		},
	);

	it('write a file as it is', async () => {
		const folder = await mkdtemp(join(tmpdir(), 'filex-slots-'));
		const content = randomBytes(30 * SLOT + 1);
		await writeFile(join(folder, 'a'), open(Readable.from(inPieces(content))));
		expect(sha256(await readFile(join(folder, 'a')))).toBe(sha256(content));
		await rm(folder, { recursive: true });
	});

	it('end only when what the writing gives is known', async () => {
		const memory = new SharedArrayBuffer(SLOTS * SLOT);
		const { port1, port2 } = new MessageChannel();
		let isKnown = false;
		const reader = new SlotReader(memory, port1, async () => {
			await writeSlots(Readable.from([randomBytes(10)]), memory, port2);
			for (let pause = 0; pause < 50; pause++) await turn();
			isKnown = true;
		});
		for await (const chunk of reader) expect(chunk).toHaveLength(10);
		expect(isKnown).toBe(true);
	});

	it('fail with what the writing failed with', async () => {
		const broken = async function* () {
			yield randomBytes(3 * SLOT);
			await turn();
			throw new Error('the line broke');
		};
		await expect(
			(async () => {
				for await (const chunk of open(Readable.from(broken()))) expect(chunk).toBeDefined();
			})(),
		).rejects.toThrow('the line broke');
	});

	it('stop the writing when they are not read any more', async () => {
		let isOver = false;
		const endless = async function* () {
			try {
				for (;;) yield randomBytes(SLOT);
			} finally {
				isOver = true;
			}
		};
		const reader = open(Readable.from(endless()));
		reader.on('error', () => {});
		for await (const chunk of reader) {
			expect(chunk).toHaveLength(SLOT);
			break;
		}
		while (!isOver) await turn();
		expect(reader.destroyed).toBe(true);
	});
});
