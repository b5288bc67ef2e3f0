import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { childEnvironment } from '../../scripts/n8n/environment';
import { output } from './program';

/** Another community package, of one node. */
export const TINY = { name: 'n8n-nodes-filex-tiny', node: 'n8n-nodes-filex-tiny.tiny', version: '1.0.0' };

const MANIFEST = {
	name: TINY.name,
	version: TINY.version,
	keywords: ['n8n-community-node-package'],
	n8n: { n8nNodesApiVersion: 1, nodes: ['Tiny.node.js'], credentials: [] },
};

const NODE = `
exports.Tiny = class {
	description = {
		displayName: 'Tiny', name: 'tiny', group: ['transform'], version: 1, description: 'Passes items on',
		defaults: { name: 'Tiny' }, inputs: ['main'], outputs: ['main'], properties: [],
	};
	async execute() {
		return [this.getInputData()];
	}
};
`;

/** Packs it; gives the tarball's path. */
export async function packTiny(folder: string): Promise<string> {
	const source = await mkdtemp(join(folder, 'tiny-'));
	await writeFile(join(source, 'package.json'), JSON.stringify(MANIFEST));
	await writeFile(join(source, 'Tiny.node.js'), NODE);
	const env = childEnvironment() as Record<string, string>;
	const name = await output('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: source, env });
	return join(folder, name.trim());
}
