import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { deadline, findFileXError, readCursor, type CursorHead, type FileXError } from '../../filex';
import { toNodeError } from './errors';
import { pollMemory } from './poll-memory';

/** How a trigger finds out what is new. */
export interface PollPlan<C extends CursorHead> {
	/** Whether this cursor has begun to watch all that the node is set to. */
	isArmed(cursor: C | undefined): boolean;
	/** Looks at fileX. It throws where nothing was seen, and before a cursor is armed also where a part was not. */
	look(previous: C | undefined, signal: AbortSignal): Promise<Look<C>>;
}

export interface Look<C extends CursorHead> {
	/** What is new. */
	items: INodeExecutionData[];
	/** What to remember; to be kept only if `items` are given out. */
	cursor: C;
	/** Why a part of what is watched could not be seen. */
	failure?: FileXError;
}

/** Items that a manual test shows. */
export const SAMPLE = 10;
/** Time for a poll where n8n gives no budget, in ms. */
const DEFAULT_BUDGET = 30_000;
/** The part of the budget for listing; the rest is for n8n's own work. */
const BUDGET_SHARE = 0.8;

/** One scheduled poll. State is written once, at its end, and only for items that are given out. */
export async function runPoll<C extends CursorHead>(
	context: IPollFunctions,
	prepare: () => Promise<PollPlan<C>>,
): Promise<INodeExecutionData[][] | null> {
	const trigger = `${context.getWorkflow().id}:${context.getNode().id}`;
	const state = context.getWorkflowStaticData('node');
	while (!pollMemory.begin(trigger)) {
		// The poll that is under way serves a trigger that watches already. One that is yet to begin, as after a change
		// of what it watches, waits: nobody may believe that it watches when it does not.
		const plan = await prepare().catch(() => undefined);
		if (plan?.isArmed(readCursor<C>(state.cursor))) return null;
		await pollMemory.ended(trigger);
	}
	let armed = false;
	try {
		const plan = await prepare();
		const stored = readCursor<C>(state.cursor);
		// n8n's durable cursors do not keep what the poll at activation leaves behind, and n8n keeps state by a node's name.
		const known = pollMemory.cursors.get(trigger) as C | undefined;
		const previous = !plan.isArmed(stored) && plan.isArmed(known) ? known : stored;
		armed = plan.isArmed(previous);
		const { items, cursor, failure } = await withinBudget(context, async (signal) => await plan.look(previous, signal));
		// Only where nothing was given out: a cursor that outlives a lost execution would lose its items.
		if (!armed && items.length === 0) pollMemory.cursors.set(trigger, cursor);
		else if (plan.isArmed(stored)) pollMemory.cursors.set(trigger, stored!);
		state.cursor = cursor;
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
		// An unarmed trigger always tells: nobody may believe that it watches when it does not.
		if (pollMemory.failed(trigger, isForeign ? `${kind}, foreign` : kind, Date.now()) || !armed)
			throw toNodeError(context.getNode(), error);
		return null;
	} finally {
		pollMemory.end(trigger);
	}
}

/** A manual test: what `look` finds, no state touched. It throws where there is nothing, to say why. */
export async function runTest(
	context: IPollFunctions,
	look: (signal: AbortSignal) => Promise<INodeExecutionData[]>,
): Promise<INodeExecutionData[][]> {
	try {
		return [await withinBudget(context, look)];
	} catch (error) {
		throw toNodeError(context.getNode(), error);
	}
}

/** Looks within the poll's budget; a look that outlives it must throw, so that it touches no state. */
async function withinBudget<T>(context: IPollFunctions, look: (signal: AbortSignal) => Promise<T>): Promise<T> {
	// n8n before 2.37 has no budget.
	const budget = (context.getPollBudgetMs as (() => number) | undefined)?.() ?? DEFAULT_BUDGET;
	const limit = deadline(Math.min(budget, DEFAULT_BUDGET * 4) * BUDGET_SHARE, 'The poll');
	try {
		return await look(limit.signal);
	} finally {
		limit.clear();
	}
}
