/** Ends what was started, the latest first, whatever happened in between. */
export class Teardown {
	private readonly steps: Array<() => Promise<void>> = [];

	/** Registers how to end something; gives that thing. */
	add<Thing>(thing: Thing, end: (thing: Thing) => Promise<void>): Thing {
		this.steps.push(async () => await end(thing));
		return thing;
	}

	/** Runs every step, then throws what the first failing one threw. */
	async run(): Promise<void> {
		const failures: unknown[] = [];
		for (let step = this.steps.pop(); step; step = this.steps.pop()) {
			await step().catch((error: unknown) => failures.push(error));
		}
		if (failures.length > 0) throw failures[0];
	}
}
