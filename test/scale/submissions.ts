import { setTimeout as sleep } from 'node:timers/promises';
import type { Rig } from '../../scripts/n8n/rig';
import { control } from '../support/control';

/** What a workflow answered; undefined where it gave no answer, or failed. */
export type Answer = Record<string, unknown> | undefined;

/** Sends files to workflows that submit them. */
export class Submissions {
	constructor(
		private readonly rig: Pick<Rig, 'n8n' | 'sandbox'>,
		private readonly signal: AbortSignal,
	) {}

	/** Posts a file to a workflow, once. */
	async post(path: string, name: string, content: Buffer): Promise<Answer> {
		const form = new FormData();
		form.append('data', new File([new Uint8Array(content)], name));
		return await this.call(path, form);
	}

	/** Calls a workflow, once. */
	async call(path: string, body?: BodyInit): Promise<Answer> {
		return await fetch(`${this.rig.n8n.url}/webhook/${path}`, { method: 'POST', body })
			.then(async (response) => (response.ok ? ((await response.json()) as Answer) : undefined))
			.catch(() => undefined);
	}

	/** Posts a file until FINRA has it, as a sender does that meets the end of n8n's processes. */
	async submit(path: string, name: string, content: Buffer): Promise<void> {
		for (;;) {
			const answer = await this.post(path, name, content);
			if (answer?.outcome === 'accepted' || answer?.outcome === 'skipped') return;
			this.signal.throwIfAborted();
			await sleep(500);
		}
	}

	/** How often each has arrived. */
	async arrivals(names: string[]): Promise<number[]> {
		const arrived = JSON.parse(await control(this.rig.sandbox, 'arrivals')) as Array<{ name: string }>;
		return names.map((wanted) => arrived.filter(({ name }) => name === wanted).length);
	}
}
