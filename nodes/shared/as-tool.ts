import type { IExecuteFunctions } from 'n8n-workflow';
import { inputError } from '../../filex';
import { asWritten, type Parameters } from './parameters';

/**
 * What an expression may use of n8n's: what comes from the workflow, whoever calls the node. All else (`$fromAI`, the item that
 * the model's words arrive as by whatever name, and what works out an expression that is built of them) may be the model's.
 */
const OF_WORKFLOW =
	/^\$(node|vars|secrets|env|now|today|execution|workflow|mode|runIndex|itemIndex|if|ifEmpty|min|max|jmespath)$/;

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
		if (!expressionsIn(asWritten(context, name)).some(mayBeModels)) continue;
		const field = parameters.label(name);
		throw inputError(
			field,
			`An agent's tool may not take '${field}' from the agent`,
			`Enter it in the node, or take it from another node of the workflow by its name. ${hint}`,
		);
	}
}

function mayBeModels(expression: string): boolean {
	return (expression.match(/\$[a-z_]\w*/gi) ?? []).some((name) => !OF_WORKFLOW.test(name));
}

/** The expressions of a field, a resource locator or a collection. */
function expressionsIn(written: unknown): string[] {
	if (typeof written === 'string') return written.startsWith('=') ? [written] : [];
	return typeof written === 'object' && written !== null ? Object.values(written).flatMap(expressionsIn) : [];
}
