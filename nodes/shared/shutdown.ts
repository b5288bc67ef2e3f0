import type { EventEmitter } from 'node:events';
import { n8nNumber } from './n8n-env';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Seconds that n8n gives its executions: https://docs.n8n.io/hosting/configuration/environment-variables/deployment/ */
const GRACE = 30;

/** Seconds of them that are left for n8n, to note how its executions ended. */
const REST = 10;

/** The longest time that a timer takes, in ms: with a longer one it is over at once. */
const LONGEST = 2 ** 31 - 1;

interface Program extends Pick<EventEmitter, 'once' | 'listenerCount'> {
	argv: string[];
	env: NodeJS.ProcessEnv;
}

/**
 * Tells runs that n8n is being stopped, before it cuts them off: a transfer then ends by its own word, and short ones have
 * ended by themselves.
 */
export class Shutdown {
	private readonly stop = new AbortController();
	private isListening = false;

	constructor(private readonly program: Program) {
		this.listen();
	}

	/** Aborts when what is under way must end, also what began after n8n was told to stop. */
	get signal(): AbortSignal {
		this.listen();
		return this.stop.signal;
	}

	private listen(): void {
		if (this.isListening) return;
		for (const signal of SIGNALS) {
			// Where nobody listens, the signal itself ends the process, and must go on doing so: so must a second one.
			if (this.program.listenerCount(signal) === 0) continue;
			this.isListening = true;
			this.program.once(signal, this.onSignal);
		}
	}

	private readonly onSignal = (): void => {
		const grace = graceOf(this.program);
		const ms = Math.min(Math.max(grace - REST, grace / 2) * 1000, LONGEST);
		// It keeps no process alive: where nothing is under way any more, there is nothing to stop.
		setTimeout(() => this.stop.abort(), ms).unref();
	};
}

/** In seconds. A worker still heeds the name that the setting had before. */
function graceOf({ argv, env }: Program): number {
	const former = argv[2] === 'worker' ? env.QUEUE_WORKER_TIMEOUT : undefined;
	if (!former) return n8nNumber('N8N_GRACEFUL_SHUTDOWN_TIMEOUT', GRACE, env);
	return Number.isInteger(Number(former)) && Number(former) > 0 ? Number(former) : GRACE;
}

export const shutdown = new Shutdown(process);
