import { setImmediate as turn } from 'node:timers/promises';
import { FileXError, readAccount } from '../../../filex';
import type { FileSpace, RemoteFile } from '../../../filex/space';
import { SharedListings } from '../../../filex/watch/shared-listings';

const account = (more: object = {}) =>
	readAccount({
		environment: 'custom',
		restUrl: 'http://127.0.0.1:1',
		fipUrl: 'http://127.0.0.1:1',
		sftpHost: '127.0.0.1',
		sftpPort: 22,
		username: 'demo',
		password: 'x',
		orgId: '0001',
		...more,
	});

const SCOPE = { watch: 'subSpace', orgId: '0001', application: 'crd', subSpace: 'reports' } as const;

/** fileX as far as connections and listings go: each listing ends when it is told to. */
class World {
	opened = 0;
	closed = 0;
	running: Array<(files: RemoteFile[] | Error) => void> = [];
	asked = 0;
	isFree = true;
	readonly listings = new SharedListings();

	async list(scope: object = {}, signal = new AbortController().signal, credential: object = {}) {
		return await this.listings.list(
			account(credential),
			({ signal: stop, onTurn }) => {
				this.opened++;
				return {
					list: async () => {
						this.asked++;
						if (this.isFree) onTurn();
						const files = await new Promise<RemoteFile[] | Error>((resolve) => {
							this.running.push(resolve);
							stop.addEventListener('abort', () => resolve(stop.reason as Error));
						});
						if (files instanceof Error) throw files;
						return files;
					},
					close: async () => void this.closed++,
				} as unknown as FileSpace;
			},
			{ ...SCOPE, ...scope },
			signal,
		);
	}

	async end(files: RemoteFile[] | Error = []): Promise<void> {
		await settle();
		for (const go of this.running.splice(0)) go(files);
		await settle();
	}
}

async function settle(): Promise<void> {
	for (let count = 0; count < 4; count++) await turn();
}

describe('triggers of one account', () => {
	const over = new FileXError('unavailable', 'The poll took longer than 24 s', { hint: '', retrySafe: true });
	let world: World;
	let limit: AbortController;

	beforeEach(() => {
		world = new World();
		limit = new AbortController();
	});

	it('share one connection, and those that ask meanwhile one listing', async () => {
		const first = world.list();
		await settle();
		const others = Array.from({ length: 19 }, async () => await world.list());
		await world.end([{ name: 'a', size: 1, lastModified: new Date(0) }]);
		await first;
		expect([world.opened, world.closed]).toEqual([1, 0]);
		await world.end();
		const seen = await Promise.all(others);
		expect(seen.map(({ listings }) => listings[0]!.files.length)).toEqual(Array(19).fill(0));
		expect([world.asked, world.opened, world.closed]).toEqual([2, 1, 1]);
	});

	it('that watch different sub-spaces share the connection only', async () => {
		const both = [world.list(), world.list({ subSpace: 'other' })];
		await world.end();
		await Promise.all(both);
		expect([world.asked, world.opened, world.closed]).toEqual([2, 1, 1]);
	});

	it('share nothing with another account, or with another password', async () => {
		const all = [
			world.list(),
			world.list({}, undefined, { username: 'else' }),
			world.list({}, undefined, { password: 'y' }),
		];
		await world.end();
		await Promise.all(all);
		expect([world.opened, world.closed]).toEqual([3, 3]);
	});

	it('each have their own time: the others get their listing', async () => {
		const [early, late] = [world.list({}, limit.signal), world.list()];
		await settle();
		limit.abort(over);
		await expect(early).rejects.toMatchObject({
			kind: 'unavailable',
			message: expect.stringMatching(/^The poll took/),
		});
		await world.end();
		expect((await late).listings).toHaveLength(1);
		expect(world.closed).toBe(1);
	});

	it.each([1, 2])('of %i, one whose time passes while the connection is not free says so', async (count) => {
		world.isFree = false;
		const listing = world.list({}, limit.signal);
		const other = count > 1 ? world.list() : undefined;
		await settle();
		limit.abort(over);
		if (count > 1) await expect(listing).rejects.toMatchObject({ kind: 'occupied' });
		else expect((await listing).failures[0]).toBeInstanceOf(FileXError);
		await world.end();
		await other;
		expect([world.opened, world.closed]).toEqual([1, 1]);
	});

	it('begin anew after one that failed', async () => {
		const failed = world.list();
		await world.end(new FileXError('unavailable', 'gone', { hint: '', retrySafe: true }));
		expect((await failed).failures).toHaveLength(1);
		const again = world.list();
		await world.end();
		expect((await again).failures).toEqual([]);
		expect([world.opened, world.closed]).toEqual([2, 2]);
	});
});
