import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import {
	CheckedReader,
	ContentComparison,
	formatFile,
	formatSpace,
	type Hashes,
	isArchive,
	isAsLarge,
	judgePair,
	mapLimit,
	namePattern,
	type Pair,
	pairUp,
	type SpacePath,
} from '../../../filex';
import { refuseFromModel } from '../../shared/as-tool';
import { organization, spacePathOf } from '../../shared/context';
import type { OutputItem, Run, Session, Step } from '../../shared/router';
import { parametersOf } from '../fields';
import { bucketInventory } from '../here/bucket';
import { diskInventory } from '../here/disk';
import type { Inventory, OwnFile } from '../here/inventory';
import { type ListedFile, type ListedSpace, listedSpaces } from '../here/items';
import { AS_EXPECTED, EXCEPTIONS } from '../outputs';

/** Files whose content is read at a time. */
const READS_AT_A_TIME = 4;

/** What lies in a sub-space against what the firm has: one item a name. */
export async function compareListings(context: IExecuteFunctions, session: Session): Promise<Run> {
	const parameters = parametersOf(context, 0);
	refuseFromModel(context, parameters, ['folder', 'bucketFolder'], 'Nothing was compared. See docs/agents.md.');
	switch (parameters.choice<'disk' | 'items' | 's3Bucket'>('compareWith')) {
		case 'disk':
			return withInventory(context, diskInventory(context));
		case 's3Bucket':
			return withInventory(context, await bucketInventory(context));
		case 'items':
			return withItems(context, listedSpaces(context, session.account));
	}
}

/** Each item is a comparison of its own. */
function withInventory(context: IExecuteFunctions, inventory: Inventory): Run {
	return {
		parallel: 1,
		failedOutput: EXCEPTIONS,
		item: async (step) => {
			const parameters = parametersOf(context, step.itemIndex);
			const space = spacePathOf(organization(step.account, parameters), parameters);
			const compared = await compare(context, step, space, await inventory.of(step.itemIndex));
			return compared.map(({ item }) => item);
		},
		close: async () => await inventory.close(),
	};
}

/** All items of a sub-space are one comparison: each gets the answer to its own file. */
function withItems(context: IExecuteFunctions, spaces: ListedSpace[]): Run {
	const comparisons = new Map<ListedSpace, Promise<Array<Compared<ListedFile>>>>();
	return {
		parallel: 1,
		failedOutput: EXCEPTIONS,
		item: async (step) => {
			const { itemIndex } = step;
			const listed = spaces.filter(
				({ first, files }) => first === itemIndex || files.some((file) => file.itemIndex === itemIndex),
			);
			const answers = await Promise.all(
				listed.map(async (each) => {
					const comparison =
						comparisons.get(each) ?? compare(context, { ...step, itemIndex: each.first }, each.space, each.files);
					comparisons.set(each, comparison);
					return (await comparison).filter(({ here }) => (here?.itemIndex ?? each.first) === itemIndex);
				}),
			);
			return answers.flat().map(({ item }) => item);
		},
	};
}

interface Compared<Own extends OwnFile> {
	here?: Own;
	item: OutputItem;
}

async function compare<Own extends OwnFile>(
	context: IExecuteFunctions,
	step: Step,
	space: SpacePath,
	own: Own[],
): Promise<Array<Compared<Own>>> {
	const { options } = parametersOf(context, step.itemIndex);
	const accepts = namePattern(options.text('namePattern'));
	const after = options.instant('changedAfter') ?? -Infinity;
	const readsContent = options.flag('compareContent');
	const listed = await step.space.list(space);
	const checkedAt = new Date().toISOString();
	const pairs = pairUp(own, listed, isArchive(space.subSpace)).filter(
		({ name, here, atFileX }) => accepts(name) && (here !== undefined || atFileX!.lastModified.getTime() > after),
	);
	const reader = new CheckedReader(step.space);
	return await mapLimit(pairs, READS_AT_A_TIME, async (pair) => {
		step.signal.throwIfAborted();
		const hashes = readsContent ? await hashesOf(pair, space, reader, step.signal) : NOT_READ;
		return { here: pair.here, item: itemOf(pair, hashes, space, checkedAt) };
	});
}

const NOT_READ: Hashes = { sha256AtFileX: null, sha256Here: null };

/** Reads no more than it must: files of other sizes differ anyway, and one without a counterpart has nothing to be held against. */
async function hashesOf(
	pair: Pair<OwnFile>,
	space: SpacePath,
	reader: CheckedReader,
	signal: AbortSignal,
): Promise<Hashes> {
	const { here, atFileX } = pair;
	if (!here || !atFileX || !isAsLarge(pair) || !(here.sha256 ?? here.content)) return NOT_READ;
	return {
		sha256AtFileX: await reader.sha256({ ...space, name: atFileX.name }, signal),
		sha256Here: here.sha256 ?? (await new ContentComparison(here.content!, here.name, signal).sha256()),
	};
}

function itemOf(pair: Pair<OwnFile>, hashes: Hashes, space: SpacePath, checkedAt: string): OutputItem {
	const { name, here, atFileX, copies } = pair;
	const { status, isException, compared, differences, message } = judgePair(pair, hashes, formatSpace(space));
	const { orgId, application, subSpace } = space;
	const record: IDataObject = {
		status,
		message,
		isException,
		name,
		path: atFileX ? formatFile({ ...space, name: atFileX.name }) : null,
		here: here?.where ?? null,
		orgId,
		application,
		subSpace,
		sizeAtFileX: atFileX?.size ?? null,
		sizeHere: here?.size ?? null,
		sha256AtFileX: hashes.sha256AtFileX,
		sha256Here: hashes.sha256Here ?? here?.sha256 ?? null,
		lastModified: atFileX?.lastModified.toISOString() ?? null,
		copies,
		compared,
		differences,
		checkedAt,
	};
	return { output: isException ? EXCEPTIONS : AS_EXPECTED, record };
}
