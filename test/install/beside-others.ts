import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Release } from '../../scripts/n8n/cache';
import { inHome, installByHand } from '../support/by-hand';
import { codeBlock } from '../support/code-block';
import { FreshN8n, OUR_NODES, type OpenN8n } from '../support/fresh-n8n';
import { TINY } from '../support/tiny-package';

/** A first run also installs n8n. */
const PREPARATION_LIMIT = 15 * 60_000;

/** The pack, installed by hand, while n8n's page installs and uninstalls another package. @param forgets whether n8n forgets what it uninstalled */
export function testBesideOthers(release: Release, forgets: boolean): void {
	const over = new AbortController();
	let n8n: FreshN8n;
	let open: OpenN8n;

	const restart = async () => (open = await n8n.start(n8n.behindProxy));
	const upgrade = async () => {
		await installByHand(n8n.folder, n8n.tarball, n8n.registry.url);
		await restart();
	};
	const has = async ({ tiny }: { tiny: boolean }) => {
		await open.page.shows(TINY.node, tiny);
		expect(await open.page.nodes()).toEqual(expect.arrayContaining(OUR_NODES));
	};

	beforeAll(async () => {
		n8n = await FreshN8n.prepare(over.signal, release);
		await installByHand(n8n.folder, n8n.tarball);
	}, PREPARATION_LIMIT);
	afterAll(async () => {
		over.abort();
		await n8n?.close();
	});

	it('is loaded, though no list has it', async () => {
		await restart();
		await has({ tiny: false });
		expect(open.saidOfUs()).toEqual([]);
		expect(await open.page.listed()).toEqual([]);
	});

	it('stays while another one is installed, and after a restart', async () => {
		await open.page.install(TINY.name);
		await has({ tiny: true });
		await restart();
		await has({ tiny: true });
		expect(await open.page.listed()).toEqual([TINY.name]);
	});

	it('is upgraded by hand beside the other one', async () => {
		await upgrade();
		await has({ tiny: true });
	});

	it('stays when the other one is uninstalled, and after a restart', async () => {
		await open.page.uninstall(TINY.name);
		await has({ tiny: false });
		await restart();
		await has({ tiny: false });
		expect(open.saidOfUs()).toEqual([]);
	});

	it(
		forgets ? 'does not bring the other one back' : 'brings the other one back, unless it is taken off the list',
		async () => {
			await upgrade();
			await has({ tiny: !forgets });
			if (forgets) return;
			const takeOff = await codeBlock('docs/installing.md', '## By hand');
			await inHome(n8n.folder, takeOff.replace('n8n-nodes-that-comes-back', TINY.name), n8n.registry.url);
			await upgrade();
			await has({ tiny: false });
			expect(await readdir(join(n8n.nodes, 'node_modules'))).not.toContain('n8n-workflow');
		},
	);
}
