import type { EventEmitter } from 'node:events';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Seconds that n8n gives its executions: https://docs.n8n.io/hosting/configuration/environment-variables/deployment/ */
const GRACE = 30;

/** Seconds of them that are left for n8n, to note how its executions ended. */
const REST = 10;

/**
 * Tells runs that n8n is being stopped, before it cuts them off: a transfer then ends by its own word, and short ones have
 * ended by themselves.
 */
export class Shutdown {
	private readonly stop = new AbortController();
	private runs = 0;
	private timer?: NodeJS.Timeout;

	constructor(
		private readonly process: Pick<EventEmitter, 'on' | 'off' | 'listenerCount'>,
		private readonly env: NodeJS.ProcessEnv,
	) {}

	/** A run begins; to be followed by {@link end}. Aborts when what is under way must end. */
	begin(): AbortSignal {
		if (this.runs++ === 0) {
			for (const signal of SIGNALS) {
				// Where nobody listens, the signal itself ends the process, and must go on doing so.
				if (this.process.listenerCount(signal) > 0) this.process.on(signal, this.onSignal);
			}
		}
		return this.stop.signal;
	}

	end(): void {
		if (--this.runs > 0) return;
		for (const signal of SIGNALS) this.process.off(signal, this.onSignal);
	}

	private readonly onSignal = (): void => {
		const grace = Number(this.env.N8N_GRACEFUL_SHUTDOWN_TIMEOUT || GRACE);
		// It keeps no process alive: where nothing is under way any more, there is nothing to stop.
		this.timer ??= setTimeout(() => this.stop.abort(), Math.max(grace - REST, grace / 2) * 1000).unref();
	};
}

export const shutdown = new Shutdown(process, process.env);
