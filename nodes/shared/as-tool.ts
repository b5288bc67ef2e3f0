import type { IExecuteFunctions } from 'n8n-workflow';
import { inputError } from '../../filex';
import { asWritten, type Parameters } from './parameters';

/** What an expression takes from the model: its own words, and the item that they arrive as. */
const FROM_MODEL = /\$(fromAI|json|input|binary|data|items?|rawParameter|parameter)\b/i;

/** Whether an AI agent calls the node: n8n gives such a node a type of its own. */
export function isTool(context: Pick<IExecuteFunctions, 'getNode'>): boolean {
	return context.getNode().type.endsWith('Tool');
}

/**
 * Refuses fields that name what is read on the workflow's behalf, where an agent fills them in.
 *
 * @param hint what was not done
 * @throws FileXError `input`
 */
export function refuseFromModel(
	context: Pick<IExecuteFunctions, 'getNode'>,
	parameters: Parameters,
	names: readonly string[],
	hint: string,
): void {
	if (!isTool(context)) return;
	for (const name of names) {
		if (!expressionsIn(asWritten(context, name)).some((text) => FROM_MODEL.test(text))) continue;
		const field = parameters.label(name);
		throw inputError(
			field,
			`An agent's tool may not take '${field}' from the agent`,
			`Enter it in the node, or take it from another node of the workflow by its name. ${hint}`,
		);
	}
}

/** The expressions of a field, a resource locator or a collection. */
function expressionsIn(written: unknown): string[] {
	if (typeof written === 'string') return written.startsWith('=') ? [written] : [];
	return typeof written === 'object' && written !== null ? Object.values(written).flatMap(expressionsIn) : [];
}
