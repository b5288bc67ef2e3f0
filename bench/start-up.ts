import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from '../scripts/build';
import { ROOT } from '../scripts/run';
import type { Section } from './contender';

const PACK = createRequire(join(ROOT, 'package.json'));
const { n8n: parts } = PACK('./package.json') as { n8n: { nodes: string[]; credentials: string[] } };

/** What n8n's start costs more with this pack: the built nodes and credentials, loaded where n8n-workflow is there already. @param n8n the program of a real n8n */
export function startUp(n8n: string): Section {
	const theirs = createRequire(createRequire(n8n).resolve('n8n-nodes-base/package.json'));
	const ours = [...parts.nodes, ...parts.credentials].map((path) => join(ROOT, path));
	return {
		title: 'Start-up: require of every node',
		prepare: build,
		contenders: [
			{
				name: `this pack: ${parts.nodes.length} nodes and ${parts.credentials.length} credentials`,
				work: { startUp: { before: [PACK.resolve('n8n-workflow')], modules: ours } },
			},
			{
				name: "n8n's FTP and S3 nodes",
				work: {
					startUp: {
						before: [theirs.resolve('n8n-workflow')],
						modules: ['./dist/nodes/Ftp/Ftp.node.js', './dist/nodes/S3/S3.node.js'].map((path) => theirs.resolve(path)),
					},
				},
			},
		],
	};
}
