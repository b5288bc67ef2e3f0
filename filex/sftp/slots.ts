import { cancelled, FileXError } from '../errors';

interface Waiter {
	admit: () => void;
	max: number;
}

interface Line {
	taken: number;
	waiting: Waiter[];
}

/**
 * How many connections this process holds to one place. fileX counts them and refuses too many
 * (guide, FAQ 23), so all steps of all workflows share a line, first come, first served.
 */
export class Slots {
	private readonly lines = new Map<string, Line>();

	/** Waits for a place in `key`'s line, at most `max` of them taken at a time. Gives the way to leave it. */
	async acquire(key: string, max: number, signal?: AbortSignal): Promise<() => void> {
		if (signal?.aborted) throw waited(key, signal);
		const line = this.lines.get(key) ?? { taken: 0, waiting: [] };
		this.lines.set(key, line);
		if (line.taken < max && line.waiting.length === 0) line.taken++;
		else await this.wait(line, key, max, signal);
		let left = false;
		return () => {
			if (left) return;
			left = true;
			this.leave(key, line);
		};
	}

	private async wait(line: Line, key: string, max: number, signal?: AbortSignal): Promise<void> {
		await new Promise<void>((resolve, reject) => {
			const waiter: Waiter = {
				max,
				admit() {
					signal?.removeEventListener('abort', giveUp);
					resolve();
				},
			};
			const giveUp = () => {
				line.waiting.splice(line.waiting.indexOf(waiter), 1);
				reject(waited(key, signal));
			};
			line.waiting.push(waiter);
			signal?.addEventListener('abort', giveUp, { once: true });
		});
	}

	private leave(key: string, line: Line): void {
		line.taken--;
		while (line.waiting.length > 0 && line.taken < line.waiting[0]!.max) {
			line.taken++;
			line.waiting.shift()!.admit();
		}
		if (line.taken === 0) this.lines.delete(key);
	}
}

/** The lines of this process. */
export const sftpSlots = new Slots();

function waited(key: string, signal?: AbortSignal): FileXError {
	if (signal?.reason instanceof FileXError) {
		return new FileXError('occupied', `No SFTP connection to ${key} became free in time`, {
			hint: "Other steps of this n8n are using the account. Let them finish, spread their times, or raise 'SFTP Connections' in the credential if FINRA allows you more.",
			retrySafe: true,
		});
	}
	return cancelled('Waiting for an SFTP connection');
}
