import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childEnvironment } from '../../scripts/n8n/environment';
import { packTarball } from '../../scripts/n8n/pack';
import { ROOT } from '../../scripts/run';
import { output } from '../support/program';

const PACKAGE = 'n8n-nodes-finra-filex';

const INSTALL_LIMIT = 240_000;

/** README's way to install by hand, word for word, in a home folder that is another project, too. */
describe("README's way to install", () => {
	let home: string;
	/** What the block does once the tarball is made. */
	let commands: string;

	const shell = async (script: string) =>
		await output('sh', ['-ec', script], {
			cwd: home,
			env: childEnvironment({ HOME: home }) as Record<string, string>,
			limit: INSTALL_LIMIT,
		});
	const nodes = () => join(home, '.n8n', 'nodes');

	beforeAll(async () => {
		home = await mkdtemp(join(tmpdir(), 'filex-install-'));
		const other = { name: 'other', private: true, dependencies: { kept: 'file:./kept' } };
		await mkdir(join(home, 'kept'));
		await writeFile(join(home, 'kept', 'package.json'), '{ "name": "kept", "version": "1.0.0" }');
		await writeFile(join(home, 'package.json'), JSON.stringify(other));
		await shell('npm install --silent');
		const made = join(home, 'made');
		await mkdir(made);
		await packTarball(made, new AbortController().signal);
		const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
		const block = /## Install\n[^]*?```sh\n([^]*?)```/.exec(readme)![1]!;
		const [, rest] = block.split(/^npm pack.*$/m);
		commands = rest!.replace('/path/to', made);
	});
	afterAll(async () => await rm(home, { recursive: true }));

	it('installs it where n8n looks, and touches no project above', async () => {
		await shell(commands);
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
		await shell(commands);
		expect(await readdir(join(nodes(), 'node_modules'))).toContain(PACKAGE);
	});

	it('removes it', async () => {
		const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
		const uninstall = /\*\*To uninstall\*\*, run `([^`]+)`/.exec(readme)![1]!;
		await shell(`cd ~/.n8n/nodes\n${uninstall}`);
		expect(await readdir(join(nodes(), 'node_modules')).catch(() => [])).not.toContain(PACKAGE);
		expect(await readdir(join(home, 'node_modules'))).toContain('kept');
	});
});
