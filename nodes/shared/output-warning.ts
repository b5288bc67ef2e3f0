import type { IExecuteFunctions } from 'n8n-workflow';

/** Shows a warning beside the node's output. */
export function warnInOutput(context: IExecuteFunctions, message: string): void {
	// Older versions of n8n have no execution hints.
	(context.addExecutionHints as IExecuteFunctions['addExecutionHints'] | undefined)?.({
		message,
		type: 'warning',
		location: 'outputPane',
	});
}
