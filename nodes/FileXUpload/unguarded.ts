import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { Place } from '../../filex';
import type { Step } from '../shared/router';
import { parametersOf, type IfAlreadyFiled } from './fields';

/** Whether the guard against filing twice will have nothing to go by: fileX tracks REST only, and the archive is hidden. */
export function isUnguarded(
	context: IExecuteFunctions,
	{ method, itemIndex }: Step,
	{ outcome, checkedAgainst }: IDataObject,
): boolean {
	const isWanted = parametersOf(context, itemIndex).choice<IfAlreadyFiled>('ifAlreadyFiled') !== 'allow';
	return outcome === 'accepted' && method !== 'rest' && isWanted && !(checkedAgainst as Place[]).includes('archive');
}

/** Says so beside the node's output. */
export function tellUnguarded(context: IExecuteFunctions): void {
	// n8n of some versions ago has no hints.
	(context.addExecutionHints as IExecuteFunctions['addExecutionHints'] | undefined)?.({
		message:
			'This account cannot see the archive of this sub-space, so files that it submits over SFTP or S3 Direct are not recognized when another n8n process, or this one after a restart, submits them again. Over HTTPS REST they are.',
		type: 'warning',
		location: 'outputPane',
	});
}
