import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import {
	cancelled,
	describeFile,
	eventIdOf,
	FileXError,
	isArmed,
	listScope,
	namePattern,
	newestFirst,
	scopeKey,
	sftpPlace,
	watch,
	type Account,
	type ColdStart,
	type Cursor,
	type Scope,
	type ScopeListing,
	type WatchedFile,
} from '../../filex';
import { accountOf, locatorName, openSpace, organization, spacePathOf, type CommonOptions } from '../shared/context';
import { numberOf } from '../shared/parameters';
import { runPoll, runTest, SAMPLE } from '../shared/poll';

interface TriggerOptions extends CommonOptions {
	namePattern?: string;
	filesPerPoll?: number;
	settle?: boolean;
}

/** One scheduled poll. */
export async function poll(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	return await runPoll<Cursor>(context, async () => {
		const { account, scope, options } = await settings(context);
		const rules = {
			host: sftpPlace(account),
			scope: scopeKey(scope),
			coldStart: context.getNodeParameter('coldStart') as ColdStart,
			accepts: namePattern(options.namePattern ?? ''),
			limit: limitOf(options),
			settle: options.settle ?? false,
			now: new Date(),
		};
		return {
			isArmed: (cursor) => isArmed(cursor, rules),
			look: async (previous, signal) => {
				const { listings, failures, unreadable } = await list(context, account, scope, signal);
				const [failure] = failures;
				if (failure && !isArmed(previous, rules)) throw failure;
				// A first poll that failed would keep n8n from publishing the workflow.
				const isFirst = !isArmed(previous, rules);
				const [entry] = unreadable;
				if (entry && isFirst) context.logger.warn(`'${context.getNode().name}': ${entry.message}`);
				const { fresh, cursor } = watch(listings, previous, rules);
				return { items: fresh.map(toItem), cursor, failure: failureOf(failure, listings.length > 0, isFirst ? undefined : entry) };
			},
		};
	});
}

/** Why not all was seen. Where a part was, that is no reason for n8n to suspend the trigger. */
function failureOf(space: FileXError | undefined, isPart: boolean, entry: FileXError | undefined): FileXError | undefined {
	if (space && !isPart) return space;
	if (space) return inPart(space, 'The other sub-spaces are still watched.');
	return entry && inPart(entry, 'The other files are still watched.');
}

function inPart({ message, hint }: FileXError, rest: string): FileXError {
	return new FileXError('unavailable', `A part of what is watched could not be listed: ${message}`, { hint: `${hint} ${rest}`, retrySafe: true });
}

/** A manual test: the newest files there are. */
export async function showNewest(context: IPollFunctions): Promise<INodeExecutionData[][]> {
	return await runTest(context, async (signal) => {
		const { account, scope, options } = await settings(context);
		const { listings, failures, unreadable } = await list(context, account, scope, signal);
		if (failures[0]) throw failures[0];
		const all = listings.flatMap(({ files }) => files);
		const accepts = namePattern(options.namePattern ?? '');
		const wanted = all.filter(({ name }) => accepts(name)).sort(newestFirst);
		if (wanted.length === 0) throw unreadable[0] ?? nothingThere(listings.map(({ space }) => space), all.length, options);
		return wanted.slice(0, Math.min(SAMPLE, limitOf(options))).map(toItem);
	});
}

function limitOf({ filesPerPoll }: TriggerOptions): number {
	return numberOf('Files per Poll', filesPerPoll ?? 100, 'number of files', 1);
}

async function settings(
	context: IPollFunctions,
): Promise<{ account: Account; scope: Scope; options: TriggerOptions }> {
	const account = await accountOf(context);
	const options = context.getNodeParameter('options', {}) as TriggerOptions;
	return { account, scope: scopeOf(context, organization(account, options)), options };
}

function scopeOf(context: IPollFunctions, orgId: string): Scope {
	const what = context.getNodeParameter('watch') as Scope['watch'];
	if (what === 'organization') return { watch: what, orgId };
	const application = context.getNodeParameter('application');
	if (what === 'application') {
		return { watch: what, orgId, application: locatorName(application, 'Application') };
	}
	return { watch: what, ...spacePathOf(orgId, { application, subSpace: context.getNodeParameter('subSpace') }) };
}

/** Lists the scope. A listing that the poll's end has cut short must not pass as a whole one. */
async function list(context: IPollFunctions, account: Account, scope: Scope, signal: AbortSignal): Promise<ScopeListing> {
	const space = openSpace(context, account, 'sftp', { signal });
	try {
		const listing = await listScope(space, scope);
		if (signal.aborted && listing.failures.length === 0) throw cancelled('The poll');
		return listing;
	} finally {
		await space.close();
	}
}

function toItem(file: WatchedFile): INodeExecutionData {
	return { json: { ...describeFile(file.space, file), eventId: eventIdOf(file) } };
}

function nothingThere(spaces: string[], files: number, { namePattern: pattern }: TriggerOptions): FileXError {
	const place = spaces.length === 1 ? `'${spaces[0]}'` : `the ${spaces.length} download sub-spaces in scope`;
	return new FileXError(
		'not-found',
		files === 0
			? `There is no file in ${place} at the moment`
			: `None of the ${files} files in ${place} fits 'File Name Pattern' '${pattern}'`,
		{
			hint:
				files === 0
					? 'The connection works. Publish the workflow and it fires when a file lands, or test again when FINRA has delivered one.'
					: 'The connection works. Change the pattern, or remove it to see all files.',
			retrySafe: true,
		},
	);
}
