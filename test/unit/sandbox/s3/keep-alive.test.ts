import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Reply } from '../../../../sandbox/s3/answer';
import { S3Error } from '../../../../sandbox/s3/errors';
import { keepAlive } from '../../../../sandbox/s3/keep-alive';

async function written({ stream }: Reply): Promise<string> {
	let text = '';
	const add = (part: string) => {
		text += part;
	};
	await stream!({ write: add, end: add } as unknown as ServerResponse);
	return text;
}

it('answers quick work as a whole', async () => {
	expect(await keepAlive(async () => '<A/>')).toEqual({
		status: 200,
		xml: '<?xml version="1.0" encoding="UTF-8"?>\n<A/>',
	});
});

it('lets the error of quick work have its own status', async () => {
	await expect(keepAlive(async () => await Promise.reject(new S3Error('InvalidPart')))).rejects.toMatchObject({
		code: 'InvalidPart',
	});
});

it('gives signs of life while slow work continues', async () => {
	const reply = await keepAlive(async () => await wait(100, '<A/>'), 1, 10);
	expect(reply.status).toBe(200);
	expect(await written(reply)).toMatch(/^<\?xml [^>]+>\n +<A\/>$/);
});

it('reports the error of slow work in its answer', async () => {
	const fail = async (error: Error) =>
		await keepAlive(async () => await wait(50).then(() => Promise.reject(error)), 1, 10);
	expect(await written(await fail(new S3Error('PreconditionFailed')))).toContain(
		'<Error><Code>PreconditionFailed</Code>',
	);
	expect(await written(await fail(new Error('secret')))).toMatch(/<Code>InternalError<\/Code>(?!.*secret)/);
});
