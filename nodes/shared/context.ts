import type { IAllExecuteFunctions, ILoadOptionsFunctions, IPollFunctions } from 'n8n-workflow';
import {
	type AccessMethod,
	type Account,
	checkOrgId,
	checkSegment,
	type FileSpace,
	inputError,
	openFileSpace,
	readAccount,
	shorten,
	type SpacePath,
	type SpacePorts,
} from '../../filex';
import { n8nEgress } from './egress';
import { n8nFileXHttp } from './http';
import type { Parameters } from './parameters';

export type FileXContext = IAllExecuteFunctions | IPollFunctions | ILoadOptionsFunctions;

/** The account of the node's credential. */
export async function accountOf(context: Pick<FileXContext, 'getCredentials'>): Promise<Account> {
	return readAccount(await context.getCredentials('fipApi'));
}

/** Opens the node's account by an access method. The caller closes it. */
export function openSpace(
	context: FileXContext,
	account: Account,
	method: AccessMethod,
	ports: Omit<SpacePorts, 'http'> = {},
	http = n8nFileXHttp(context as IAllExecuteFunctions),
): FileSpace {
	return openFileSpace(account, method, { http, egress: n8nEgress(context.helpers), ...ports });
}

/** The organization that a step is for: its own option, or the credential's. */
export function organization(account: Account, { options }: Parameters): string {
	const orgId = options.text('orgId');
	return orgId === '' ? account.orgId : checkOrgId(orgId, options.label('orgId'));
}

/**
 * What a user meant by an application or sub-space, however it was given: a name, or a path or URL
 * that it is the last part of.
 */
export function locatorName(text: string, field: string): string {
	return checkSegment(segmentsOf(text).at(-1) ?? '', field);
}

/** The application that a node's field names. */
export function applicationOf(parameters: Parameters): string {
	return locatorName(parameters.picked('application'), parameters.label('application'));
}

/** The sub-space that a node's 'Application' and 'Sub-Space' fields name. A path in one of them must not contradict the rest. */
export function spacePathOf(orgId: string, parameters: Parameters): SpacePath {
	const application = applicationOf(parameters);
	const subSpace = locatorName(parameters.picked('subSpace'), parameters.label('subSpace'));
	checkParents(parameters.picked('application'), [orgId], parameters.label('application'));
	checkParents(parameters.picked('subSpace'), [orgId, application], parameters.label('subSpace'));
	return { orgId, application, subSpace };
}

/** @param parents what a path goes through before its last part */
function checkParents(text: string, parents: string[], field: string): void {
	const given = segmentsOf(text).slice(0, -1).slice(-parents.length);
	const wanted = parents.slice(parents.length - given.length);
	if (given.every((part, index) => part === wanted[index])) return;
	throw inputError(
		field,
		`'${field}' is the path '${shorten(text)}', which is not in '${wanted.join('/')}'`,
		"Enter the name alone, or a path in the organization and application of this step. For another organization, use 'On Behalf of Organization ID'. Nothing was transferred.",
	);
}

/** The parts of a name, a path, or fileX's URL of one. */
function segmentsOf(text: string): string[] {
	const path = text
		.trim()
		.replace(/[?#].*$/s, '')
		.replace(/^https?:\/\/[^/]+\/(files\/)?/i, '');
	return path.split('/').filter((part) => part !== '');
}
