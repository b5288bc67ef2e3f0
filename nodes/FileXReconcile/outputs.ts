import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { failedRecord } from '../shared/failed-record';
import { toNodeError } from '../shared/errors';

/** The output of what needs no one's eye. */
export const AS_EXPECTED = 0;

/** The output of what somebody should look at, failed items included. */
export const EXCEPTIONS = 1;

/** All input items, failed for a reason that none of them is to blame for. */
export function failedItems(context: IExecuteFunctions, error: unknown): INodeExecutionData[][] {
	const { message, description } = toNodeError(context.getNode(), error);
	const failed = context.getInputData().map((_, item) => ({
		json: failedRecord(context, message, { description: description ?? '' }),
		pairedItem: { item },
	}));
	return [[], failed];
}

/** An AI agent sees the first output only, and must not take it for all there is. */
export function allInOne(outputs: INodeExecutionData[][]): INodeExecutionData[][] {
	return [[...(outputs[EXCEPTIONS] ?? []), ...(outputs[AS_EXPECTED] ?? [])]];
}
