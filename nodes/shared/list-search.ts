import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { applicationTitle, deadline, mayTakeUploads, subSpaceFacts, type AccessMethod, type FileSpace, type RemoteDirectory } from '../../filex';
import { accountOf, locatorName, openSpace, organization, spacePathOf, type CommonOptions } from './context';
import { toNodeError } from './errors';

/** How long the editor waits for a list, in ms. */
const LIST_TIMEOUT = 30_000;

/** For nodes that have no field for it. */
const DEFAULT_METHODS: Record<string, AccessMethod> = { fileXSftpTrigger: 'sftp' };

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
		return await searchSubSpaces(this, filter, (application, { name, writable }) => writable ?? subSpaceFacts(application, name)?.action !== 'Download');
	},

	async files(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
		const application = this.getCurrentNodeParameter('application');
		const subSpace = this.getCurrentNodeParameter('subSpace');
		return await search(this, filter, async (space, orgId) => {
			const files = await space.list(spacePathOf(orgId, { application, subSpace }), { onUnreadable: () => {} });
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
	return await search(context, filter, async (space, orgId) => {
		const application = locatorName(context.getCurrentNodeParameter('application'), 'Application');
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
	list: (space: FileSpace, orgId: string) => Promise<INodeListSearchResult['results']>,
): Promise<INodeListSearchResult> {
	const limit = deadline(LIST_TIMEOUT, 'Listing');
	try {
		const account = await accountOf(context);
		const options = (context.getCurrentNodeParameter('options') ?? {}) as CommonOptions;
		const method = (context.getCurrentNodeParameter('accessMethod') ?? DEFAULT_METHODS[context.getNode().type.split('.').at(-1)!] ?? 'rest') as AccessMethod;
		const space = openSpace(context, account, method, { signal: limit.signal });
		try {
			const all = await list(space, organization(account, options));
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
