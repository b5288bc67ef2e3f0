import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import {
	applicationTitle,
	describeFile,
	formatSpace,
	inputError,
	isArchive,
	namePattern,
	probeSftpServer,
	RestSpace,
	serviceHealth,
	subSpaceFacts,
	type FileXError,
	type RemoteDirectory,
} from '../../filex';
import { locatorName, organization, spacePathOf, type CommonOptions } from '../shared/context';
import { n8nEgress } from '../shared/egress';
import { n8nFileXHttp } from '../shared/http';
import { instant, limited } from '../shared/parameters';
import type { Step } from '../shared/router';

interface ListOptions extends CommonOptions {
	namePattern?: string;
	changedAfter?: string;
	changedBefore?: string;
	output?: 'fields' | 'xml';
}

function optionsOf(context: IExecuteFunctions, { itemIndex }: Step): ListOptions {
	return context.getNodeParameter('options', itemIndex, {}) as ListOptions;
}

export type OperationName = keyof typeof OPERATIONS;

export const OPERATIONS = { applications, files, health, subSpaces };

async function applications(context: IExecuteFunctions, step: Step): Promise<IDataObject[]> {
	const options = optionsOf(context, step);
	const orgId = organization(step.account, options);
	if (options.output === 'xml') return await listingXml(context, step, orgId);
	const found = await step.space.applications(orgId);
	return limited(context, step.itemIndex, byName(found)).map(({ name, writable }) => ({
		orgId,
		application: name,
		title: applicationTitle(name) ?? null,
		path: `${orgId}/${name}`,
		...(writable === undefined ? {} : { writable }),
	}));
}

async function subSpaces(context: IExecuteFunctions, step: Step): Promise<IDataObject[]> {
	const options = optionsOf(context, step);
	const orgId = organization(step.account, options);
	const application = locatorName(context.getNodeParameter('application', step.itemIndex), 'Application');
	if (options.output === 'xml') return await listingXml(context, step, `${orgId}/${application}`);
	const found = await step.space.subSpaces(orgId, application);
	return limited(context, step.itemIndex, byName(found)).map(({ name, writable }) => {
		const facts = subSpaceFacts(application, name);
		return {
			orgId,
			application,
			subSpace: name,
			path: `${orgId}/${application}/${name}`,
			...(writable === undefined ? {} : { writable }),
			allowedAction: facts?.action ?? null,
			retention: facts?.retention ?? null,
			archive: isArchive(name),
			...(facts?.note && { note: facts.note }),
		};
	});
}

async function files(context: IExecuteFunctions, step: Step): Promise<IDataObject[]> {
	const { itemIndex, account, space } = step;
	const options = optionsOf(context, step);
	const path = spacePathOf(organization(account, options), {
		application: context.getNodeParameter('application', itemIndex),
		subSpace: context.getNodeParameter('subSpace', itemIndex),
	});
	if (options.output === 'xml') return await listingXml(context, step, formatSpace(path));
	const accepts = namePattern(options.namePattern ?? '');
	const after = instant(context, 'Changed After', options.changedAfter) ?? -Infinity;
	const before = instant(context, 'Changed Before', options.changedBefore) ?? Infinity;
	const found = (await space.list(path, { onUnreadable: (error) => hintAt(context, error) })).filter(({ name, lastModified }) => {
		const changed = lastModified.getTime();
		return accepts(name) && changed > after && changed < before;
	});
	found.sort((a, b) => b.lastModified.getTime() - a.lastModified.getTime() || (a.name < b.name ? -1 : 1));
	return limited(context, itemIndex, found).map((file) => describeFile(path, file));
}

/** Entries that cannot be used are not in the output: the run says so. */
function hintAt(context: IExecuteFunctions, { message, hint }: FileXError): void {
	context.logger.warn(message);
	// n8n of some versions ago has no hints.
	(context.addExecutionHints as IExecuteFunctions['addExecutionHints'] | undefined)?.({ message: `${message}. ${hint}`, type: 'warning', location: 'outputPane' });
}

async function health(context: IExecuteFunctions, { account }: Step): Promise<IDataObject[]> {
	const [rest, sftp] = await Promise.all([
		serviceHealth(n8nFileXHttp(context), account.endpoints.rest),
		probeSftpServer(account, { egress: n8nEgress(context.helpers) }),
	]);
	return [{ ...rest, details: rest.details as IDataObject, sftp, checkedAt: new Date().toISOString() }];
}

/** fileX's own XML of a listing, which only REST gives. */
async function listingXml(context: IExecuteFunctions, { account, method, signal }: Step, path: string): Promise<IDataObject[]> {
	if (method !== 'rest') {
		throw inputError(
			'Output',
			"'Output' is fileX XML, which fileX gives over HTTPS REST only",
			"Choose HTTPS REST as 'Access Method', or Fields as 'Output'.",
		);
	}
	const rest = new RestSpace(account.endpoints.rest, n8nFileXHttp(context), signal);
	return [{ path, xml: await rest.xml(path) }];
}

function byName(directories: RemoteDirectory[]): RemoteDirectory[] {
	return [...directories].sort((a, b) => (a.name < b.name ? -1 : 1));
}
