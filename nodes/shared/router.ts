import type { IBinaryKeyData, IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { findFileXError, mapBounded, type AccessMethod, type Account, type FileSpace } from '../../filex';
import { accountOf, openSpace } from './context';
import { toNodeError } from './errors';
import { failedRecord } from './failed-record';

/** One output item, yet to be paired with the input item that it comes from. */
export interface OutputItem {
	record: IDataObject;
	binary?: IBinaryKeyData;
	/** Which of the node's outputs it goes to; the first where absent. */
	output?: number;
}

/** What an item's work is given. */
export interface Step {
	itemIndex: number;
	account: Account;
	method: AccessMethod;
	/** Shared by all items of the run. */
	space: FileSpace;
	/** Aborts when the run is stopped, or has failed already: for work that would only go on waiting. */
	signal: AbortSignal;
	/** Aborts only when the run is stopped: for work that must not be left half done. */
	stop?: AbortSignal;
}

export interface RunSettings {
	/** HTTPS REST where absent. */
	method?: AccessMethod;
	/** Items at a time. */
	parallel: number;
	/** SFTP read or write requests in flight. */
	inFlight?: number;
}

/**
 * Runs `work` for every input item on one space, opened by the node's access method and always closed.
 *
 * @param settings read from the node's fields, which may be refused
 */
export async function runOnSpace(
	context: IExecuteFunctions,
	settings: () => RunSettings,
	work: (step: Step) => Promise<OutputItem[]>,
): Promise<INodeExecutionData[][]> {
	const stop = context.getExecutionCancelSignal();
	const { account, method, space, parallel } = await open(context, settings, stop).catch((error: unknown) => {
		throw toNodeError(context.getNode(), error);
	});
	try {
		return await runItems(context, parallel, async (itemIndex, failed) => {
			const signal = stop ? AbortSignal.any([stop, failed]) : failed;
			return await work({ itemIndex, account, method, space, signal, stop });
		});
	} finally {
		await space.close();
	}
}

async function open(
	context: IExecuteFunctions,
	settings: () => RunSettings,
	signal?: AbortSignal,
): Promise<Pick<Step, 'account' | 'method' | 'space'> & Pick<RunSettings, 'parallel'>> {
	const { method = 'rest', parallel, inFlight } = settings();
	const account = await accountOf(context);
	return { account, method, parallel, space: openSpace(context, account, method, { signal, inFlight }) };
}

/**
 * Runs `work` for every input item, at most `parallel` at a time, and gives the results in the
 * items' order. Holds, for all nodes, what n8n expects of a loop: paired items, "On Error", and
 * errors that name the item. After a failure nothing more is begun, and what runs is waited for.
 */
async function runItems(
	context: IExecuteFunctions,
	parallel: number,
	work: (itemIndex: number, failed: AbortSignal) => Promise<OutputItem[]>,
): Promise<INodeExecutionData[][]> {
	const indices = context.getInputData().map((_, index) => index);
	const outputs: INodeExecutionData[][] = [[]];
	const failed = new AbortController();
	const results = await mapBounded(indices, parallel, async (item): Promise<PairedItem[]> => {
		if (failed.signal.aborted) return [];
		try {
			return (await work(item, failed.signal)).map((each) => ({ ...each, item }));
		} catch (error) {
			const shown = toNodeError(context.getNode(), error, item);
			if (!context.continueOnFail()) failed.abort(shown);
			return [
				{
					record: failedRecord(context, shown.message, {
						description: shown.description ?? '',
						...findFileXError(error)?.evidence,
					}),
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
