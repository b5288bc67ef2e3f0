import { Readable } from 'node:stream';
import { FileXError } from '../../../filex/errors';
import { ConnectionUsers } from '../../../filex/sftp/connection-users';
import { FlightWindow } from '../../../filex/sftp/flight-window';
import { HandleGate } from '../../../filex/sftp/handle-gate';
import { sftpRefusal } from '../../../filex/sftp/sftp-errors';
import { putFile, type UploadSession } from '../../../filex/sftp/upload';
import { KeyedSemaphore } from '../../../filex/util/semaphore';

const status = (code: number | undefined, text = 'Failure') =>
	Object.assign(new Error(text), code === undefined ? {} : { code });
const PATH = '0001/focus/in/a.zip';

/** A server that answers one of the requests of an upload with this error. */
async function upload(where: 'open' | 'write' | 'close', error: Error, places = 16) {
	const done: string[] = [];
	const answerOf = (name: typeof where) => (name === where ? error : undefined);
	const sftp = {
		open: (_path: string, _mode: string, then: (failure: Error | undefined, handle: Buffer) => void) =>
			then(answerOf('open'), Buffer.from('h')),
		write: (...args: unknown[]) => (args.at(-1) as (failure?: Error) => void)(answerOf('write')),
		close: (_handle: Buffer, then: (failure?: Error) => void) => then(answerOf('close')),
	};
	const answer: UploadSession['answer'] = async (path, request) =>
		await new Promise((resolve, reject) =>
			request((failure, value) => (failure ? reject(sftpRefusal(failure, path)) : resolve(value))),
		);
	const session = {
		connected: async () => ({
			sftp,
			destroy: () => done.push('cut'),
			retire: () => done.push('retired'),
			uploads: new ConnectionUsers(),
			writes: new FlightWindow(),
		}),
		answer,
		handles: new HandleGate(answer),
		lane: new KeyedSemaphore(() => new Error('given up')),
		places,
	} as unknown as UploadSession;
	const outcome = await putFile(
		session,
		PATH,
		{ size: 5, open: async () => Readable.from([Buffer.from('hello')]) },
		new AbortController().signal,
	);
	return { outcome, done };
}

describe('an upload over SFTP', () => {
	it.each([[2], [3], [4], [5], [8], [14], [99]])(
		'that the server answers at its end with status %i may be filed: all bytes are there',
		async (code) => {
			expect((await upload('close', status(code))).outcome).toMatchObject({
				outcome: 'unknown',
				error: { kind: 'outcome-unknown' },
			});
		},
	);

	it.each([[2], [3], [4], [5], [8], [14], [99]])(
		'that the server refuses before its end with status %i is not submitted',
		async (code) => {
			expect((await upload('open', status(code))).outcome).toMatchObject({
				outcome: 'rejected',
				mayRepeat: false,
				error: { sftpStatus: code },
			});
			// To close the file would file the part of it that is there. Others on the connection come to their ends.
			for (const [places, end] of [
				[1, 'cut'],
				[16, 'retired'],
			] as const) {
				const { outcome, done } = await upload('write', status(code), places);
				expect(outcome).toMatchObject({ outcome: 'rejected', mayRepeat: false, error: { sftpStatus: code } });
				expect(done).toEqual([end]);
			}
		},
	);

	it.each([[undefined], [6], [7]])('whose connection breaks in mid-file (%s) is of unknown outcome', async (code) => {
		expect((await upload('write', status(code, 'No response from server'))).outcome).toMatchObject({
			outcome: 'unknown',
		});
	});
});

describe('a status of an SFTP server', () => {
	it.each([
		[2, 'not-found'],
		[3, 'entitlement'],
		[4, 'unavailable'],
		[8, 'unavailable'],
		[5, 'unexpected-answer'],
		[14, 'unexpected-answer'],
		[99, 'unexpected-answer'],
	])('%i is a definite answer', (code, kind) =>
		expect(sftpRefusal(status(code), PATH)).toMatchObject({ kind, sftpStatus: code }),
	);

	it('that the guide does not know is reported with its text', () => {
		const { message } = sftpRefusal(status(14, 'No space left'), PATH);
		expect(message).toBe(`The SFTP server refused '${PATH}' with status 14: No space left`);
	});

	it.each([[undefined], [6], [7]])('that a client makes up of a broken connection (%s) is no answer', (code) => {
		const error: FileXError = sftpRefusal(status(code), PATH);
		expect(error).toMatchObject({ kind: 'unavailable', sftpStatus: undefined });
	});
});
