import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { inputError } from '../errors';
import type { FileContent } from '../space';

/** A file of this machine, as it was when it was looked at: it must not change until it is sent. */
export interface LocalFile {
	path: string;
	/** Bytes. */
	size: number;
	/** ms since 1970. */
	mtimeMs: number;
	ino: number;
	/** The field that names it, to be named in errors. */
	field: string;
	/** As {@link FileContent} has it. */
	sha256?: string;
}

/** @param read opens it; the system's own way where absent */
export function localContent(
	file: LocalFile,
	read: (path: string) => AsyncIterable<unknown> | Promise<AsyncIterable<unknown>> = (path) =>
		createReadStream(path, { highWaterMark: 2 ** 20 }),
): FileContent {
	return {
		size: file.size,
		sha256: file.sha256,
		// It may be opened twice: to be compared with what was filed, and to be sent.
		async open() {
			await checkUnchanged(file);
			return Readable.from(unchanged(await read(file.path), file), { objectMode: false });
		},
	};
}

/** The same bytes; fails in place of ending where the file was written to meanwhile. Its last bytes go out after that only. */
async function* unchanged(stream: AsyncIterable<unknown>, file: LocalFile): AsyncGenerator<unknown> {
	yield* stream;
	await checkUnchanged(file);
}

async function checkUnchanged({ path, size, mtimeMs, ino, field }: LocalFile): Promise<void> {
	const now = await stat(path).catch(() => undefined);
	if (now?.size === size && now.mtimeMs === mtimeMs && now.ino === ino) return;
	throw inputError(
		field,
		`'${path}' changed while it was being submitted`,
		'Nothing was submitted. Let the step that writes the file finish first.',
	);
}
