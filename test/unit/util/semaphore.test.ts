import { deadline } from '../../../filex/util/deadline';
import { SftpSlots } from '../../../filex/sftp/connection-semaphore';

describe('connection slots', () => {
	it('admit so many at a time, in the order of asking', async () => {
		const slots = new SftpSlots();
		const order: number[] = [];
		const first = await slots.acquire('a', 1);
		const waiting = [1, 2].map(async (n) => {
			const leave = await slots.acquire('a', 1);
			order.push(n);
			leave();
		});
		expect(order).toEqual([]);
		first();
		await Promise.all(waiting);
		expect(order).toEqual([1, 2]);
	});

	it('of one account do not hold up another', async () => {
		const slots = new SftpSlots();
		await slots.acquire('a', 1);
		await expect(slots.acquire('b', 1)).resolves.toBeInstanceOf(Function);
	});

	it('are given back once, however often they are left', async () => {
		const slots = new SftpSlots();
		const leave = await slots.acquire('a', 1);
		leave();
		leave();
		await slots.acquire('a', 1);
		const { signal, clear } = deadline(10, 'waiting');
		await expect(slots.acquire('a', 1, signal)).rejects.toMatchObject({ kind: 'occupied', retrySafe: true });
		clear();
	});

	it('are not taken by one who gave up', async () => {
		const slots = new SftpSlots();
		const leave = await slots.acquire('a', 1);
		const controller = new AbortController();
		const gaveUp = slots.acquire('a', 1, controller.signal);
		const next = slots.acquire('a', 1);
		controller.abort();
		await expect(gaveUp).rejects.toMatchObject({ kind: 'cancelled' });
		leave();
		await expect(next).resolves.toBeInstanceOf(Function);
	});
});
