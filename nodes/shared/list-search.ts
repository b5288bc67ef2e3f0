import type { ILoadOptionsFunctions, INodeListSearchResult, INodeProperties } from 'n8n-workflow';
import {
	applicationTitle,
	deadline,
	mayTakeUploads,
	subSpaceFacts,
	type AccessMethod,
	type FileSpace,
	type RemoteDirectory,
} from '../../filex';
import { accountOf, applicationOf, openSpace, organization, spacePathOf } from './context';
import { toNodeError } from './errors';
import { accessMethodField, applicationField, onBehalfOfOption, subSpaceField } from './fields';
import { editorParameters, type Parameters } from './parameters';

/** How long the editor waits for a list, in ms. */
const LIST_TIMEOUT = 30_000;

/** For nodes that have no field for it, and do not use HTTPS REST. */
const DEFAULT_METHODS: Record<string, AccessMethod> = { fileXSftpTrigger: 'sftp' };

/** What a list depends on; a node that lacks one of these fields has its default. */
const FIELDS: INodeProperties[] = [
	accessMethodField,
	applicationField(),
	subSpaceField(),
	{ displayName: 'Options', name: 'options', type: 'collection', default: {}, options: [onBehalfOfOption] },
];

type Entry = INodeListSearchResult['results'][number];

/** Live lists for the nodes' resource locators. An empty list means that nothing is there. */
export const listSearch = {
	async applications(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
		return await search(this, filter, async (space, orgId) => (await space.applications(orgId)).map(applicationEntry));
	},

	/** Those that the guide names an upload sub-space of, or does not know. */
	async uploadApplications(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
		return await search(this, filter, async (space, orgId) =>
			(await space.applications(orgId)).filter(({ name }) => mayTakeUploads(name)).map(applicationEntry),
		);
	},

	async subSpaces(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
		return await searchSubSpaces(this, filter, () => true);
	},

	/** Those that this account may upload into. */
	async uploadSubSpaces(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
		return await searchSubSpaces(
			this,
			filter,
			(application, { name, writable }) => writable ?? subSpaceFacts(application, name)?.action !== 'Download',
		);
	},

	async files(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
		return await search(this, filter, async (space, orgId, parameters) => {
			const files = await space.list(spacePathOf(orgId, parameters), { onUnreadable: () => {} });
			files.sort((a, b) => b.lastModified.getTime() - a.lastModified.getTime());
			return files.slice(0, 500).map(({ name }) => ({ name, value: name }));
		});
	},
};

function applicationEntry({ name }: RemoteDirectory): Entry {
	const title = applicationTitle(name);
	return { name: title && title.toLowerCase() !== name ? `${name} – ${title}` : name, value: name };
}

async function searchSubSpaces(
	context: ILoadOptionsFunctions,
	filter: string | undefined,
	isWanted: (application: string, subSpace: RemoteDirectory) => boolean,
): Promise<INodeListSearchResult> {
	return await search(context, filter, async (space, orgId, parameters) => {
		const application = applicationOf(parameters);
		const subSpaces = await space.subSpaces(orgId, application);
		return subSpaces
			.filter((subSpace) => isWanted(application, subSpace))
			.map(({ name }) => {
				const facts = subSpaceFacts(application, name);
				return { name: facts ? `${name} – ${facts.action}, ${facts.retention}` : name, value: name };
			});
	});
}

async function search(
	context: ILoadOptionsFunctions,
	filter: string | undefined,
	list: (space: FileSpace, orgId: string, parameters: Parameters) => Promise<INodeListSearchResult['results']>,
): Promise<INodeListSearchResult> {
	const limit = deadline(LIST_TIMEOUT, 'Listing');
	try {
		const account = await accountOf(context);
		const parameters = editorParameters(context, FIELDS);
		const method =
			DEFAULT_METHODS[context.getNode().type.split('.').at(-1)!] ?? parameters.choice<AccessMethod>('accessMethod');
		const space = openSpace(context, account, method, { signal: limit.signal, patience: 0 });
		try {
			const all = await list(space, organization(account, parameters), parameters);
			const wanted = filter?.toLowerCase() ?? '';
			return { results: all.filter(({ name }) => name.toLowerCase().includes(wanted)) };
		} finally {
			await space.close();
		}
	} catch (error) {
		throw toNodeError(context.getNode(), error);
	} finally {
		limit.clear();
	}
}
