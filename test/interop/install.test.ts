import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packTarball } from '../../scripts/n8n/pack';
import { ROOT } from '../../scripts/run';
import { inHome, installByHand } from '../support/by-hand';

const PACKAGE = 'n8n-nodes-finra-filex';

/** README's way to install by hand, word for word, in a home folder that is another project, too. */
describe("README's way to install", () => {
	let home: string;
	let tarball: string;

	const nodes = () => join(home, '.n8n', 'nodes');

	beforeAll(async () => {
		home = await mkdtemp(join(tmpdir(), 'filex-install-'));
		const other = { name: 'other', private: true, dependencies: { kept: 'file:./kept' } };
		await mkdir(join(home, 'kept'));
		await writeFile(join(home, 'kept', 'package.json'), '{ "name": "kept", "version": "1.0.0" }');
		await writeFile(join(home, 'package.json'), JSON.stringify(other));
		await inHome(home, 'npm install --silent');
		const made = join(home, 'made');
		await mkdir(made);
		tarball = await packTarball(made, new AbortController().signal);
	});
	afterAll(async () => await rm(home, { recursive: true }));

	it('installs it where n8n looks, and touches no project above', async () => {
		await installByHand(home, tarball);
		const { name } = JSON.parse(await readFile(join(nodes(), 'node_modules', PACKAGE, 'package.json'), 'utf8')) as {
			name: string;
		};
		expect(name).toBe(PACKAGE);
		expect(await readdir(join(home, 'node_modules'))).toEqual(expect.arrayContaining(['kept']));
		expect(await readdir(join(home, 'node_modules'))).not.toContain(PACKAGE);
		expect(await readdir(join(nodes(), 'node_modules'))).not.toContain('n8n-workflow');
		// What the nodes need at run time is there.
		createRequire(join(nodes(), 'node_modules', PACKAGE, 'package.json')).resolve('@aws-sdk/client-s3');
	});

	it('installs it again, as an upgrade does', async () => {
		await installByHand(home, tarball);
		expect(await readdir(join(nodes(), 'node_modules'))).toContain(PACKAGE);
	});

	it('removes it', async () => {
		const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
		const uninstall = /\*\*To uninstall\*\*, run `([^`]+)`/.exec(readme)![1]!;
		await inHome(home, `cd ~/.n8n/nodes\n${uninstall}`);
		expect(await readdir(join(nodes(), 'node_modules')).catch(() => [])).not.toContain(PACKAGE);
		expect(await readdir(join(home, 'node_modules'))).toContain('kept');
	});
});
