import type { Random } from '../support/random';
import { isTruthful, rest } from './explore';
import { type Bounds, endOf, type Method, World } from './world';

export interface Walk {
	steps: string[];
	filings: number;
	isTruthful: boolean;
	/** How a patient sender ended that came last, once nothing went wrong any more; undefined where none was asked for. */
	last?: string;
}

/** Steps at most in which things go wrong. */
const STEPS = 60;

/** One random way through a world, without any idea of which states are alike. */
export async function walk(bounds: Bounds, random: Random, last?: Method): Promise<Walk> {
	const world = new World(bounds);
	const steps: string[] = [];
	await rest(world);
	for (let step = 0; step < STEPS; step++) {
		const choices = world.choices();
		if (choices.length === 0) {
			const wake = world.nextWake;
			if (wake === undefined) break;
			world.advance(wake);
			continue;
		}
		const choice = choices[Math.floor(random.next() * choices.length)]!;
		steps.push(choice.name);
		choice.take();
		await rest(world);
		if (world.filings > 1) break;
	}
	const result: Walk = { steps, filings: world.filings, isTruthful: isTruthful(world) };
	if (last && result.filings <= 1) {
		result.last = await endOfPatient(world, last, steps);
		Object.assign(result, { filings: world.filings, isTruthful: isTruthful(world) });
	}
	return result;
}

/** Lets everything that is under way end without faults, and one more sender try until it knows. */
async function endOfPatient(world: World, method: Method, steps: string[]): Promise<string | undefined> {
	for (const { plan } of world.senders) plan.looks = Infinity;
	// Nothing registers what is sent over the other methods: two at the same moment are not promised anything.
	if (method !== 'rest') await goOn(world, steps, () => world.isOver && !world.isSending);
	const sender = world.add({ method, looks: Infinity, patience: Infinity });
	await rest(world);
	await goOn(world, steps, () => sender.result !== undefined);
	return endOf(sender.result);
}

/** Goes on without faults. */
async function goOn(world: World, steps: string[], isDone: () => boolean): Promise<void> {
	for (let turn = 0; !isDone(); turn++) {
		if (turn > 5000) throw new Error(`continues without an end: ${steps.slice(-50).join(' | ')}`);
		const choice = world.choices().find(({ isFault }) => !isFault);
		if (choice) {
			steps.push(choice.name);
			choice.take();
			await rest(world);
		} else {
			// Pauses are short in the model: what takes fileX minutes must not take thousands of looks.
			world.advance(world.now + 20_000);
			world.removeLeftovers();
		}
	}
}
