import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { knowsDetails } from './n8n-has';

/**
 * The JSON of an item that failed, where a node continues after an error.
 *
 * With "Continue (using error output)" n8n takes an item for a failed one by its keys. Up to 2.33, and in 2.35.0, these
 * are `error` alone or `error` and `message`; later `error`, `message`, `details` or some of them (`handleNodeErrorOutput`
 * of n8n-core's workflow-execute). `message` carries the details in all of them; `details` stands beside it where
 * that does not make n8n hand the item on as a success. n8n's own `item.error` is no way: n8n then replaces the whole
 * JSON by the error's text.
 */
export function failedRecord(context: IExecuteFunctions, error: string, details: IDataObject): IDataObject {
	const record = { error, message: details };
	return isRoutedByKeys(context) && !knowsDetails(context) ? record : { ...record, details: { ...details } };
}

function isRoutedByKeys(context: IExecuteFunctions): boolean {
	return context.getNode().onError === 'continueErrorOutput';
}
