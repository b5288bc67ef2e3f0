import { EventEmitter, once } from 'node:events';
import { Shutdown } from '../../../nodes/shared/shutdown';

const SOON = { N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '0.02' };

/** A process whose program listens to SIGTERM, as n8n does. */
function program(): EventEmitter {
	return new EventEmitter().on('SIGTERM', () => {});
}

describe('n8n that is being stopped', () => {
	it('tells the runs that are under way, before it cuts them off', async () => {
		const process = program();
		const signal = new Shutdown(process, SOON).begin();
		expect(signal.aborted).toBe(false);
		const aborted = once(signal, 'abort');
		// The timer alone keeps no process alive.
		const alive = setInterval(() => {}, 1000);
		process.emit('SIGTERM');
		await aborted;
		clearInterval(alive);
	});

	it('tells them not at once: most end by themselves', () => {
		jest.useFakeTimers();
		const process = program();
		const signal = new Shutdown(process, {}).begin();
		process.emit('SIGTERM');
		jest.advanceTimersByTime(19_999);
		expect(signal.aborted).toBe(false);
		jest.advanceTimersByTime(1);
		expect(signal.aborted).toBe(true);
		jest.useRealTimers();
	});

	it('is listened to only while something runs, and only where somebody else listens', () => {
		const process = program();
		const shutdown = new Shutdown(process, {});
		shutdown.begin();
		shutdown.begin();
		expect([process.listenerCount('SIGTERM'), process.listenerCount('SIGINT')]).toEqual([2, 0]);
		shutdown.end();
		expect(process.listenerCount('SIGTERM')).toBe(2);
		shutdown.end();
		expect(process.listenerCount('SIGTERM')).toBe(1);
	});
});
