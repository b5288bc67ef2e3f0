import type { IBinaryKeyData, IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { mapBounded, type AccessMethod, type Account, type FileSpace } from '../../filex';
import { accountOf, openSpace } from './context';
import { toNodeError } from './errors';

/** One output item, yet to be paired with the input item that it comes from. */
export interface OutputItem {
	record: IDataObject;
	binary?: IBinaryKeyData;
}

/** What an item's work is given. */
export interface Step {
	itemIndex: number;
	account: Account;
	method: AccessMethod;
	/** Shared by all items of the run. */
	space: FileSpace;
}

export interface RunSettings {
	/** Items at a time; one for SFTP, whose single connection moves one file at a time. */
	parallel: number;
	/** SFTP read requests in flight. */
	inFlight?: number;
}

/** Runs `work` for every input item on one space, opened by the node's access method and always closed. */
export async function runOnSpace(
	context: IExecuteFunctions,
	{ parallel, inFlight }: RunSettings,
	work: (step: Step) => Promise<OutputItem[]>,
): Promise<INodeExecutionData[][]> {
	const account = await accountOf(context).catch((error: unknown) => {
		throw toNodeError(context.getNode(), error);
	});
	const method = context.getNodeParameter('accessMethod', 0, 'rest') as AccessMethod;
	const space = openSpace(context, account, method, { signal: context.getExecutionCancelSignal(), inFlight });
	try {
		const atATime = method === 'sftp' ? 1 : parallel;
		return await runItems(context, atATime, async (itemIndex) => await work({ itemIndex, account, method, space }));
	} finally {
		await space.close();
	}
}

/**
 * Runs `work` for every input item, at most `parallel` at a time, and gives the results in the
 * items' order. Holds, for all nodes, what n8n expects of a loop: paired items, "On Error", and
 * errors that name the item. After a failure nothing more is begun, and what runs is waited for.
 */
async function runItems(
	context: IExecuteFunctions,
	parallel: number,
	work: (itemIndex: number) => Promise<OutputItem[]>,
): Promise<INodeExecutionData[][]> {
	const indices = context.getInputData().map((_, index) => index);
	let failure: unknown;
	const results = await mapBounded(indices, parallel, async (item): Promise<INodeExecutionData[]> => {
		if (failure !== undefined) return [];
		try {
			return (await work(item)).map(({ record, binary }) => ({
				json: record,
				...(binary && { binary }),
				pairedItem: { item },
			}));
		} catch (error) {
			const shown = toNodeError(context.getNode(), error, item);
			if (!context.continueOnFail()) failure ??= shown;
			// Without an `error` beside it, for which n8n would drop the details.
			return [{ json: { error: shown.message, details: shown.description ?? '' }, pairedItem: { item } }];
		}
	});
	if (failure !== undefined) throw failure;
	return [results.flat()];
}
