import { extname, join } from 'node:path';
import { type Transferable, Worker } from 'node:worker_threads';
import { FileXError } from '../errors';
import { Calls } from './calls';
import type { Answers, Jobs } from './jobs';
import { type NearPorts, NearSide } from './near-ports';

/** How long the thread stays without work, in ms: a new one costs a tenth of a second. */
const IDLE = 60_000;

/** Objects in it live either very short or as long as a transfer: a large young heap would only be swept later. */
const LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 512 };

/** The thread that large transfers share. */
export class TransferThread {
	private readonly near = new NearSide();
	private readonly worker: Worker;
	private readonly calls: Calls;
	private isOver = false;
	private lastSession = 0;
	private idle?: NodeJS.Timeout;

	/** Throws where no thread can be made. */
	private constructor() {
		const extension = extname(__filename);
		this.worker = new Worker(join(__dirname, `worker${extension}`), {
			resourceLimits: LIMITS,
			// Only in this project itself, whose tests run what is not compiled.
			execArgv: extension === '.ts' ? ['--import', 'tsx'] : [],
		});
		this.calls = new Calls(this.worker, this.near.handlers);
		this.worker.on('error', (error) => this.end(error));
		this.worker.on('exit', () => this.end());
		this.worker.unref();
	}

	private static current?: TransferThread;

	/** The thread of this process; a new one where there is none, or it has ended. */
	static get(): TransferThread {
		if (!this.current || this.current.isOver) this.current = new TransferThread();
		return this.current;
	}

	/** Begins a session. */
	async open(job: Omit<Jobs['open'], 'session'>, ports: NearPorts): Promise<number> {
		const session = ++this.lastSession;
		this.near.sessions.set(session, ports);
		clearTimeout(this.idle);
		this.worker.ref();
		await this.call('open', { ...job, session }).catch((error: unknown) => {
			this.leave(session);
			throw error;
		});
		return session;
	}

	async call<Name extends keyof Jobs>(
		name: Name,
		job: Jobs[Name],
		signal?: AbortSignal,
		transfer: Transferable[] = [],
	): Promise<Answers[Name]> {
		return await this.calls.call<Answers[Name]>(name, job, signal, transfer);
	}

	/** Stops what is under way in a session, which must still be closed. Never fails. */
	async stop(session: number): Promise<void> {
		await this.call('close', { session }).catch(() => {});
	}

	/** Ends a session. Never fails. */
	async close(session: number): Promise<void> {
		await this.stop(session);
		this.leave(session);
	}

	private leave(session: number): void {
		this.near.sessions.delete(session);
		if (this.near.sessions.size > 0) return;
		this.worker.unref();
		const dismiss = () => {
			// First, so that no one begins in a thread that is ending.
			this.end();
			void this.worker.terminate();
		};
		this.idle = setTimeout(dismiss, IDLE).unref();
	}

	private end(error?: Error): void {
		if (this.isOver) return;
		this.isOver = true;
		this.near.end();
		const reason = error ? ` (${(error as NodeJS.ErrnoException).code ?? error.message})` : '';
		this.calls.end(
			new FileXError('unavailable', `The transfer thread ended before the transfer did${reason}`, {
				hint: 'The program itself continues. Running it again is safe.',
				retrySafe: true,
			}),
		);
	}
}
