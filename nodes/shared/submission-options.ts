import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { checkOrgId, type Decision, type SubmissionFilter } from '../../filex';
import { locatorName } from './context';

/** What FINRA can decide, as options to choose from. */
export const decisions = {
	accepted: { name: 'Accepted', value: 'accepted', description: 'FINRA processed the whole file' },
	partiallyRejected: { name: 'Partially Rejected', value: 'partiallyRejected', description: 'FINRA wants a new file with the corrected data only' },
	rejected: { name: 'Rejected', value: 'rejected', description: 'FINRA wants the whole file again' },
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
		description: 'Only submissions for this organization. Empty means all that the account may see.',
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

/** The same options with their places checked; a path or URL stands for its last part. */
export function checkPlaces<O extends Pick<SubmissionFilter, 'orgId' | 'application' | 'subSpace'>>(options: O): O {
	const { orgId, application, subSpace } = options;
	return {
		...options,
		orgId: orgId && checkOrgId(orgId),
		application: application && locatorName(application, 'Application'),
		subSpace: subSpace && locatorName(subSpace, 'Sub-Space'),
	};
}
