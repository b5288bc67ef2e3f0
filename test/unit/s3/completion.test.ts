import { FileXError } from '../../../filex/errors';
import { complete } from '../../../filex/s3/completion';
import { etagOf } from '../../../filex/s3/multipart-calls';
import { s3Error } from '../../../filex/s3/s3-errors';

const sdkError = (name: string, httpStatusCode?: number, more: object = {}) =>
	Object.assign(new Error('secret text'), { name, $metadata: { httpStatusCode }, ...more });
const refusal = (name: string, status?: number, more?: object) =>
	s3Error(
		sdkError(name, status, { ...(status && { Code: name }), ...more }),
		'0001/focus/in/a.zip',
		'S3 at https://s3.example.com',
	);

describe('putting parts together', () => {
	const LOST = refusal('Error', undefined, { code: 'ECONNRESET' });
	const FAILED = refusal('InternalError', 500);

	/** What S3 does: the answers to Complete in their order, and what it says when it is asked. */
	async function run(
		answers: Array<FileXError | 'done'>,
		{ isComplete = false, hasParts = true, canAbort = true } = {},
	) {
		const asked: string[] = [];
		const calls = {
			complete: async () => {
				asked.push('complete');
				const answer = answers.shift()!;
				if (answer !== 'done') throw answer;
				return {};
			},
			isComplete: async () => (asked.push('head'), isComplete),
			hasParts: async () => (asked.push('parts'), hasParts),
			abort: async () => (asked.push('abort'), canAbort),
		};
		const { outcome, ...more } = await complete(calls, '0001/focus/in/a.zip', 'hash', 0);
		return { asked: asked.join(' '), outcome, mayRepeat: 'mayRepeat' in more ? more.mayRepeat : undefined };
	}

	it('is done once where it is answered', async () => {
		expect(await run(['done'])).toEqual({ asked: 'complete', outcome: 'accepted', mayRepeat: undefined });
	});

	it.each([
		['lost', LOST],
		['an error', FAILED],
		['"no such upload"', refusal('NoSuchUpload', 404)],
	])('counts as done where the answer is %s and the file is there', async (_what, answer) => {
		expect(await run([answer], { isComplete: true })).toMatchObject({ asked: 'complete head', outcome: 'accepted' });
	});

	it.each([
		['lost', LOST],
		['an error', FAILED],
		['"no such upload"', refusal('NoSuchUpload', 404)],
	])('is not done again where the answer is %s and the parts are gone', async (_what, answer) => {
		expect(await run([answer], { hasParts: false })).toMatchObject({
			asked: 'complete head parts',
			outcome: 'unknown',
		});
	});

	it('is done again only after S3 was asked', async () => {
		expect(await run([LOST, FAILED, 'done'])).toMatchObject({
			asked: 'complete head parts complete head parts complete',
			outcome: 'accepted',
		});
	});

	it('throws the parts away after the last refusal, so that it is certain', async () => {
		expect(await run([FAILED, FAILED, FAILED])).toMatchObject({
			asked: expect.stringMatching(/head parts abort$/),
			outcome: 'rejected',
			mayRepeat: true,
		});
		expect(await run([FAILED, FAILED, FAILED], { canAbort: false })).toMatchObject({ outcome: 'unknown' });
	});

	it('leaves the parts alone where S3 may still be at it', async () => {
		expect(await run([LOST, LOST, LOST])).toMatchObject({
			asked: expect.not.stringContaining('abort'),
			outcome: 'unknown',
		});
	});

	it('ends with a refusal that is for good', async () => {
		expect(await run([refusal('AccessDenied', 403)])).toEqual({
			asked: 'complete abort',
			outcome: 'rejected',
			mayRepeat: false,
		});
	});

	it('does not take it for good where the parts cannot be thrown away: S3 may have put them together', async () => {
		expect(await run([refusal('AccessDenied', 403)], { canAbort: false, isComplete: true })).toMatchObject({
			asked: 'complete abort head',
			outcome: 'accepted',
		});
		expect(await run([refusal('AccessDenied', 403)], { canAbort: false, hasParts: false })).toMatchObject({
			outcome: 'unknown',
		});
	});

	it("does not take what a proxy says for S3's own word", async () => {
		expect(await run([refusal('403', 403, { Code: undefined })], { hasParts: false })).toMatchObject({
			asked: 'complete head parts',
			outcome: 'unknown',
		});
	});
});

describe('the entity tag of a file in parts', () => {
	it("is that of the parts' tags, as S3 makes it", () => {
		const ETag = '"93b885adfe0da089cdf634904fd59f71"';
		expect(etagOf([{ ETag }, { ETag }])).toMatch(/^[0-9a-f]{32}-2$/);
	});

	it('cannot be known where a tag is no MD5', () => {
		expect(etagOf([{ ETag: '"93b885adfe0da089cdf634904fd59f71-1"' }])).toBeUndefined();
		expect(etagOf([{}])).toBeUndefined();
	});
});

describe('what S3 says', () => {
	it.each([
		['AccessDenied', 403, 'entitlement', false],
		['NoSuchKey', 404, 'not-found', true],
		['ExpiredToken', 400, 'expired-url', true],
		['InvalidAccessKeyId', 403, 'expired-url', true],
		['SlowDown', 503, 'unavailable', true],
		['InternalError', 500, 'unavailable', true],
		['RequestTimeout', 400, 'unavailable', true],
		['PreconditionFailed', 412, 'incomplete', true],
		['SignatureDoesNotMatch', 403, 'unexpected-answer', true],
		['RequestTimeTooSkewed', 403, 'unexpected-answer', true],
	])('%s (%i) means: %s', (name, status, kind, retrySafe) => {
		const error = refusal(name, status);
		expect(error).toMatchObject({ kind, retrySafe, httpStatus: status });
		expect(error.message).toContain(`(HTTP ${status} ${name})`);
		expect(`${error.message}${error.hint}`).not.toContain('secret text');
	});

	it('nothing at all where no connection came about', () => {
		expect(refusal('Error', undefined, { code: 'ECONNREFUSED' })).toMatchObject({
			kind: 'unavailable',
			neverConnected: true,
		});
		expect(refusal('TimeoutError', undefined, { code: 'ECONNRESET' })).toMatchObject({
			kind: 'unavailable',
			neverConnected: false,
		});
		// Which of its time limits it was, the SDK does not say.
		expect(refusal('TimeoutError')).toMatchObject({ kind: 'unavailable', neverConnected: false });
	});
});
