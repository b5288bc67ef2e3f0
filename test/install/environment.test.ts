import { rm } from 'node:fs/promises';
import { codeBlock, settingsOf } from '../support/code-block';
import { FreshN8n, OUR_NODES, PACKAGE } from '../support/fresh-n8n';

/** A first run also installs n8n. */
const PREPARATION_LIMIT = 15 * 60_000;

const HEADING = '## The environment';

describe('packages that the environment names, as in docs/installing.md', () => {
	const over = new AbortController();
	let n8n: FreshN8n;
	let usual: NodeJS.ProcessEnv;
	let strict: NodeJS.ProcessEnv;

	beforeAll(async () => {
		n8n = await FreshN8n.prepare(over.signal);
		usual = await settingsOf(await codeBlock('docs/installing.md', HEADING));
		strict = await settingsOf(await codeBlock('docs/installing.md', HEADING, 1));
		expect(strict.N8N_UNVERIFIED_PACKAGES_ENABLED).toBe('false');
	}, PREPARATION_LIMIT);
	afterAll(async () => {
		over.abort();
		await n8n?.close();
	});

	const start = async (settings: NodeJS.ProcessEnv) => await n8n.start({ ...settings, ...n8n.behindProxy });
	const startWithChecksum = async (checksum: string) => {
		const N8N_COMMUNITY_PACKAGES = strict.N8N_COMMUNITY_PACKAGES!.replace('sha512-…', checksum);
		return await start({ ...strict, N8N_COMMUNITY_PACKAGES });
	};
	const integrity = async () => {
		const answer = await fetch(`${n8n.registry.url}${PACKAGE}/latest`);
		return ((await answer.json()) as { dist: { integrity: string } }).dist.integrity;
	};
	const lose = async () => {
		await n8n.stop();
		await rm(n8n.nodes, { recursive: true });
	};
	const ours = expect.arrayContaining(OUR_NODES) as string[];

	it('are not installed if their checksum differs, and n8n says so', async () => {
		const { page, log } = await startWithChecksum(`sha512-${Buffer.alloc(64).toString('base64')}`);
		expect(await page.nodes()).not.toEqual(ours);
		expect(log()).toContain(`Failed to install community package '${PACKAGE}@`);
	});

	it('are installed by their checksum where unverified ones are forbidden, but not again when they are lost', async () => {
		const checksum = await integrity();
		const { page } = await startWithChecksum(checksum);
		expect(await page.nodes()).toEqual(ours);
		await lose();
		expect(await (await startWithChecksum(checksum)).page.nodes()).not.toEqual(ours);
	});

	it('are gone when they are named no longer', async () => {
		const { page } = await start({ ...usual, N8N_COMMUNITY_PACKAGES: '[]' });
		expect(await page.listed()).toEqual([]);
	});

	it('are there after a start, and cannot be changed on the page', async () => {
		const { page } = await start(usual);
		expect(await page.nodes()).toEqual(ours);
		expect(await page.listed()).toEqual([PACKAGE]);
		await expect(page.uninstall(PACKAGE)).rejects.toThrow('managed via environment variables');
	});

	it('are there again when their folder was lost', async () => {
		await lose();
		expect(await (await start(usual)).page.nodes()).toEqual(ours);
	});

	it('are not there again without N8N_REINSTALL_MISSING_PACKAGES', async () => {
		await lose();
		const { N8N_REINSTALL_MISSING_PACKAGES, ...others } = usual;
		expect(N8N_REINSTALL_MISSING_PACKAGES).toBe('true');
		expect(await (await start(others)).page.nodes()).not.toEqual(ours);
	});
});
