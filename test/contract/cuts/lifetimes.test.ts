import { Readable } from 'node:stream';
import { type AccessMethod, CheckedReader, type UploadOutcome } from '../../../filex';
import { SINGLE_PUT } from '../../../filex/s3/part-plan';
import { Content, summary } from '../../support/content';
import { MIB } from '../../support/sizes';
import { type CutSandbox, startCutSandbox } from './cut-sandbox';

const REPORT = { orgId: '0001', application: 'crd', subSpace: 'reports', name: 'a.bin' };
const FILING = { orgId: '0001', application: 'focus', subSpace: 'in', name: 'a.zip' };

/** More than the sockets between hold. */
const SIZE = 70 * MIB + 5;

/** Seconds after which S3 tokens and pre-signed URLs have ended. */
const TOO_LONG = 3601;

/** What runs out while a file is on its way: told by the sandbox's clock, and by a proxy that cuts. */
describe('a transfer that outlives', () => {
	const content = new Content(SIZE, 'outlived');
	const whole = { size: SIZE, sha256: content.digest('sha256') };
	/** The most that goes out in one request over S3 Direct. */
	const inOne = new Content(SINGLE_PUT, 'in one');
	let cut: CutSandbox;
	/** How often the content was opened to be sent. */
	let opened: number;

	const start = async (method: AccessMethod) => {
		opened = 0;
		cut = await startCutSandbox(method);
		await cut.sandbox.store.publish(['0001', 'crd', 'reports', 'a.bin'], content.stream());
	};
	afterEach(async () => await cut.close());

	const count = (service: 'rest' | 's3' | 'sftp', request: RegExp) => cut.sandbox.log.count(service, request);
	const arrivals = () => cut.sandbox.submissions.arrivals();

	/** What a download brings, in whose middle something happens. */
	const download = async (happen: () => void) => {
		const { stream } = await new CheckedReader(await cut.open()).read(REPORT);
		return await summary(Readable.from(interrupted(stream, 10 * MIB, happen), { objectMode: false }));
	};

	/** What becomes of an upload, in whose middle something happens. */
	const upload = async (file: Content, happen: () => void): Promise<UploadOutcome> => {
		const open = async () => {
			opened++;
			return Readable.from(interrupted(file.stream(), file.size / 2, happen), { objectMode: false });
		};
		return await (
			await (await cut.open()).requestUpload(FILING)
		).send({ size: file.size, open }, new AbortController().signal);
	};

	describe('its pre-signed URL', () => {
		beforeEach(async () => await start('rest'));

		it('and its connection, in a download, continues with a new URL', async () => {
			const got = await download(() => {
				cut.advance(TOO_LONG);
				cut.proxy.cutAll();
			});
			expect(got).toEqual(whole);
			expect(count('rest', /^GET \/files\/.*a\.bin/)).toBe(2);
			expect(count('s3', /^GET/)).toBe(2);
		});

		it('in a download, continues without another', async () => {
			expect(await download(() => cut.advance(TOO_LONG))).toEqual(whole);
			expect(count('rest', /^GET \/files\/.*a\.bin/)).toBe(1);
		});

		it('in an upload, is filed', async () => {
			expect(await upload(content, () => cut.advance(TOO_LONG))).toMatchObject({
				outcome: 'accepted',
				sha256: whole.sha256,
			});
			expect(arrivals()).toMatchObject([whole]);
		});

		it('and its connection, in an upload, is certainly not filed, and not sent again by itself', async () => {
			const outcome = await upload(content, () => {
				cut.advance(TOO_LONG);
				cut.proxy.cutAll();
			});
			expect(outcome).toMatchObject({ outcome: 'rejected', mayRepeat: true, error: { kind: 'unavailable' } });
			expect(opened).toBe(1);
			expect(arrivals()).toEqual([]);
		});
	});

	describe('its S3 token', () => {
		beforeEach(async () => await start('s3'));
		const tokens = () => count('rest', /^GET \/S3TransferTokens/);

		it.each([
			['alone', () => {}],
			['and its connections', () => cut.proxy.cutAll()],
		])('%s, in a download, continues with a new token', async (_what, cutAll) => {
			const got = await download(() => {
				cut.advance(TOO_LONG);
				cutAll();
			});
			expect(got).toEqual(whole);
			expect(tokens()).toBeGreaterThan(1);
		});

		it.each([
			['alone', () => {}],
			['and its connections', () => cut.proxy.cutAll()],
		])('%s, in an upload in parts, is filed with a new token', async (_what, cutAll) => {
			const outcome = await upload(content, () => {
				cut.advance(TOO_LONG);
				cutAll();
			});
			expect(outcome).toMatchObject({ outcome: 'accepted', sha256: whole.sha256 });
			expect(arrivals()).toMatchObject([whole]);
			expect(tokens()).toBeGreaterThan(1);
		});

		it('in an upload in one request, is filed', async () => {
			const sha256 = inOne.digest('sha256');
			expect(await upload(inOne, () => cut.advance(TOO_LONG))).toMatchObject({ outcome: 'accepted', sha256 });
			expect(arrivals()).toMatchObject([{ size: inOne.size, sha256 }]);
		});

		it('and its connection, in an upload in one request, is certainly not filed, and not sent again by itself', async () => {
			const outcome = await upload(inOne, () => {
				cut.advance(TOO_LONG);
				cut.proxy.cutAll();
			});
			expect(outcome).toMatchObject({ outcome: 'rejected', mayRepeat: true, error: { kind: 'unavailable' } });
			expect(opened).toBe(1);
			expect(arrivals()).toEqual([]);
		});
	});

	describe('its SFTP connection', () => {
		beforeEach(async () => await start('sftp'));

		it('in a download, continues over another', async () => {
			expect(await download(() => cut.proxy.cutAll())).toEqual(whole);
			expect(count('sftp', /^OPEN /)).toBe(2);
		});

		it('in an upload, is of unknown outcome, and not sent again by itself', async () => {
			const outcome = await upload(content, () => cut.proxy.cutAll());
			expect(outcome).toMatchObject({ outcome: 'unknown', error: { kind: 'outcome-unknown' } });
			expect(opened).toBe(1);
			expect(arrivals()).toEqual([]);
		});
	});
});

/** The same bytes; once `at` of them have passed, something happens. */
async function* interrupted(stream: Readable, at: number, happen: () => void): AsyncGenerator<Buffer> {
	let passed = 0;
	for await (const chunk of stream as AsyncIterable<Buffer>) {
		const before = passed;
		passed += chunk.length;
		if (before < at && passed >= at) happen();
		yield chunk;
	}
}
