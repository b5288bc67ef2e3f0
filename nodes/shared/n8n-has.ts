import type { IExecuteFunctions, IPollFunctions, RequestHelperFunctions } from 'n8n-workflow';

/*
 * What some versions of n8n lack, asked for here and nowhere else. docs/compatibility.md ("What the package needs of n8n")
 * lists each, and what happens without it.
 */

type FileHelpers = Pick<IExecuteFunctions['helpers'], 'resolvePath' | 'isFilePathBlocked'>;

/** Without them, n8n's own limits on the disk cannot be kept: n8n 1.123.0 and 2.0 have none. */
export function fileHelpersOf({ helpers }: Pick<IExecuteFunctions, 'helpers'>): FileHelpers | undefined {
	const { resolvePath } = helpers as Partial<FileHelpers>;
	return typeof resolvePath === 'function' ? helpers : undefined;
}

/** The outbound policy, for connections that n8n's own client does not make. */
export function egressFilterOf(
	helpers: Partial<Pick<RequestHelperFunctions, 'getSecureEgressFilter'>>,
): ReturnType<RequestHelperFunctions['getSecureEgressFilter']> | undefined {
	return helpers.getSecureEgressFilter?.();
}

/** How long a poll may take, in ms: n8n 2.37.2 does not say, 2.39 does. */
export function pollBudgetOf(context: IPollFunctions): number | undefined {
	return (context.getPollBudgetMs as (() => number) | undefined)?.();
}

/** Saves a trigger's state at once, where n8n keeps it in a table of its own (`N8N_POLLER_DURABLE_CURSORS_ENABLED`, in 2.41). */
export async function commitCursor(context: IPollFunctions): Promise<void> {
	await context.__commitCursor?.();
}

/**
 * Whether this n8n takes `details` for a key of failed items. No n8n tells its version to a node. Since 2.37 its
 * contexts have `isStreaming` of their base class; before, of their own class or not at all.
 */
export function knowsDetails(context: object): boolean {
	return (
		'isStreaming' in context &&
		!Object.hasOwn(Object.getPrototypeOf(context) as object, 'isStreaming') &&
		!Object.hasOwn(context, 'isStreaming')
	);
}
