import { FileXError, findFileXError, redact } from '../errors';
import { deadline } from '../util/deadline';
import { type Check, failed, type Finding, skipped } from './check';

/** A check that is yet to be made. */
export interface Step {
	check: string;
	title: string;
	/** How many times the usual limit it may take; 1 where absent. */
	patience?: number;
	/** Should end when `signal` aborts; it is not waited for after that. */
	run(signal: AbortSignal): Promise<Finding>;
}

export interface RunOptions {
	/** How long a check may take, in ms. */
	limit: number;
	/** Aborts when the user stops the run. */
	signal?: AbortSignal;
}

/** How long a check may take to tell what its limit has cut short, in ms. */
const AFTERWARDS = 1000;

/** Makes a check within its limit. Never fails: what goes wrong is its finding. */
export async function runCheck(
	{ check, title, patience = 1, run }: Step,
	{ limit, signal }: RunOptions,
): Promise<Check> {
	const began = performance.now();
	const made = (finding: Finding): Check => ({
		check,
		title,
		milliseconds: Math.round(performance.now() - began),
		...finding,
	});
	if (signal?.aborted) return made(skipped('The run was stopped.'));
	const time = deadline(limit * patience, `The check '${title}'`, signal);
	const over = new AbortController();
	let late: NodeJS.Timeout | undefined;
	const onAbort = () => (late = setTimeout(() => over.abort(), signal?.aborted ? 0 : AFTERWARDS));
	time.signal.addEventListener('abort', onAbort, { once: true });
	try {
		const ended = new Promise<Finding>((resolve) =>
			over.signal.addEventListener('abort', () => resolve(findingOf(time.signal.reason)), { once: true }),
		);
		return made(await Promise.race([run(time.signal), ended]));
	} catch (error) {
		// What is broken off by the limit says only that it was.
		const isCut = time.signal.aborted && findFileXError(error)?.kind === 'cancelled';
		return made(findingOf(isCut ? time.signal.reason : error));
	} finally {
		clearTimeout(late);
		time.clear();
	}
}

/** What an error says, as a finding. */
export function findingOf(error: unknown): Finding {
	const known = findFileXError(error);
	if (known) return failed(known.message, known.hint, known.remedies);
	const text = error instanceof Error ? error.message : String(error);
	return failed(redact(text), "This is unexpected. Please report it on the project's page, with this item.");
}

/** Whether nothing is known because the user, or other steps, were in the way. */
export function isNoFinding(error: unknown): error is FileXError {
	return error instanceof FileXError && (error.kind === 'cancelled' || error.kind === 'occupied');
}
