import { codeBlock, settingsOf } from '../support/code-block';
import { FreshN8n, OUR_NODES, PACKAGE } from '../support/fresh-n8n';

/** A first run also installs n8n. */
const PREPARATION_LIMIT = 15 * 60_000;

const HEADING = "## n8n's page";

describe("n8n's page of community packages, as docs/installing.md sets it up", () => {
	const over = new AbortController();
	let n8n: FreshN8n;

	beforeAll(async () => {
		n8n = await FreshN8n.prepare(over.signal);
	}, PREPARATION_LIMIT);
	afterAll(async () => {
		over.abort();
		await n8n?.close();
	});

	it("takes another registry only with n8n's license for it", async () => {
		const settings = await settingsOf(await codeBlock('docs/installing.md', HEADING));
		const registry = { N8N_COMMUNITY_PACKAGES_REGISTRY: n8n.registry.url };
		const { page } = await n8n.start({ ...settings, ...registry });
		await expect(page.install(PACKAGE)).rejects.toThrow(
			'Your license does not allow for feat:communityNodes:customRegistry',
		);
		expect(n8n.registry.asked).toEqual([]);
	});

	it("installs from npm's registry or what answers for it, keeps that over a restart, and uninstalls", async () => {
		const settings = await settingsOf(await codeBlock('docs/installing.md', HEADING, 1));
		expect(Object.keys(settings)).toEqual(expect.arrayContaining(Object.keys(n8n.behindProxy)));
		const before = (await n8n.start({ ...settings, ...n8n.behindProxy })).page;
		await before.install(PACKAGE);
		expect(n8n.registry.asked).toContain(`/${PACKAGE}`);
		expect(await before.listed()).toEqual([PACKAGE]);
		expect(await before.nodes()).toEqual(expect.arrayContaining(OUR_NODES));

		const after = await n8n.start({ ...settings, ...n8n.behindProxy });
		expect(await after.page.listed()).toEqual([PACKAGE]);
		expect(await after.page.nodes()).toEqual(expect.arrayContaining(OUR_NODES));
		expect(after.saidOfUs()).toEqual([]);

		await after.page.uninstall(PACKAGE);
		expect(await after.page.listed()).toEqual([]);
		expect(await after.page.nodes()).not.toEqual(expect.arrayContaining([expect.stringContaining(PACKAGE)]));
	});
});
