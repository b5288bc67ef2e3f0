import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import {
	type Account,
	type ColdStart,
	type Cursor,
	describeFile,
	eventIdOf,
	FileXError,
	isArmed,
	namePattern,
	newestFirst,
	type Scope,
	scopeKey,
	type ScopeListing,
	sftpAddress,
	sharedListings,
	watch,
	type WatchedFile,
} from '../../filex';
import { accountOf, applicationOf, openSpace, organization, spacePathOf } from '../shared/context';
import { type Parameters, triggerParameters } from '../shared/parameters';
import { SAMPLE, type Watcher } from '../shared/run-poll';
import { triggerProperties } from './fields';

/** Watches download sub-spaces for new files. */
export async function filesWatcher(context: IPollFunctions): Promise<Watcher<Cursor>> {
	const account = await accountOf(context);
	const parameters = triggerParameters(context, triggerProperties);
	const { options } = parameters;
	const scope = scopeOf(parameters, organization(account, parameters));
	const pattern = options.text('namePattern');
	const rules = {
		host: sftpAddress(account),
		scope: scopeKey(scope),
		coldStart: parameters.choice<ColdStart>('coldStart'),
		accepts: namePattern(pattern),
		limit: options.number('filesPerPoll', 'number of files'),
		stable: options.flag('settle'),
		now: new Date(),
	};
	return {
		isArmed: (cursor) => isArmed(cursor, rules),
		async look(previous, signal) {
			const { listings, failures, unreadable } = await list(context, account, scope, signal);
			const isFirst = !isArmed(previous, rules);
			const [failure] = failures;
			if (failure && isFirst) throw failure;
			const [entry] = unreadable;
			// A first poll that failed would keep n8n from publishing the workflow.
			if (entry && isFirst) context.logger.warn(`'${context.getNode().name}': ${entry.message}`);
			const { fresh, cursor, before } = watch(listings, previous, rules);
			return {
				items: fresh.map(toItem),
				cursor,
				before,
				failure: failureOf(failure, listings.length > 0, isFirst ? undefined : entry),
			};
		},
		async newest(signal) {
			const { listings, failures, unreadable } = await list(context, account, scope, signal);
			if (failures[0]) throw failures[0];
			const all = listings.flatMap(({ files }) => files);
			const wanted = all.filter(({ name }) => rules.accepts(name)).sort(newestFirst);
			const spaces = listings.map(({ space }) => space);
			if (wanted.length === 0) throw unreadable[0] ?? nothingThere(spaces, all.length, pattern);
			return wanted.slice(0, Math.min(SAMPLE, rules.limit)).map(toItem);
		},
	};
}

/** Why not all was seen. Where a part was, that is no reason for n8n to suspend the trigger. */
function failureOf(
	space: FileXError | undefined,
	isPart: boolean,
	entry: FileXError | undefined,
): FileXError | undefined {
	if (space && !isPart) return space;
	if (space) return inPart(space, 'The other sub-spaces are still watched.');
	return entry && inPart(entry, 'The other files are still watched.');
}

function inPart({ message, hint, remedies }: FileXError, rest: string): FileXError {
	return new FileXError('unavailable', `Part of what is watched could not be listed: ${message}`, {
		hint: `${hint} ${rest}`,
		remedies,
		retrySafe: true,
	});
}

function scopeOf(parameters: Parameters, orgId: string): Scope {
	const what = parameters.choice<Scope['watch']>('watch');
	if (what === 'organization') return { watch: what, orgId };
	if (what === 'application') return { watch: what, orgId, application: applicationOf(parameters) };
	return { watch: what, ...spacePathOf(orgId, parameters) };
}

/** Lists the scope, together with other triggers of the account. */
async function list(
	context: IPollFunctions,
	account: Account,
	scope: Scope,
	signal: AbortSignal,
): Promise<ScopeListing> {
	return await sharedListings.list(account, (ports) => openSpace(context, account, 'sftp', ports), scope, signal);
}

function toItem(file: WatchedFile): INodeExecutionData {
	return { json: { ...describeFile(file.space, file), eventId: eventIdOf(file) } };
}

function nothingThere(spaces: string[], files: number, pattern: string): FileXError {
	const place = spaces.length === 1 ? `'${spaces[0]}'` : `the ${spaces.length} download sub-spaces in scope`;
	return new FileXError(
		'not-found',
		files === 0
			? `There is no file in ${place} at the moment`
			: `None of the ${files} files in ${place} matches 'File Name Pattern' '${pattern}'`,
		{
			hint:
				files === 0
					? 'The connection works. Publish the workflow and it fires when a file lands, or test again when FINRA has delivered one.'
					: 'The connection works. Change the pattern, or remove it to see all files.',
			retrySafe: true,
		},
	);
}
