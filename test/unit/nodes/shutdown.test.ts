import { EventEmitter, once } from 'node:events';
import { Shutdown } from '../../../nodes/shared/shutdown';

const NAME = 'N8N_GRACEFUL_SHUTDOWN_TIMEOUT';

/** A process whose program listens to SIGTERM, as n8n does. */
function program(env: NodeJS.ProcessEnv = {}, command = 'start') {
	const emitter = Object.assign(new EventEmitter(), { argv: ['node', 'n8n', command], env });
	return emitter.once('SIGTERM', () => {});
}

describe('n8n that is being stopped', () => {
	it('tells the runs that are under way, before it cuts them off', async () => {
		const process = program({ [NAME]: '0.02' });
		const { signal } = new Shutdown(process);
		expect(signal.aborted).toBe(false);
		const aborted = once(signal, 'abort');
		// The timer alone keeps no process alive.
		const alive = setInterval(() => {}, 1000);
		process.emit('SIGTERM');
		await aborted;
		clearInterval(alive);
	});

	it('tells runs that began afterwards', async () => {
		const process = program({ [NAME]: '0.02' });
		const shutdown = new Shutdown(process);
		process.emit('SIGTERM');
		const { signal } = shutdown;
		const alive = setInterval(() => {}, 1000);
		if (!signal.aborted) await once(signal, 'abort');
		clearInterval(alive);
		expect(shutdown.signal.aborted).toBe(true);
	});

	it.each<[number, NodeJS.ProcessEnv, string]>([
		[20, {}, 'start'],
		[20, { [NAME]: '' }, 'start'],
		[20, { [NAME]: '600s' }, 'start'],
		[20, { [NAME]: '"600"' }, 'start'],
		[590, { [NAME]: '600' }, 'start'],
		[5, { [NAME]: '10' }, 'start'],
		[590, { [NAME]: '600', QUEUE_WORKER_TIMEOUT: '60' }, 'start'],
		[50, { [NAME]: '600', QUEUE_WORKER_TIMEOUT: '60' }, 'worker'],
		[20, { [NAME]: '600', QUEUE_WORKER_TIMEOUT: '60s' }, 'worker'],
		[2 ** 31 / 1000 - 1, { [NAME]: '9999999' }, 'start'],
	])('tells them after %p s with %p in n8n %s: most end by themselves', (seconds, env, command) => {
		jest.useFakeTimers();
		const process = program(env, command);
		const { signal } = new Shutdown(process);
		process.emit('SIGTERM');
		jest.advanceTimersByTime(seconds * 1000 - 1);
		expect(signal.aborted).toBe(false);
		jest.advanceTimersByTime(2000);
		expect(signal.aborted).toBe(true);
		jest.useRealTimers();
	});

	it('is listened to once, and only where somebody else listens', () => {
		const process = program();
		const shutdown = new Shutdown(process);
		expect(shutdown.signal).toBe(shutdown.signal);
		expect([process.listenerCount('SIGTERM'), process.listenerCount('SIGINT')]).toEqual([2, 0]);
		// A second signal ends the process, as it does without the pack.
		process.emit('SIGTERM');
		expect(process.listenerCount('SIGTERM')).toBe(0);
	});

	it('is listened to from the first run on, where n8n itself listens later', () => {
		const process = Object.assign(new EventEmitter(), { argv: [], env: {} });
		const shutdown = new Shutdown(process);
		process.on('SIGINT', () => {});
		expect(process.listenerCount('SIGINT')).toBe(1);
		expect(shutdown.signal.aborted).toBe(false);
		expect([process.listenerCount('SIGTERM'), process.listenerCount('SIGINT')]).toEqual([0, 2]);
	});
});
