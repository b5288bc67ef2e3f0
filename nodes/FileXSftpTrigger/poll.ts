import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import {
	cancelled,
	deadline,
	describeFile,
	eventIdOf,
	FileXError,
	findFileXError,
	isArmed,
	listScope,
	namePattern,
	newestFirst,
	pollMemory,
	readCursor,
	scopeKey,
	sftpPlace,
	watch,
	type Account,
	type ColdStart,
	type Scope,
	type ScopeListing,
	type WatchedFile,
} from '../../filex';
import { accountOf, locatorName, openSpace, organization, spacePathOf, type CommonOptions } from '../shared/context';
import { toNodeError } from '../shared/errors';

interface TriggerOptions extends CommonOptions {
	namePattern?: string;
	filesPerPoll?: number;
	settle?: boolean;
}

/** Time for a poll where n8n gives no budget, in ms. */
const DEFAULT_BUDGET = 30_000;
/** The part of the budget for listing; the rest is for n8n's own work. */
const BUDGET_SHARE = 0.8;
/** Files that a manual test shows. */
const SAMPLE = 10;

/** One scheduled poll. State is written once, at its end, and only for files that are given out. */
export async function poll(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	const trigger = `${context.getWorkflow().id}:${context.getNode().id}`;
	if (!pollMemory.begin(trigger)) return null;
	const state = context.getWorkflowStaticData('node');
	let armed = false;
	try {
		const { account, scope, options } = await settings(context);
		const rules = {
			host: sftpPlace(account),
			scope: scopeKey(scope),
			coldStart: context.getNodeParameter('coldStart') as ColdStart,
			accepts: namePattern(options.namePattern ?? ''),
			limit: Math.max(1, options.filesPerPoll ?? 100),
			settle: options.settle ?? false,
			now: new Date(),
		};
		const stored = readCursor(state.cursor);
		// n8n's durable cursors do not keep what the poll at activation leaves behind.
		const first = pollMemory.firstCursors.get(trigger);
		const previous = !isArmed(stored, rules) && isArmed(first, rules) ? first : stored;
		armed = isArmed(previous, rules);
		const { listings, failures } = await list(context, account, scope);
		if (failures[0] && !armed) throw failures[0];
		const { fresh, cursor } = watch(listings, previous, rules);
		// Only where nothing was given out: a cursor that outlives a lost execution would lose its files.
		if (!armed && fresh.length === 0) pollMemory.firstCursors.set(trigger, cursor);
		else if (isArmed(stored, rules)) pollMemory.firstCursors.delete(trigger);
		state.cursor = cursor;
		if (failures[0] && fresh.length === 0) throw listings.length > 0 ? inPart(failures[0]) : failures[0];
		if (!failures[0]) pollMemory.succeeded(trigger);
		return fresh.length === 0 ? null : [fresh.map(toItem)];
	} catch (error) {
		const kind = findFileXError(error)?.kind ?? 'unknown';
		if (kind === 'occupied' && armed) {
			// A long download of ours is no failure of fileX: nothing is lost, the next poll sees it all.
			context.logger.info('fileX SFTP Trigger skipped a poll: other steps hold the SFTP connection');
			return null;
		}
		// An unarmed trigger always tells: nobody may believe that it watches when it does not.
		if (pollMemory.failed(trigger, kind, Date.now()) || !armed) throw toNodeError(context.getNode(), error);
		return null;
	} finally {
		pollMemory.end(trigger);
	}
}

/** Some sub-spaces could not be listed, others could: no reason for n8n to suspend the trigger. */
function inPart({ message, hint }: FileXError): FileXError {
	return new FileXError('unavailable', `A part of what is watched could not be listed: ${message}`, {
		hint: `${hint} The other sub-spaces are still watched.`,
		retrySafe: true,
	});
}

/** A manual test: the newest files there are, no state touched. */
export async function showNewest(context: IPollFunctions): Promise<INodeExecutionData[][]> {
	try {
		const { account, scope, options } = await settings(context);
		const { listings, failures } = await list(context, account, scope);
		if (failures[0]) throw failures[0];
		const all = listings.flatMap(({ files }) => files);
		const accepts = namePattern(options.namePattern ?? '');
		const wanted = all.filter(({ name }) => accepts(name)).sort(newestFirst);
		if (wanted.length === 0) throw nothingThere(listings.map(({ space }) => space), all.length, options);
		return [wanted.slice(0, Math.min(SAMPLE, options.filesPerPoll ?? SAMPLE)).map(toItem)];
	} catch (error) {
		throw toNodeError(context.getNode(), error);
	}
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

/** Lists the scope within the poll's budget; a poll that outlives it must not touch state. */
async function list(context: IPollFunctions, account: Account, scope: Scope): Promise<ScopeListing> {
	// n8n before 2.37 has no budget.
	const budget = (context.getPollBudgetMs as (() => number) | undefined)?.() ?? DEFAULT_BUDGET;
	const limit = deadline(Math.min(budget, DEFAULT_BUDGET * 4) * BUDGET_SHARE, 'The poll');
	const space = openSpace(context, account, 'sftp', { signal: limit.signal });
	try {
		const listing = await listScope(space, scope);
		if (limit.signal.aborted && listing.failures.length === 0) throw cancelled('The poll');
		return listing;
	} finally {
		await space.close();
		limit.clear();
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
					? 'The connection works. Activate the workflow and it fires when a file lands, or test again when FINRA has delivered one.'
					: 'The connection works. Change the pattern, or remove it to see all files.',
			retrySafe: true,
		},
	);
}
