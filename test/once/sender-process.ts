import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import spawn from 'cross-spawn';
import type { Order, Word } from './sender';

export type Report = Exclude<Word, string>;

/** A sender in a process of its own. */
export class SenderProcess {
	private readonly words: Word[] = [];
	private wake = () => {};

	private constructor(private readonly child: ChildProcess) {
		child.on('message', (word: Word) => {
			this.words.push(word);
			this.wake();
		});
		child.on('exit', () => this.wake());
	}

	/** Starts to load it; it takes orders at once, and heeds them when it is ready. */
	static start(credential: object): SenderProcess {
		const child = spawn(
			process.execPath,
			['--import', 'tsx', join(__dirname, 'sender.ts'), JSON.stringify(credential)],
			{ stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
		);
		return new SenderProcess(child);
	}

	async ready(): Promise<void> {
		await this.next((word) => word === 'ready');
	}

	/** Lets it upload a batch. Resolves when the upload begins. */
	async begin(order: Order): Promise<void> {
		this.child.send(order);
		await this.next((word) => word === 'begins');
	}

	/** The end of the batch. */
	async report(): Promise<Report> {
		return (await this.next((word) => typeof word === 'object')) as Report;
	}

	/** Ends it at once, as a power cut would. */
	async kill(): Promise<void> {
		if (this.child.exitCode !== null || this.child.signalCode !== null) return;
		const gone = once(this.child, 'exit');
		this.child.kill('SIGKILL');
		await gone;
	}

	private async next(isWanted: (word: Word) => boolean): Promise<Word> {
		for (;;) {
			const index = this.words.findIndex(isWanted);
			if (index >= 0) return this.words.splice(0, index + 1).at(-1)!;
			if (this.child.exitCode !== null || this.child.signalCode !== null)
				throw new Error(`the sender ended: ${String(this.child.exitCode ?? this.child.signalCode)}`);
			await new Promise<void>((resolve) => (this.wake = resolve));
		}
	}
}
