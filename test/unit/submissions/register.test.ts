import { FileXError } from '../../../filex/errors';
import type { RemoteFile } from '../../../filex/space';
import { Register, type RegisterOptions } from '../../../filex/submissions/register';

const FILE = { orgId: '0001', application: 'focus', subSpace: 'in', name: 'a.zip' };
const failure = (kind: FileXError['kind'], more: object = {}) =>
	new FileXError(kind, 'refused', { hint: '', retrySafe: kind === 'unavailable', ...more });

const PAGE = failure('unexpected-answer', { isForeign: true, httpStatus: 404 });
const RESET = failure('unavailable');
const NOT_ENTITLED = failure('entitlement', { httpStatus: 401 });
const NOT_THERE = failure('not-found', { httpStatus: 404 });
const NO_LOGIN = failure('credentials');

/** What is unseen at each of three looks, a `!` for what is closed, and how often tracking was asked. */
async function looks(
	answers: {
		tracking?: Array<FileXError | undefined>;
		in?: Array<FileXError | undefined>;
		archive?: Array<FileXError | undefined>;
	},
	options?: RegisterOptions,
) {
	let asked = 0;
	const next = (failures: Array<FileXError | undefined> = []) => {
		const error = failures.shift();
		if (error) throw error;
	};
	const snapshot = async () => {
		asked++;
		next(answers.tracking);
		return { submissions: [], at: 0 };
	};
	const list = async ({ subSpace }: { subSpace: string }): Promise<RemoteFile[]> => {
		next(subSpace === 'in' ? answers.in : answers.archive);
		return [];
	};
	const register = new Register({ snapshot }, { list }, options);
	const unseen: string[] = [];
	for (let turn = 0; turn < 3; turn++)
		unseen.push(
			(await register.look(FILE)).unseen.map(({ part: place, isClosed }) => `${place}${isClosed ? '!' : ''}`).join(' '),
		);
	return { unseen, asked };
}

describe('what fileX shows of a file', () => {
	it.each([
		['a page in its place', PAGE],
		['a connection that is reset', RESET],
	])('is not known of a place that gives %s, and is asked again', async (_name, error) => {
		expect((await looks({ tracking: [error] })).unseen).toEqual(['tracking', '', '']);
		expect((await looks({ in: [error, error] })).unseen).toEqual(['uploadSubSpace', 'uploadSubSpace', '']);
		expect((await looks({ archive: [error] })).unseen).toEqual(['archive', '', '']);
	});

	it('is not known of a sub-space that the account may not see, which is not asked for again', async () => {
		expect((await looks({ in: [NOT_ENTITLED], archive: [NOT_ENTITLED] })).unseen).toEqual(
			Array(3).fill('uploadSubSpace! archive!'),
		);
	});

	it('may be known later of a sub-space that is not there now', async () => {
		expect((await looks({ archive: [NOT_THERE] })).unseen).toEqual(['archive!', '', '']);
	});

	it.each([
		['the user stops it', failure('cancelled')],
		['the login is refused', NO_LOGIN],
		['the account may not see tracking, over REST', NOT_ENTITLED],
	])('cannot be reported where %s', async (_name, error) => {
		await expect(looks({ tracking: [error] })).rejects.toBe(error);
	});
});

describe('a sender that need not be able to use REST', () => {
	const untracked = { canMissTracking: true };

	it.each([
		['its login', NO_LOGIN],
		['it', NOT_ENTITLED],
	])('does without tracking where fileX refuses %s there', async (_name, error) => {
		expect(await looks({ tracking: [error] }, untracked)).toEqual({ unseen: Array(3).fill('tracking!'), asked: 1 });
	});

	it.each([
		['a page in its place', PAGE],
		['no answer', RESET],
		["a refusal that is not fileX's own", failure('credentials', { isForeign: true })],
	])('does not where it is %s', async (_name, error) => {
		const { unseen } = await looks({ tracking: [error, error] }, untracked).catch(() => ({ unseen: ['thrown'] }));
		expect([['tracking', 'tracking', ''], ['thrown']]).toContainEqual(unseen);
	});

	it('does without answers where the user says so', async () => {
		expect(await looks({ tracking: [RESET, undefined, PAGE] }, { ...untracked, canLackTracking: true })).toEqual({
			unseen: ['tracking!', '', 'tracking!'],
			asked: 3,
		});
	});
});

describe('archived copies of a file', () => {
	const copies = async (...names: string[]) => {
		const list = async ({ subSpace }: { subSpace: string }): Promise<RemoteFile[]> =>
			subSpace === 'in' ? [] : names.map((name) => ({ name, size: 1, lastModified: new Date(0) }));
		const { archived } = await new Register({ snapshot: async () => ({ submissions: [], at: 0 }) }, { list }).look(
			FILE,
		);
		return archived.map(({ path }) => path.split('/').at(-1));
	};

	it('are those of its name, also where the time before it is not as the guide has it', async () => {
		expect(
			await copies('20260331080000000_a.zip', '20260331080000_a.zip', '2026-03-31T08:00:00Z_a.zip', 'a.zip'),
		).toHaveLength(4);
	});

	it('are not those of a name that ends like it', async () => {
		expect(await copies('20260331080000000_b_a.zip', '20260331080000000_aa.zip', 'x_a.zip')).toEqual([]);
	});
});
