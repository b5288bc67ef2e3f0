import { createHash } from 'node:crypto';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { type Bounds, endOf, type Sender, World } from './world';

export interface Exploration {
	/** Different states that were met. */
	states: number;
	/** How the senders' ends add up over all endings, e.g. `accepted, duplicate`. */
	endings: Map<string, number>;
	/** The steps to the first state in which the file was filed twice; undefined where there is none. */
	twice?: string[];
	/** How often one sender sent at the most. */
	sends: number;
	/** Endings that do not say what happened, with the steps to each; the first ten. */
	untrue: string[];
}

/**
 * Walks through every order of steps of some senders, with crashes and faults, until nothing new comes
 * up. What runs is the real `submit`; a branch is reached by running it again along the same steps.
 */
export async function explore(bounds: Bounds): Promise<Exploration> {
	const met = new Set<string>();
	const result: Exploration = { states: 0, endings: new Map(), sends: 0, untrue: [] };
	const open: number[][] = [[]];
	for (let path = open.pop(); path; path = open.pop()) {
		const steps: string[] = [];
		const world = new World(bounds);
		await rest(world);
		for (const index of path) await take(world, index, steps);
		// Goes on along the first choice of each state, and leaves the others for later.
		const taken = [...path];
		for (;;) {
			if (world.filings > 1) return { ...result, states: met.size, twice: steps };
			const key = createHash('md5').update(world.key()).digest('base64');
			if (met.has(key)) break;
			met.add(key);
			const choices = world.choices();
			result.sends = Math.max(result.sends, ...world.senders.map(({ sends }) => sends));
			if (world.isOver) noteEnding(world, steps, result);
			if (choices.length === 0) break;
			for (let index = 1; index < choices.length; index++) open.push([...taken, index]);
			taken.push(0);
			await take(world, 0, steps);
		}
	}
	return { ...result, states: met.size };
}

export async function take(world: World, index: number, steps: string[]): Promise<void> {
	const choice = world.choices()[index]!;
	steps.push(choice.name);
	choice.take();
	await rest(world);
}

/** Lets the senders run until each waits for something, or is done. */
export async function rest(world: World): Promise<void> {
	const isBusy = () => world.senders.some(({ wish, result, crashed }) => !wish && result === undefined && !crashed);
	for (let turn = 0; isBusy(); turn++) {
		if (turn > 1000) throw new Error('a sender waits for something that is not in the model');
		// A batch waits for a turn of the event loop, too.
		await (turn % 50 === 49 ? turnOfTheLoop() : Promise.resolve());
	}
}

function noteEnding(world: World, steps: string[], result: Exploration): void {
	const ends = world.senders.map(endingOf);
	const ending = [...ends].sort().join(', ');
	result.endings.set(ending, (result.endings.get(ending) ?? 0) + 1);
	if (result.untrue.length < 10 && !isTruthful(world)) result.untrue.push(`${ending}: ${steps.join(' | ')}`);
}

function endingOf({ result, crashed }: Sender): string {
	return crashed ? 'crashed' : (endOf(result) ?? 'continues');
}

/** Whether the word of every sender that has ended fits what became of its own sending, and of the file. */
export function isTruthful(world: World): boolean {
	return world.senders.every((sender) => isTrue(world, sender, endingOf(sender)));
}

function isTrue(world: World, sender: Sender, end: string): boolean {
	switch (end) {
		case 'accepted':
			return world.hasFiled(sender);
		case 'duplicate':
			return world.filings > 0 && !world.hasFiled(sender);
		case 'crashed':
		case 'unknown':
		case 'continues':
			return true;
		default:
			return !world.hasFiled(sender);
	}
}
