import { writeFile } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import { cancelled, type FileXError, isPassing } from '../errors';
import { httpBy } from '../http/axios';
import type { FileXHttp } from '../http/port';
import { openFileSpace } from '../open';
import { formatFile } from '../places/paths';
import { putToUrl } from '../rest/upload';
import type { FileSpace, FileStream, UploadOutcome } from '../space';
import { localContent } from '../transfer/local-file';
import { readResuming } from '../transfer/resuming';
import { verifyDownload } from '../transfer/verify-download';
import { PATIENCE } from '../util/patience';
import { Calls } from './calls';
import { farEgress, farGuard, farSemaphore } from './far-ports';
import type { Answers, Jobs, PackedOutcome } from './jobs';
import { writeSlots } from './slots';
import { packError } from './wire';

/**
 * The transfer thread: it owns sockets, ciphers, hashes and files of large transfers, so that their bytes do not pass
 * through the heap of the program that this library is part of. Logins, tokens and the outbound policy stay there, and are
 * asked for.
 */
interface Session {
	space: FileSpace;
	http: FileXHttp;
	stop: AbortController;
}

const sessions = new Map<number, Session>();
const downloads = new Map<number, { source: FileStream; what: string }>();

type Handler<Name extends keyof Jobs> = (job: Jobs[Name], signal: AbortSignal) => Promise<Answers[Name]>;

const handlers: { [Name in keyof Jobs]: Handler<Name> } = {
	async open({ session, account, method, inFlight, patience }) {
		PATIENCE.ms = patience;
		const stop = new AbortController();
		const egress = farEgress(calls, session);
		const guard = farGuard(calls);
		const http: FileXHttp = {
			...httpBy(egress, guard),
			authorized: async ({ signal, ...request }) => await calls.call('authorized', { session, request }, signal),
		};
		const semaphore = farSemaphore(calls);
		const space = openFileSpace(account, method, { http, egress, guard, semaphore, inFlight, signal: stop.signal });
		sessions.set(session, { space, http, stop });
	},
	async openDownload({ session, download, file }) {
		const source = await readResuming(sessionOf(session).space, file);
		downloads.set(download, { source, what: formatFile(file) });
		return { size: source.size, md5: source.md5 };
	},
	async runDownload({ download, to }) {
		const { source, what } = downloads.get(download) ?? stopped();
		const { stream, sha256 } = verifyDownload(source.stream, source.size, what, source);
		try {
			// A new file, which is on the disk afterwards. Who asked for it removes it where it is not whole.
			await ('path' in to
				? writeFile(to.path, stream, { flag: 'wx', flush: true })
				: writeSlots(stream, to.memory, to.port));
			return { sha256: sha256() };
		} finally {
			downloads.delete(download);
			stream.destroy();
		}
	},
	async dropDownload({ download }) {
		downloads.get(download)?.source.stream.destroy();
		downloads.delete(download);
	},
	async upload({ session, file, content, presigned }, signal): Promise<PackedOutcome> {
		const { space, http } = sessionOf(session);
		const local = localContent(content);
		const send = presigned
			? async () => await putToUrl(http, presigned.url, formatFile(file), local, signal, presigned.headers)
			: async () => await (await space.requestUpload(file)).send(local, signal);
		// To send never fails; what fails before was not submitted.
		const outcome = await send().catch((error: FileXError): UploadOutcome => ({
			outcome: 'rejected',
			mayRepeat: isPassing(error),
			error,
		}));
		return outcome.outcome === 'accepted' ? outcome : { ...outcome, error: packError(outcome.error) };
	},
	async close({ session }) {
		const known = sessions.get(session);
		sessions.delete(session);
		known?.stop.abort();
		await known?.space.close();
	},
};

const calls = new Calls(parentPort!, handlers as never);

function sessionOf(id: number): Session {
	return sessions.get(id) ?? stopped();
}

function stopped(): never {
	throw cancelled('The transfer');
}
