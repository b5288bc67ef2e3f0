import { BY_THREAD, letThreadTakeAll } from '../support/by-thread';
import { Engine } from '../support/engine';
import { itemsOf, notFiled, uploadNode } from './batch';

/** What a sender is told. */
export interface Order {
	names: string[];
	/** Further ones of the node. */
	parameters?: object;
}

/** What it says. */
export type Word = 'ready' | 'begins' | { outcomes: string[]; notFiled: string[] | 'all'; error?: string };

/**
 * An n8n process of its own: n8n's engine with this pack, which uploads batches as it is told. Its
 * credential is in its first argument, as JSON.
 */
async function main(): Promise<void> {
	if (BY_THREAD) letThreadTakeAll();
	const engine = await Engine.start(JSON.parse(process.argv[2]!) as object);
	const say = (word: Word) => process.send!(word);
	process.on('message', ({ names, parameters }: Order) => {
		void (async () => {
			const items = await itemsOf(names);
			say('begins');
			const run = await engine.runOn(uploadNode({}, parameters), items);
			const said = notFiled(run);
			say({
				outcomes: run.items.map(({ json }) => String(json.outcome)),
				notFiled: said === 'all' ? said : [...said],
				error: run.error?.message,
			});
		})();
	});
	say('ready');
}

void main();
