import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import {
	applicationTitle,
	describeFile,
	type FileXError,
	formatSpace,
	inputError,
	isArchive,
	namePattern,
	probeSftpServer,
	type RemoteDirectory,
	serviceHealth,
	subSpaceFacts,
} from '../../filex';
import { applicationOf, organization, spacePathOf } from '../shared/context';
import { n8nEgress } from '../shared/egress';
import { n8nFileXHttp } from '../shared/http';
import { limited } from '../shared/limit';
import { warnInOutput } from '../shared/output-warning';
import { hintOf } from '../shared/remedies';
import type { Parameters } from '../shared/parameters';
import type { Step } from '../shared/router';
import { diagnostics } from './diagnostics';

export type OperationName = keyof typeof OPERATIONS;

export const OPERATIONS = { applications, diagnostics, files, health, subSpaces };

async function applications(context: IExecuteFunctions, step: Step, parameters: Parameters): Promise<IDataObject[]> {
	const orgId = organization(step.account, parameters);
	if (wantsXml(parameters)) return await listingXml(step, orgId);
	const found = await step.space.applications(orgId);
	return limited(parameters, byName(found)).map(({ name, writable }) => ({
		orgId,
		application: name,
		title: applicationTitle(name) ?? null,
		path: `${orgId}/${name}`,
		...(writable === undefined ? {} : { writable }),
	}));
}

async function subSpaces(context: IExecuteFunctions, step: Step, parameters: Parameters): Promise<IDataObject[]> {
	const orgId = organization(step.account, parameters);
	const application = applicationOf(parameters);
	if (wantsXml(parameters)) return await listingXml(step, `${orgId}/${application}`);
	const found = await step.space.subSpaces(orgId, application);
	return limited(parameters, byName(found)).map(({ name, writable }) => {
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

async function files(context: IExecuteFunctions, step: Step, parameters: Parameters): Promise<IDataObject[]> {
	const path = spacePathOf(organization(step.account, parameters), parameters);
	if (wantsXml(parameters)) return await listingXml(step, formatSpace(path));
	const { options } = parameters;
	const accepts = namePattern(options.text('namePattern'));
	const after = options.instant('changedAfter') ?? -Infinity;
	const before = options.instant('changedBefore') ?? Infinity;
	const found = (await step.space.list(path, { onUnreadable: (error) => warnOf(context, error) })).filter(
		({ name, lastModified }) => {
			const changed = lastModified.getTime();
			return accepts(name) && changed > after && changed < before;
		},
	);
	found.sort((a, b) => b.lastModified.getTime() - a.lastModified.getTime() || (a.name < b.name ? -1 : 1));
	return limited(parameters, found).map((file) => describeFile(path, file));
}

/** Entries that cannot be used are not in the output: the run says so. */
function warnOf(context: IExecuteFunctions, error: FileXError): void {
	context.logger.warn(error.message);
	warnInOutput(context, `${error.message}. ${hintOf(error)}`);
}

async function health(context: IExecuteFunctions, { account }: Step): Promise<IDataObject[]> {
	const [rest, sftp] = await Promise.all([
		serviceHealth(n8nFileXHttp(context), account.endpoints.rest),
		probeSftpServer(account, { egress: n8nEgress(context.helpers) }),
	]);
	return [{ ...rest, details: rest.details as IDataObject, sftp, checkedAt: new Date().toISOString() }];
}

/** fileX's own XML of a listing, which only REST gives. */
async function listingXml({ space }: Step, path: string): Promise<IDataObject[]> {
	if (!space.rawXml) {
		throw inputError(
			'Output',
			"'Output' is fileX XML, which fileX gives over HTTPS REST only",
			"Choose HTTPS REST as 'Access Method', or Fields as 'Output'.",
		);
	}
	return [{ path, xml: await space.rawXml(path) }];
}

function wantsXml({ options }: Parameters): boolean {
	return options.choice<'fields' | 'xml'>('output') === 'xml';
}

function byName(directories: RemoteDirectory[]): RemoteDirectory[] {
	return [...directories].sort((a, b) => (a.name < b.name ? -1 : 1));
}
