import { copyFile, cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { childEnvironment } from '../../scripts/n8n/environment';
import { ROOT } from '../../scripts/run';
import { codeBlock } from '../support/code-block';
import { FreshN8n, OUR_NODES, PACKAGE } from '../support/fresh-n8n';
import { readRecipe } from '../scale/recipe';
import { output } from '../support/program';
import { buildImage, type Image, type ImageOptions } from './dockerfile';

/** A first run also installs n8n. */
const PREPARATION_LIMIT = 15 * 60_000;

/** Settings under which n8n itself would install nothing, and would uninstall all that it knows. */
const STRICT = {
	N8N_UNVERIFIED_PACKAGES_ENABLED: 'false',
	N8N_COMMUNITY_PACKAGES_MANAGED_BY_ENV: 'true',
	N8N_COMMUNITY_PACKAGES: '[]',
};

const SOURCE = join(ROOT, 'examples', 'deploy');

describe('the image of examples/deploy', () => {
	const over = new AbortController();
	let n8n: FreshN8n;
	let image: Image;
	let build: ImageOptions;

	beforeAll(async () => {
		n8n = await FreshN8n.prepare(over.signal);
		const [context, root] = [join(n8n.folder, 'context'), join(n8n.folder, 'image')];
		for (const folder of [context, root]) await mkdir(folder);
		for (const name of await readdir(SOURCE)) await copyFile(join(SOURCE, name), join(context, name));
		const page = await codeBlock('docs/installing.md', '## An image of your own');
		const pack = /^npm pack .*/m.exec(page)![0].replace('examples/deploy', context);
		await output('sh', ['-ec', pack], { cwd: ROOT, env: childEnvironment() as Record<string, string> });
		// What n8n's own image brings, and starts with.
		const start = `#!/bin/sh\nexec '${n8n.program.node}' '${n8n.program.script}' "$@"\n`;
		await writeFile(join(root, 'docker-entrypoint.sh'), start, { mode: 0o755 });
		build = {
			dockerfile: join(context, 'Dockerfile'),
			context,
			root,
			args: { NPM_CONFIG_REGISTRY: n8n.registry.url },
			paths: ['/opt/filex', '/docker-entrypoint.sh', '/files'],
		};
		image = await buildImage(build);
		const [tini, end, shell, script] = image.entrypoint;
		expect([tini, end]).toEqual(['tini', '--']);
		n8n.program = { node: shell!, script: script! };
	}, PREPARATION_LIMIT);
	afterAll(async () => {
		over.abort();
		await n8n?.close();
	});

	it('has the nodes though the folder of n8n is an empty volume, and n8n says nothing of them', async () => {
		const open = await n8n.start(STRICT);
		expect(await open.page.nodes()).toEqual(expect.arrayContaining(OUR_NODES));
		expect(open.saidOfUs()).toEqual([]);
		expect(n8n.registry.asked).not.toEqual([]);
		expect(await readdir(image.at('/opt/filex/node_modules'))).not.toContain('n8n-workflow');
	});

	it("has every folder that the compose file mounts, for n8n's user", async () => {
		const { mounts } = await readRecipe();
		expect(mounts).toContain('/files');
		const dockerfile = await readFile(build.dockerfile, 'utf8');
		// n8n's own image has its user's home.
		for (const path of mounts.filter((each) => !each.startsWith('/home/node/'))) {
			expect((await stat(image.at(path))).isDirectory()).toBe(true);
			expect(dockerfile).toContain(`chown node:node ${path}`);
		}
	});

	it('is not built of two packages, of which npm takes either', async () => {
		const context = join(n8n.folder, 'twice');
		await cp(build.context, context, { recursive: true });
		const [packed] = (await readdir(context)).filter((name) => name.endsWith('.tgz'));
		await copyFile(join(context, packed!), join(context, `${PACKAGE}-0.0.1.tgz`));
		await expect(buildImage({ ...build, context, root: join(n8n.folder, 'twice-image') })).rejects.toThrow(
			/^Several n8n-nodes-finra-filex-\*\.tgz: keep the newest$/m,
		);
	});

	it('has them in place of a copy that the volume holds', async () => {
		await n8n.stop();
		const copy = join(n8n.nodes, 'node_modules', PACKAGE);
		await output('rm', [copy]);
		await mkdir(copy);
		await writeFile(join(copy, 'package.json'), JSON.stringify({ name: PACKAGE, version: '0.0.1' }));
		const { page } = await n8n.start({});
		expect(await page.nodes()).toEqual(expect.arrayContaining(OUR_NODES));
	});

	it('would have them under other names by N8N_CUSTOM_EXTENSIONS', async () => {
		const N8N_CUSTOM_EXTENSIONS = image.at(`/opt/filex/node_modules/${PACKAGE}`);
		const { page } = await n8n.start({ N8N_CUSTOM_EXTENSIONS });
		expect(await page.nodes()).toContain('CUSTOM.fileXDownload');
	});
});
