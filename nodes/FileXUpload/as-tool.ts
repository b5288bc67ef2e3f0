import type { IExecuteFunctions } from 'n8n-workflow';
import { inputError } from '../../filex';
import { isTool, refuseFromModel } from '../shared/as-tool';
import { asWritten, type Parameters } from '../shared/parameters';

/** All that decides what is filed, where, and how often. */
const OF_WORKFLOW = [
	'source',
	'filePath',
	'bucketKey',
	'binaryPropertyName',
	'accessMethod',
	'application',
	'subSpace',
	'fileName',
	'ifAlreadyFiled',
	'expectedSha256',
	'options',
];

const HINT = 'Nothing was submitted. See docs/agents.md.';

/**
 * An agent decides when a filing is submitted, and nothing else: not which one, where to, or how often. Of what is refused it
 * is told the right hash, and may tell the approved one from no other; so that is the workflow's to bring, too.
 *
 * @throws FileXError `input`
 */
export function checkTool(context: Pick<IExecuteFunctions, 'getNode'>, parameters: Parameters): void {
	if (!isTool(context)) return;
	refuseFromModel(context, parameters, OF_WORKFLOW, HINT);
	if (parameters.choice('ifAlreadyFiled') === 'allow') {
		const field = parameters.label('ifAlreadyFiled');
		throw inputError(field, `An agent's tool does not run with '${field}' set to 'Allow'`, HINT);
	}
	const options = asWritten(context, 'options') as Record<string, unknown> | undefined;
	// By the node itself: an expression could be the agent's.
	if (options?.withoutExpectedSha256 === true || parameters.text('expectedSha256') !== '') return;
	const field = parameters.label('expectedSha256');
	throw inputError(
		field,
		`An agent's tool needs '${field}': the SHA-256 of the content that was approved`,
		`Take it from a step with 'Validate Only' that someone has approved, or switch on '${parameters.options.label('withoutExpectedSha256')}' in the node. ${HINT}`,
	);
}
