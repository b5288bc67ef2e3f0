import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { checkOrgId, type Decision, inputError, type Submission, type SubmissionFilter } from '../../filex';
import { locatorName } from './context';
import type { Parameters } from './parameters';

/** What FINRA can decide, as options to choose from. */
export const decisions = {
	accepted: { name: 'Accepted', value: 'accepted', description: 'FINRA processed the whole file' },
	partiallyRejected: {
		name: 'Partially Rejected',
		value: 'partiallyRejected',
		description: 'FINRA needs a new file with only the corrected data',
	},
	rejected: { name: 'Rejected', value: 'rejected', description: 'FINRA needs the whole file again' },
} satisfies Record<Decision, INodePropertyOptions>;

/** Options that say which submissions are wanted. */
export const submissionOptions = {
	application: {
		displayName: 'Application',
		name: 'application',
		type: 'string',
		default: '',
		placeholder: 'e.g. focus',
		description: 'Only submissions to this application, by its short name',
	},
	orgId: {
		displayName: 'Organization ID',
		name: 'orgId',
		type: 'string',
		default: '',
		placeholder: 'e.g. 0001',
		description:
			'Only submissions for this organization; leading zeros count. Leave empty for all that the account may see.',
	},
	subSpace: {
		displayName: 'Sub-Space',
		name: 'subSpace',
		type: 'string',
		default: '',
		placeholder: 'e.g. in',
		description: 'Only submissions to this sub-space',
	},
	userName: {
		displayName: 'User Name',
		name: 'userName',
		type: 'string',
		default: '',
		placeholder: 'e.g. filexhttpuser11',
		description: 'Only submissions by this account; letter case is ignored',
	},
} satisfies Record<string, INodeProperties>;

/** The places that the options name; a path or URL stands for its last part. */
export function placesOf(options: Parameters): Pick<SubmissionFilter, 'orgId' | 'application' | 'subSpace'> {
	const [orgId, application, subSpace] = [options.text('orgId'), options.text('application'), options.text('subSpace')];
	return {
		orgId: orgId && checkOrgId(orgId, options.label('orgId')),
		application: application && locatorName(application, options.label('application')),
		subSpace: subSpace && locatorName(subSpace, options.label('subSpace')),
	};
}

/**
 * Refuses an organization that fileX tracks under the same number with other leading zeros only: the filter would
 * leave everything out, and say nothing.
 */
export function checkLeadingZeros(orgId: string | undefined, tracked: ReadonlyArray<Pick<Submission, 'orgId'>>): void {
	if (!orgId || tracked.some((each) => each.orgId === orgId)) return;
	const meant = tracked.find(
		(each) => each.orgId !== null && each.orgId.replace(/^0+/, '') === orgId.replace(/^0+/, ''),
	);
	if (!meant) return;
	const field = submissionOptions.orgId.displayName;
	throw inputError(
		field,
		`'${field}' is '${orgId}', but fileX tracks submissions of '${meant.orgId}'`,
		'Enter it with its leading zeros, as text: a number loses them.',
	);
}
