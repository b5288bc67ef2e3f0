import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Sandbox } from '../../sandbox/sandbox';
import { inTransaction } from '../../sandbox/state/database';
import type { Submission } from '../../sandbox/submissions/submissions';

/** Asks for an upload URL in the name of the sandbox's first account; gives the tracking id. `path`: `{org}/{app}/{space}/{file}`. */
export function requestUpload(sandbox: Sandbox, path: string): string {
	return sandbox.submissions.request('demo', path.split('/'));
}

/** Lets the file of an upload request arrive. */
export async function arrive(sandbox: Sandbox, path: string, trackingId: string, text = 'x'): Promise<void> {
	const content = await sandbox.contents.receive(Readable.from([Buffer.from(text)]));
	await sandbox.submissions.receive(path.split('/'), content, { method: 'rest', username: 'demo', trackingId });
}

/** Plants `count` submissions of the past, `make` saying how each differs: by default a file asked for, never sent. Gives their tracking ids. */
export function plant(sandbox: Sandbox, count: number, make: (index: number) => Partial<Submission>): string[] {
	const now = new Date();
	return inTransaction(sandbox.database, () =>
		Array.from({ length: count }, (_, index) => {
			const submission: Submission = {
				trackingId: randomUUID(),
				submittedAt: now,
				username: 'demo',
				space: ['0001', 'focus', 'in'],
				name: `${index}.zip`,
				status: 'Request Received',
				downstream: null,
				statusAt: now,
				size: null,
				archiveName: null,
				...make(index),
			};
			sandbox.submissions.plant(submission);
			return submission.trackingId;
		}),
	);
}
