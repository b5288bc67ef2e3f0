import type { MessagePort, Transferable, Worker } from 'node:worker_threads';
import { cancelled } from '../errors';
import { packError, type PackedError, unpackError } from './wire';

/** One end of a line between two threads. */
export type Line = MessagePort | Worker;

/** What the other thread may ask for, by name. */
export type Handlers = Record<string, (args: never, signal: AbortSignal) => Promise<unknown>>;

type Message =
	| { call: number; name: string; args: unknown }
	| { abort: number }
	| { answer: number; value: unknown }
	| { answer: number; error: PackedError };

interface Pending {
	resolve(value: unknown): void;
	reject(error: Error): void;
}

/** Calls from one thread to another, in both directions over one line. */
export class Calls {
	private last = 0;
	private over?: Error;
	private readonly pending = new Map<number, Pending>();
	private readonly running = new Map<number, AbortController>();

	constructor(
		private readonly line: Line,
		private readonly handlers: Handlers,
	) {
		(line as MessagePort).on('message', (message: Message) => this.take(message));
	}

	/** Fails with what the other side failed with. @param transfer what is handed over and not copied */
	async call<T>(name: string, args: unknown, signal?: AbortSignal, transfer: Transferable[] = []): Promise<T> {
		if (this.over) throw this.over;
		if (signal?.aborted) throw cancelled('The transfer');
		const call = ++this.last;
		const abort = () => this.line.postMessage({ abort: call });
		signal?.addEventListener('abort', abort, { once: true });
		try {
			return await new Promise<T>((resolve, reject) => {
				this.pending.set(call, { resolve: resolve as (value: unknown) => void, reject });
				this.line.postMessage({ call, name, args }, transfer);
			});
		} finally {
			this.pending.delete(call);
			signal?.removeEventListener('abort', abort);
		}
	}

	/** The other side is gone: whatever is under way fails. */
	end(error: Error): void {
		this.over = error;
		for (const { reject } of this.pending.values()) reject(error);
		for (const controller of this.running.values()) controller.abort();
	}

	private take(message: Message): void {
		if ('call' in message) return void this.answer(message.call, message.name, message.args);
		if ('abort' in message) return this.running.get(message.abort)?.abort();
		const pending = this.pending.get(message.answer);
		if ('error' in message) pending?.reject(unpackError(message.error));
		else pending?.resolve(message.value);
	}

	private async answer(call: number, name: string, args: unknown): Promise<void> {
		const controller = new AbortController();
		this.running.set(call, controller);
		try {
			const value = await this.handlers[name]!(args as never, controller.signal);
			this.line.postMessage({ answer: call, value });
		} catch (error) {
			this.line.postMessage({ answer: call, error: packError(error) });
		} finally {
			this.running.delete(call);
		}
	}
}
