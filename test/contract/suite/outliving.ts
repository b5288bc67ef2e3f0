import { setTimeout as sleep } from 'node:timers/promises';
import { Readable } from 'node:stream';
import { CheckedReader } from '../../../filex';
import { Content, summary } from '../../support/content';
import { MIB } from '../../support/sizes';
import type { Bench } from './bench';

/** How long tokens live here, in seconds. */
const LIFE = 3;

/** Tokens of S3 Direct that end while files are on their way. Transfers take up to three lives. */
export function outliving(bench: Bench): void {
	beforeEach(() => bench.target.letTokensLive(LIFE));
	afterEach(() => bench.target.letTokensLive(3600));

	it('outlives its token in an upload in parts', async () => {
		const content = new Content(70 * MIB + 5, 'outlived');
		const before = bench.target.tokens();
		const request = await bench.space().requestUpload({ ...bench.target.filings, name: 'outlived.zip' });
		const outcome = await request.send(content.file(32), new AbortController().signal);
		expect(outcome).toMatchObject({ outcome: 'accepted', sha256: content.digest('sha256') });
		expect(await bench.target.arrived('outlived.zip')).toEqual([
			{ size: content.size, sha256: content.digest('sha256') },
		]);
		expect(bench.target.tokens() - before).toBeGreaterThanOrEqual(3);
	});

	it('outlives its token in an upload in one request', async () => {
		const content = new Content(5_000_000, 'outlived');
		const request = await bench.space().requestUpload({ ...bench.target.filings, name: 'in-one.zip' });
		// 20 pieces, so that the last one comes a second after the token's end.
		const outcome = await request.send(content.file((LIFE * 1000) / 15), new AbortController().signal);
		expect(outcome).toMatchObject({ outcome: 'accepted', sha256: content.digest('sha256') });
		expect(await bench.target.arrived('in-one.zip')).toEqual([
			{ size: content.size, sha256: content.digest('sha256') },
		]);
	});

	it('outlives its token in a download', async () => {
		const content = new Content(70 * MIB + 5, 'outlived');
		await bench.target.publish('outlived.bin', content);
		const before = bench.target.tokens();
		const { stream } = await new CheckedReader(bench.space()).read({ ...bench.target.reports, name: 'outlived.bin' });
		expect(await summary(Readable.from(slowly(stream)))).toEqual({
			size: content.size,
			sha256: content.digest('sha256'),
		});
		expect(bench.target.tokens() - before).toBeGreaterThanOrEqual(3);
	});
}

/** The same bytes, to whoever takes 8 MiB a second. */
async function* slowly(stream: Readable): AsyncGenerator<Buffer> {
	for await (const chunk of stream as AsyncIterable<Buffer>) {
		await sleep((chunk.length / (8 * MIB)) * 1000);
		yield chunk;
	}
}
