import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { output } from '../support/program';

const ROOT = join(__dirname, '../..');
const { n8n } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
	n8n: { nodes: string[]; credentials: string[] };
};

/** Loads modules in a process of its own; gives the packages that came with them. */
async function packagesOf(modules: string[]): Promise<string[]> {
	const script = `${modules.map((path) => `require(${JSON.stringify(path)});`).join('')}
		const found = Object.keys(require.cache).flatMap((path) => /node_modules\\/((@[^/]+\\/)?[^/]+)/.exec(path)?.[1] ?? []);
		console.log(JSON.stringify([...new Set(found)]));`;
	return JSON.parse(await output(process.execPath, ['--require', 'tsx/cjs', '-e', script], { cwd: ROOT })) as string[];
}

describe('what n8n loads at its start', () => {
	it('brings no SDK, SSH or HTTP library: each is loaded when it is first used', async () => {
		const sources = [...n8n.nodes, ...n8n.credentials].map((path) =>
			join(ROOT, path.replace(/^dist\//, '').replace(/\.js$/, '.ts')),
		);
		const packages = await packagesOf(sources);
		expect(packages).toContain('n8n-workflow');
		expect(packages.filter((name) => /^(@aws-sdk|@smithy|ssh2|axios)/.test(name))).toEqual([]);
	});

	it('would show them', async () => {
		expect(await packagesOf(['@aws-sdk/client-s3'])).toEqual(expect.arrayContaining(['@aws-sdk/client-s3']));
	});
});
