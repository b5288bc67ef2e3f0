import { FileXError } from '../../../filex/errors';
import { lookAtTracking } from '../../../filex/watch/tracked';
import { submission } from '../submissions/sample';

const { signal } = new AbortController();

const failing = (error: unknown) => ({
	snapshot: async () => {
		throw error;
	},
});

const answer = (httpStatus: number) =>
	new FileXError('not-found', 'no submissions', { hint: '', retrySafe: true, httpStatus });

describe('a look at tracking', () => {
	it("gives what is tracked, and fileX's time", async () => {
		const tracking = { snapshot: async () => ({ submissions: [submission()], at: 5000 }) };
		expect(await lookAtTracking(tracking, signal)).toEqual({ submissions: [submission()], now: new Date(5000) });
	});

	it("takes this machine's time where fileX does not say", async () => {
		const before = Date.now();
		const { now } = await lookAtTracking({ snapshot: async () => ({ submissions: [], at: NaN }) }, signal);
		expect(now.getTime()).toBeGreaterThanOrEqual(before);
	});

	it('fails as tracking fails', async () => {
		await expect(lookAtTracking(failing(answer(404)), signal)).rejects.toMatchObject({ httpStatus: 404 });
		await expect(lookAtTracking(failing(answer(403)), signal)).rejects.toMatchObject({ httpStatus: 403 });
	});

	it('that took too long fails with that reason', async () => {
		const controller = new AbortController();
		controller.abort(new Error('took too long'));
		await expect(lookAtTracking(failing(answer(404)), controller.signal)).rejects.toThrow('took too long');
	});
});
