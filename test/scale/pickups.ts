import { tail } from '../../scripts/n8n/child';
import type { Rig } from '../../scripts/n8n/rig';
import { until } from '../../scripts/n8n/until';
import { control } from '../support/control';
import type { WebhookSink } from '../support/sinks';

/** A loaded machine may be late with many polls. */
export const POLL_LIMIT = 4 * 60_000;

/** Files that are delivered, and how often workflows told of each. */
export class Pickups {
	constructor(
		private readonly rig: Rig,
		private readonly hook: WebhookSink,
		private readonly signal: AbortSignal,
	) {}

	/** Puts files into sub-spaces of `crd`. Gives their paths. @param count of each sub-space */
	async deliver(subSpaces: string[], label: string, count: number): Promise<string[]> {
		const paths = subSpaces.flatMap((space) =>
			Array.from({ length: count }, (_, index) => `0001/crd/${space}/${label}-${index}.csv`),
		);
		for (const path of paths) await control(this.rig.sandbox, `files/${path}`, 'PUT', path);
		return paths;
	}

	/** How often each was told of. */
	counts(paths: string[]): number[] {
		return paths.map((path) => this.hook.posts.filter((post) => post.path === path).length);
	}

	/** Waits until each was told of. */
	async fired(paths: string[]): Promise<void> {
		await until(async () => (this.counts(paths).every((count) => count >= 1) ? true : undefined), {
			what: `${paths.length} pickups`,
			signal: this.signal,
			limit: POLL_LIMIT,
			details: () => `${JSON.stringify(this.counts(paths))}\n${tail(this.rig.n8n.log())}`,
		});
	}
}
