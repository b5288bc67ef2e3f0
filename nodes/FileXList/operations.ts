import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import {
	applicationTitle,
	describeFile,
	inputError,
	isArchive,
	namePattern,
	parseDateTime,
	probeSftpServer,
	serviceHealth,
	subSpaceFacts,
	type RemoteDirectory,
} from '../../filex';
import { locatorName, organization, spacePathOf, type CommonOptions } from '../shared/context';
import { n8nFileXHttp } from '../shared/http';
import type { Step } from '../shared/router';

interface ListOptions extends CommonOptions {
	namePattern?: string;
	changedAfter?: string;
	changedBefore?: string;
}

function optionsOf(context: IExecuteFunctions, { itemIndex }: Step): ListOptions {
	return context.getNodeParameter('options', itemIndex, {}) as ListOptions;
}

export type OperationName = keyof typeof OPERATIONS;

export const OPERATIONS = { applications, files, health, subSpaces };

async function applications(context: IExecuteFunctions, step: Step): Promise<IDataObject[]> {
	const orgId = organization(step.account, optionsOf(context, step));
	const found = await step.space.applications(orgId);
	return limited(context, step, byName(found)).map(({ name, writable }) => ({
		orgId,
		application: name,
		title: applicationTitle(name) ?? null,
		path: `${orgId}/${name}`,
		...(writable === undefined ? {} : { writable }),
	}));
}

async function subSpaces(context: IExecuteFunctions, step: Step): Promise<IDataObject[]> {
	const orgId = organization(step.account, optionsOf(context, step));
	const application = locatorName(context.getNodeParameter('application', step.itemIndex), 'Application');
	const found = await step.space.subSpaces(orgId, application);
	return limited(context, step, byName(found)).map(({ name, writable }) => {
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
	const accepts = namePattern(options.namePattern ?? '');
	const after = instant(context, 'Changed After', options.changedAfter) ?? -Infinity;
	const before = instant(context, 'Changed Before', options.changedBefore) ?? Infinity;
	const found = (await space.list(path)).filter(({ name, lastModified }) => {
		const changed = lastModified.getTime();
		return accepts(name) && changed > after && changed < before;
	});
	found.sort((a, b) => b.lastModified.getTime() - a.lastModified.getTime() || (a.name < b.name ? -1 : 1));
	return limited(context, step, found).map((file) => describeFile(path, file));
}

async function health(context: IExecuteFunctions, { account }: Step): Promise<IDataObject[]> {
	const [rest, sftp] = await Promise.all([
		serviceHealth(n8nFileXHttp(context), account.endpoints.rest),
		probeSftpServer(account),
	]);
	return [{ ...rest, details: rest.details as IDataObject, sftp, checkedAt: new Date().toISOString() }];
}

function byName(directories: RemoteDirectory[]): RemoteDirectory[] {
	return [...directories].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function limited<T>(context: IExecuteFunctions, { itemIndex }: Step, all: T[]): T[] {
	if (context.getNodeParameter('returnAll', itemIndex, false)) return all;
	return all.slice(0, context.getNodeParameter('limit', itemIndex, 50) as number);
}

/** A date option as ms; without an offset of its own it is in the workflow's time zone. */
function instant(context: IExecuteFunctions, field: string, value: unknown): number | undefined {
	if (value === undefined || value === '') return undefined;
	// Expressions may give luxon's DateTime or a Date; both print as ISO with an offset.
	const text = typeof value === 'string' ? value : String(JSON.parse(JSON.stringify(value)));
	const date = parseDateTime(text, context.getTimezone());
	if (date) return date.getTime();
	throw inputError(field, `'${field}' is not a date and time`, 'Write it like 2026-03-31T17:00:00, or with an offset like 2026-03-31T17:00:00-04:00.');
}
