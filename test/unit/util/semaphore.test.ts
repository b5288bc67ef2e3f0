import { ConnectionSemaphore } from '../../../filex/sftp/connection-semaphore';
import { deadline } from '../../../filex/util/deadline';

describe('connection semaphore', () => {
	it('admit so many at a time, in the order of asking', async () => {
		const semaphore = new ConnectionSemaphore();
		const order: number[] = [];
		const first = await semaphore.acquire('a', 1);
		const waiting = [1, 2].map(async (n) => {
			const release = await semaphore.acquire('a', 1);
			order.push(n);
			release();
		});
		expect(order).toEqual([]);
		first();
		await Promise.all(waiting);
		expect(order).toEqual([1, 2]);
	});

	it('of one account do not hold up another', async () => {
		const semaphore = new ConnectionSemaphore();
		await semaphore.acquire('a', 1);
		await expect(semaphore.acquire('b', 1)).resolves.toBeInstanceOf(Function);
	});

	it('are given back once, however often they are left', async () => {
		const semaphore = new ConnectionSemaphore();
		const release = await semaphore.acquire('a', 1);
		release();
		release();
		await semaphore.acquire('a', 1);
		const { signal, clear } = deadline(10, 'waiting');
		await expect(semaphore.acquire('a', 1, signal)).rejects.toMatchObject({ kind: 'occupied', retrySafe: true });
		clear();
	});

	it('are not taken by one who gave up', async () => {
		const semaphore = new ConnectionSemaphore();
		const release = await semaphore.acquire('a', 1);
		const controller = new AbortController();
		const gaveUp = semaphore.acquire('a', 1, controller.signal);
		const next = semaphore.acquire('a', 1);
		controller.abort();
		await expect(gaveUp).rejects.toMatchObject({ kind: 'cancelled' });
		release();
		await expect(next).resolves.toBeInstanceOf(Function);
	});
});
