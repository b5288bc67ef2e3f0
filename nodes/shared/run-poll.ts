import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import {
	type CursorHead,
	deadline,
	type FileXError,
	findFileXError,
	type HandedOut,
	readCursor,
	withoutLost,
} from '../../filex';
import { toNodeError } from './errors';
import { LIFE, tellEnd } from './life';
import { pollMemory } from './poll-memory';
import { commitCursor, pollBudgetOf } from './n8n-has';

/** What a trigger stores. */
type StoredCursor = CursorHead & { seen: HandedOut['before'] };

/** How a trigger finds out what is new, with its fields read. */
export interface Watcher<C extends StoredCursor> {
	/** Whether this cursor has begun to watch all that the node is set to. */
	isArmed(cursor: C | undefined): boolean;
	/** Looks at fileX. It throws where nothing was seen, and before a cursor is armed also where a part was not. */
	look(previous: C | undefined, signal: AbortSignal): Promise<Look<C>>;
	/** The newest items there are, for a manual test. It throws where there are none, to say why. */
	newest(signal: AbortSignal): Promise<INodeExecutionData[]>;
}

export interface Look<C extends StoredCursor> {
	/** What is new. */
	items: INodeExecutionData[];
	/** What to remember; to be kept only if `items` are given out. */
	cursor: C;
	/** What was known of what the items are about. */
	before: HandedOut['before'];
	/** Why a part of what is watched could not be seen. */
	failure?: FileXError;
}

/** Items that a manual test shows. */
export const SAMPLE = 10;

/** Time for a poll where n8n gives no budget, in ms. */
const DEFAULT_BUDGET = 30_000;

/** The part of the budget for listing; the rest is for n8n's own work. */
const BUDGET_SHARE = 0.8;

/**
 * One poll. A scheduled one writes its state once, at its end, and only for items that are given out. A manual test
 * touches no state.
 *
 * @param open reads the node's fields, which may be refused
 */
export async function runPoll<C extends StoredCursor>(
	context: IPollFunctions,
	open: () => Promise<Watcher<C>>,
): Promise<INodeExecutionData[][] | null> {
	return context.getMode() === 'manual' ? await test(context, open) : await scheduled(context, open);
}

async function test<C extends StoredCursor>(
	context: IPollFunctions,
	open: () => Promise<Watcher<C>>,
): Promise<INodeExecutionData[][]> {
	try {
		return [await withinBudget(context, async (signal) => await (await open()).newest(signal))];
	} catch (error) {
		throw toNodeError(context.getNode(), error);
	}
}

async function scheduled<C extends StoredCursor>(
	context: IPollFunctions,
	open: () => Promise<Watcher<C>>,
): Promise<INodeExecutionData[][] | null> {
	const trigger = `${context.getWorkflow().id}:${context.getNode().id}`;
	const state = context.getWorkflowStaticData('node');
	while (!pollMemory.begin(trigger)) {
		// The poll that is under way serves a trigger that watches already. One that is yet to begin, as after a change
		// of what it watches, waits: a trigger must never appear active when it is not.
		const watcher = await open().catch(() => undefined);
		if (watcher?.isArmed(readCursor<C>(state.cursor))) return null;
		await pollMemory.ended(trigger);
	}
	let armed = false;
	try {
		const watcher = await open();
		const stored = readCursor<C>(state.cursor);
		// With durable cursors, n8n reads the state before it begins a poll: with several schedules, that may be before it
		// has saved what the last poll gave out.
		if (watcher.isArmed(pollMemory.yetToBeSaved(trigger, stored, Date.now()) as C | undefined)) return null;
		// n8n's durable cursors do not keep what the poll at activation leaves behind, and n8n keeps state by a node's name.
		const known = pollMemory.cursors.get(trigger) as C | undefined;
		const previous = withoutLost(!watcher.isArmed(stored) && watcher.isArmed(known) ? known : stored, LIFE);
		armed = watcher.isArmed(previous);
		const { items, cursor, before, failure } = await withinBudget(
			context,
			async (signal) => await watcher.look(previous, signal),
		);
		// Only where nothing was given out: a cursor that outlives a lost execution would lose its items.
		if (!armed && items.length === 0) pollMemory.cursors.set(trigger, cursor);
		else if (watcher.isArmed(stored)) pollMemory.cursors.set(trigger, stored!);
		if (items.length > 0) {
			tellEnd();
			const at = Date.now();
			state.cursor = { ...cursor, handedOut: { at, by: LIFE.id, before } };
			pollMemory.gaveOut(trigger, stored, cursor, at);
		} else {
			state.cursor = cursor;
			if (!watcher.isArmed(stored)) await keep(context);
		}
		if (failure && items.length === 0) throw failure;
		if (!failure) pollMemory.succeeded(trigger);
		return items.length === 0 ? null : [items];
	} catch (error) {
		const { kind = 'unknown', isForeign } = findFileXError(error) ?? {};
		if (kind === 'occupied' && armed && !pollMemory.skipped(trigger, Date.now())) {
			// A long download of ours is no failure of fileX: nothing is lost, the next poll sees it all.
			context.logger.info(`'${context.getNode().name}' skipped a poll: other steps hold the SFTP connection`);
			return null;
		}
		// An unarmed trigger always fails: a trigger must never appear active when it is not.
		if (pollMemory.failed(trigger, isForeign ? `${kind}, foreign` : kind, Date.now()) || !armed)
			throw toNodeError(context.getNode(), error);
		return null;
	} finally {
		pollMemory.end(trigger);
	}
}

/**
 * Saves what a first poll leaves behind, where n8n keeps triggers' state in a table of its own: it does so by itself only after a scheduled poll, and what lands until then must fire though n8n dies before it.
 */
async function keep(context: IPollFunctions): Promise<void> {
	try {
		await commitCursor(context);
	} catch (error) {
		context.logger.warn(
			`'${context.getNode().name}' could not save what it begins with, and will again: ${(error as Error).message}`,
		);
	}
}

/** Looks within the poll's budget; a look that outlives it must throw, so that it touches no state. */
async function withinBudget<T>(context: IPollFunctions, look: (signal: AbortSignal) => Promise<T>): Promise<T> {
	const budget = pollBudgetOf(context) ?? DEFAULT_BUDGET;
	const limit = deadline(Math.min(budget, DEFAULT_BUDGET * 4) * BUDGET_SHARE, 'The poll');
	try {
		return await look(limit.signal);
	} finally {
		limit.clear();
	}
}
