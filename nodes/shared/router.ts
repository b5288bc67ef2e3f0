import type { IBinaryKeyData, IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import {
	type AccessMethod,
	type Account,
	Bulk,
	type FileSpace,
	type FileXHttp,
	findFileXError,
	mapLimit,
	Witness,
} from '../../filex';
import { accountOf, openSpace } from './context';
import { n8nEgress } from './egress';
import { toNodeError } from './errors';
import { failedRecord } from './failed-record';
import { n8nFileXHttp } from './http';
import { shutdown } from './shutdown';

/** One output item, yet to be paired with the input item that it comes from. */
export interface OutputItem {
	record: IDataObject;
	binary?: IBinaryKeyData;
	/** Which of the node's outputs it goes to; the first where absent. */
	output?: number;
}

/** What all items of a run share. */
export interface Session {
	account: Account;
	/** Only to be shown: what the access methods do differently, `space` says. */
	method: AccessMethod;
	space: FileSpace;
	/** What the space uses over HTTP, with its connections. */
	http: FileXHttp;
	/** Large transfers of the run, off n8n's heap. */
	bulk: Bulk;
	/** Notes how its files go. */
	witness: Witness;
	/** Aborts only when the run, or n8n, is stopped: for work that must not be left half done. */
	stop: AbortSignal;
}

/** What an item's work is given. */
export interface Step extends Session {
	itemIndex: number;
	/** Aborts when the run is stopped, or has failed already: for work that would only continue waiting. */
	signal: AbortSignal;
}

/** What a node does with its items. */
export interface Run {
	/** Items at a time. */
	parallel: number;
	/** Which of the node's outputs an item goes to that failed, where the node continues; the first where absent. */
	failedOutput?: number;
	item(step: Step): Promise<OutputItem[]>;
	/** Called once, also after a failure. Never fails. */
	close?(): Promise<void>;
}

export interface SpaceSettings {
	/** HTTPS REST where absent. */
	method?: AccessMethod;
	/** SFTP read or write requests in flight. */
	inFlight?: number;
}

/**
 * Runs a node's items on one space, opened by the node's access method and always closed.
 *
 * @param settings read from the node's fields, which may be refused
 * @param prepare what is done once for all items, before the first
 */
export async function runOnSpace(
	context: IExecuteFunctions,
	settings: () => SpaceSettings,
	prepare: (session: Session) => Run | Promise<Run>,
): Promise<INodeExecutionData[][]> {
	const asNodeError = (error: unknown) => {
		throw toNodeError(context.getNode(), error);
	};
	let session: Session | undefined;
	try {
		const opened = (session = await open(context, settings).catch(asNodeError));
		const run = await Promise.resolve(opened).then(prepare).catch(asNodeError);
		try {
			return await runItems(context, run, async (itemIndex, failed) => {
				return await run.item({ ...opened, itemIndex, signal: AbortSignal.any([opened.stop, failed]) });
			});
		} finally {
			await run.close?.();
		}
	} finally {
		await session?.space.close();
	}
}

async function open(context: IExecuteFunctions, settings: () => SpaceSettings): Promise<Session> {
	const { method = 'rest', inFlight } = settings();
	const account = await accountOf(context);
	const cancel = context.getExecutionCancelSignal();
	// One of its own: what listens to it goes with the run.
	const stop = AbortSignal.any(cancel ? [cancel, shutdown.signal] : [shutdown.signal]);
	const witness = new Witness();
	const egress = witness.egress(n8nEgress(context.helpers));
	const http = witness.http(n8nFileXHttp(context, undefined, egress));
	const space = openSpace(context, account, method, { signal: stop, inFlight, egress }, http);
	const bulk = new Bulk({
		account,
		method,
		inFlight,
		space,
		signal: stop,
		ports: { http, egress },
		onMissing: (reason) =>
			context.logger.warn(`fileX transfers run in n8n's main thread, because no other could be started: ${reason}`),
	});
	return { account, method, stop, http, space, bulk, witness };
}

/**
 * Runs `work` for every input item, at most `parallel` at a time, and gives the results in the
 * items' order. Holds, for all nodes, what n8n expects of a loop: paired items, "On Error", and
 * errors that name the item. After a failure nothing more is begun, and what runs is waited for.
 */
async function runItems(
	context: IExecuteFunctions,
	{ parallel, failedOutput }: Pick<Run, 'parallel' | 'failedOutput'>,
	work: (itemIndex: number, failed: AbortSignal) => Promise<OutputItem[]>,
): Promise<INodeExecutionData[][]> {
	const indices = context.getInputData().map((_, index) => index);
	const outputs: INodeExecutionData[][] = Array.from({ length: (failedOutput ?? 0) + 1 }, () => []);
	const failed = new AbortController();
	const results = await mapLimit(indices, parallel, async (item): Promise<PairedItem[]> => {
		if (failed.signal.aborted) return [];
		try {
			return (await work(item, failed.signal)).map((output) => ({ ...output, item }));
		} catch (error) {
			const shown = toNodeError(context.getNode(), error, item);
			const { evidence, receipt } = findFileXError(error) ?? {};
			if (!context.continueOnFail()) failed.abort(shown);
			return [
				{
					record: failedRecord(context, shown.message, {
						description: shown.description ?? '',
						...evidence,
						...(receipt && { receipt }),
					}),
					output: failedOutput,
					item,
				},
			];
		}
	});
	failed.signal.throwIfAborted();
	for (const { record, binary, output = 0, item } of results.flat()) {
		(outputs[output] ??= []).push({ json: record, ...(binary && { binary }), pairedItem: { item } });
	}
	return outputs;
}

/** An output item and the index of the input item that it comes from. */
type PairedItem = OutputItem & { item: number };
