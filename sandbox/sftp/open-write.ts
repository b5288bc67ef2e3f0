import ssh2, { type SFTPWrapper } from 'ssh2';
import type { SandboxContext } from '../context';
import type { Effect } from '../faults';
import type { Draft } from '../state/content';

const { STATUS_CODE: STATUS } = ssh2.utils.sftp;

/** A file that a client uploads. It counts once the client has closed it (guide, FAQ 19). */
export class OpenWrite {
	readonly kind = 'write';
	readonly lastModified: Date;
	/** Bytes so far. */
	size = 0;
	/** Why FINRA will not be able to use it. */
	unusable: string | undefined;
	private requests = 0;
	private failed = false;
	private readonly writing = new Set<Promise<void>>();

	static async start(
		context: SandboxContext,
		sftp: SFTPWrapper,
		username: string,
		path: string[],
		effect: Effect | undefined,
		cut: () => void,
	): Promise<OpenWrite> {
		return new OpenWrite(context, sftp, username, path, effect, cut, await context.contents.start());
	}

	private constructor(
		private readonly context: SandboxContext,
		private readonly sftp: SFTPWrapper,
		private readonly username: string,
		readonly path: string[],
		private readonly effect: Effect | undefined,
		private readonly cut: () => void,
		private readonly draft: Draft,
	) {
		this.lastModified = context.clock.now();
	}

	/** All is done, but the client does not hear of it. */
	get losesAnswer(): boolean {
		return this.effect === 'lose';
	}

	write(id: number, offset: number, bytes: Buffer): void {
		// A fault in mid-file strikes at the second request: the size is not known before the end.
		if (++this.requests > 1) {
			if (this.effect === 'cut') return this.cut();
			if (this.effect === 'stall') return;
			if (this.effect === 'disk-full') return this.fail(id, 'No space left on device');
		}
		const work = this.draft.write(bytes, offset).then(
			() => {
				this.size = Math.max(this.size, offset + bytes.length);
				this.sftp.status(id, STATUS.OK);
			},
			(error: NodeJS.ErrnoException) =>
				this.fail(id, error.code === 'ENOSPC' ? 'No space left on device' : 'The file could not be written'),
		);
		this.writing.add(work);
		void work.finally(() => this.writing.delete(work));
	}

	private fail(id: number, message: string): void {
		this.failed = true;
		this.sftp.status(id, STATUS.FAILURE, message);
	}

	/** Files it, unless a part of it failed; says whether it did. */
	async close(): Promise<boolean> {
		await Promise.all(this.writing);
		if (this.failed) {
			await this.draft.discard();
			return false;
		}
		try {
			const content = await this.draft.finish();
			await this.context.submissions.receive(this.path, content, {
				method: 'sftp',
				username: this.username,
				unusable: this.unusable,
			});
			return true;
		} catch {
			await this.context.store.release(this.draft.id);
			return false;
		}
	}

	/** A broken upload is no submission; what came of it may still be seen in the sub-space (guide, FAQ 19). */
	async breakOff(): Promise<void> {
		await Promise.all(this.writing);
		if (this.failed || this.requests === 0) await this.draft.discard();
		else await this.context.store.put(this.path, await this.draft.finish());
	}
}
