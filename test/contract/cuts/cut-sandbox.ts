import { randomInt } from 'node:crypto';
import type { AccessMethod, Account, Clock, FileSpace } from '../../../filex';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox';
import { sandboxAccount } from '../../support/accounts';
import { type CuttingProxy, startCuttingProxy } from '../../support/cutting-proxy';
import { openSpace } from '../../support/spaces';

/** `CUT_SEED=123` repeats where connections are cut. */
export const SEED = Number(process.env.CUT_SEED ?? randomInt(2 ** 31));

/** How often each transfer is cut. */
export const TURNS = 20;

/** A sandbox behind a proxy that cuts: the bytes of files go through it, and of SFTP and S3 all else. */
export interface CutSandbox {
	sandbox: Sandbox;
	proxy: CuttingProxy;
	account: Account;
	/** A new space, in place of the one before, which is closed. */
	open(): Promise<FileSpace>;
	/** Waits by moving the sandbox's time. */
	clock: Clock;
	/** Moves the sandbox's time. */
	advance(seconds: number): void;
	close(): Promise<void>;
}

export async function startCutSandbox(method: AccessMethod): Promise<CutSandbox> {
	const sandbox = await startSandbox();
	const { info, settings } = sandbox;
	const s3 = { host: '127.0.0.1', port: Number(new URL(info.s3).port) };
	const proxy = await startCuttingProxy(method === 'sftp' ? info.sftp : s3);
	const url = `http://127.0.0.1:${proxy.port}`;
	if (method === 'rest') sandbox.s3Keys.baseUrl = url;
	const account = sandboxAccount(info, {
		...(method === 'sftp' && { sftpPort: proxy.port }),
		...(method === 's3' && { s3Url: url }),
	});
	let space: FileSpace | undefined;
	const advance = (seconds: number) =>
		settings.change({ clockOffsetSeconds: settings.get().clockOffsetSeconds + seconds });
	return {
		sandbox,
		proxy,
		account,
		async open() {
			await space?.close();
			space = openSpace(account, method);
			return space;
		},
		clock: {
			now: () => sandbox.clock.now().getTime(),
			sleep: async (ms, signal) => {
				signal?.throwIfAborted();
				advance(ms / 1000);
				await new Promise(setImmediate);
			},
		},
		advance,
		async close() {
			await space?.close();
			await proxy.close();
			await sandbox.close();
		},
	};
}
