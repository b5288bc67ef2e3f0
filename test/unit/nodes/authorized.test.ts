import type { HttpAnswer } from '../../../filex';
import { authorizedCalls } from '../../../nodes/shared/authorized';

const REQUEST = { method: 'GET' as const, url: 'https://filex.example/files' };

/** n8n and fileX as far as tokens go. */
class World {
	/** What n8n keeps. */
	stored = '';
	/** What fileX takes. */
	good = 'one';
	now = 0;
	logins = 0;
	readonly log: string[] = [];
	/** Calls of our own client at a time. */
	most = 0;
	private inFlight = 0;
	failures = 0;
	isMadeUp = false;
	givesTokens = true;

	readonly call = authorizedCalls({
		byN8n: async () => {
			if (this.failures-- > 0) throw new Error('no answer');
			if (this.stored !== this.good) {
				this.logins++;
				this.stored = this.good;
			}
			await new Promise(setImmediate);
			this.log.push('n8n');
			return { answer: this.answer(this.stored), isMadeUp: this.isMadeUp };
		},
		byUs: async ({ headers }) => {
			this.most = Math.max(this.most, ++this.inFlight);
			await new Promise(setImmediate);
			this.inFlight--;
			this.log.push('ours');
			return this.answer(headers!.Authorization!.replace('Bearer ', ''));
		},
		token: async () => (this.givesTokens && this.stored !== '' ? this.stored : undefined),
		now: () => this.now,
	});

	refuses = false;

	private answer(token: string): HttpAnswer<string> {
		return { status: token === this.good && !this.refuses ? 200 : 401, headers: {}, body: '' };
	}

	async calls(count: number): Promise<number[]> {
		return (await Promise.all(Array.from({ length: count }, async () => await this.call(REQUEST)))).map(
			({ status }) => status,
		);
	}
}

describe('calls with the token that n8n keeps', () => {
	let world: World;
	beforeEach(() => (world = new World()));

	it('go by our own client after the first, which serves all that wait', async () => {
		expect(await world.calls(20)).toEqual(Array(20).fill(200));
		expect([world.logins, world.log.filter((by) => by === 'n8n').length]).toEqual([1, 1]);
		expect(world.most).toBe(19);
		expect(await world.calls(5)).toEqual(Array(5).fill(200));
		expect(world.log.slice(20)).toEqual(Array(5).fill('ours'));
	});

	it('make one login where a token is over, however many meet that at once', async () => {
		await world.calls(1);
		world.now = 3_600_000;
		world.good = 'two';
		expect(await world.calls(20)).toEqual(Array(20).fill(200));
		expect(world.logins).toBe(2);
	});

	it('try one after the other where n8n gets no answer', async () => {
		world.failures = 2;
		const outcomes = await Promise.allSettled(Array.from({ length: 5 }, async () => await world.call(REQUEST)));
		expect(outcomes.map(({ status }) => status)).toEqual([
			'rejected',
			'rejected',
			...Array<string>(3).fill('fulfilled'),
		]);
		expect(world.log).toEqual(['n8n', 'ours', 'ours']);
	});

	it('make no login for a refusal of a token that has just been got', async () => {
		world.refuses = true;
		expect(await world.calls(20)).toEqual(Array(20).fill(401));
		expect([world.logins, world.log.filter((by) => by === 'n8n').length]).toEqual([1, 1]);
	});

	it('all go by n8n where it makes answers up, or gives no token out', async () => {
		world.isMadeUp = true;
		await world.calls(3);
		await world.calls(3);
		expect(world.log).toEqual(Array(6).fill('n8n'));
		world = new World();
		world.givesTokens = false;
		await world.calls(3);
		expect(world.log).toEqual(Array(3).fill('n8n'));
	});
});
