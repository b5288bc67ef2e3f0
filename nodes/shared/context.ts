import type {
	IAllExecuteFunctions,
	ILoadOptionsFunctions,
	INodeParameterResourceLocator,
	IPollFunctions,
} from 'n8n-workflow';
import {
	checkOrgId,
	checkSegment,
	openFileSpace,
	readAccount,
	type AccessMethod,
	type Account,
	type FileSpace,
	type SpacePath,
	type SpacePorts,
} from '../../filex';
import { n8nEgress } from './egress';
import { n8nFileXHttp } from './http';

export type FileXContext = IAllExecuteFunctions | IPollFunctions | ILoadOptionsFunctions;

/** Options that every node has in its "Options" collection. */
export interface CommonOptions {
	orgId?: string;
}

/** The account of the node's credential. */
export async function accountOf(context: Pick<FileXContext, 'getCredentials'>): Promise<Account> {
	return readAccount(await context.getCredentials('fipApi'));
}

/** Opens the node's account by an access method. The caller closes it. */
export function openSpace(
	context: FileXContext,
	account: Account,
	method: AccessMethod,
	ports: Omit<SpacePorts, 'http' | 'egress'> = {},
): FileSpace {
	const http = n8nFileXHttp(context as IAllExecuteFunctions);
	return openFileSpace(account, method, { http, egress: n8nEgress(context.helpers), ...ports });
}

/** The organization that a step is for: its own option, or the credential's. */
export function organization(account: Account, { orgId = '' }: CommonOptions): string {
	return orgId.trim() === '' ? account.orgId : checkOrgId(orgId, 'On Behalf of Organization ID');
}

/**
 * What a user meant by an application or sub-space, however it was given: a name, or a path or URL
 * that it is the last part of.
 */
export function locatorName(value: unknown, field: string): string {
	const raw = (value as INodeParameterResourceLocator | undefined)?.value ?? value;
	const text = String(raw ?? '').trim();
	const segments = text.replace(/[?#].*$/, '').split('/').filter((part) => part !== '');
	return checkSegment(segments.at(-1) ?? '', field);
}

/** The sub-space that a node's 'Application' and 'Sub-Space' fields name. */
export function spacePathOf(
	orgId: string,
	fields: { application: unknown; subSpace: unknown },
): SpacePath {
	return {
		orgId,
		application: locatorName(fields.application, 'Application'),
		subSpace: locatorName(fields.subSpace, 'Sub-Space'),
	};
}
