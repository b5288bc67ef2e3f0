import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { N8N_VERSION } from '../scripts/n8n/cache';
import { Teardown } from '../scripts/n8n/teardown';
import { provide } from '../scripts/system';
import { compare } from './compare';
import type { Row, Section } from './contender';
import { inOwnNetwork, LINK, noLink, overLink } from './link/link';
import { tables, writePage } from './report';
import { sections, sectionsOverLink } from './sections';
import { buildWorld } from './world';

const HELP = `Measures this pack in n8n's engine beside what a user would pick instead, on this machine.

  npm run bench [-- --mib 1024] [--peer-mib 32] [--small 300] [--runs 3]
                  [--link-mib 128] [--link-small 50] [--only TEXT] [--alone] [--write]

  --mib        size of the large file
  --peer-mib   size of the file for n8n's FTP node, which would take an hour for a large one
  --small      how many small files (64 KiB each)
  --runs       how often each is measured; medians are given
  --link-mib   size of the large file over ${LINK}; 0 for none of that
  --link-small how many small files over it
  --only       only pieces of work whose title holds this
  --alone      only our own nodes, without a peer, as for sizes that would take peers too long
  --write      put the tables and a plot into docs/performance.md`;

/** Everything in one run, side by side: contenders for one piece of work take turns. */
async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			mib: { type: 'string', default: '1024' },
			'peer-mib': { type: 'string', default: '32' },
			small: { type: 'string', default: '300' },
			runs: { type: 'string', default: '3' },
			'link-mib': { type: 'string', default: '128' },
			'link-small': { type: 'string', default: '50' },
			only: { type: 'string', default: '' },
			alone: { type: 'boolean', default: false },
			write: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) return say(HELP);
	await provide('sshd', 'sftp', 'lftp', 'rclone', 'curl', 'nginx', 'ip', '/usr/bin/aws');
	const teardown = new Teardown();
	try {
		const world = await buildWorld(
			{ big: Number(values.mib), peer: Number(values['peer-mib']) },
			Number(values.small),
			teardown,
		);
		const wanted = sections(world).filter(({ title }) => title.includes(values.only));
		const isWantedOverLink =
			Number(values['link-mib']) > 0 &&
			sectionsOverLink(world).some(({ title }) => overLink(title).includes(values.only));
		const rows: Row[] = [];
		for (const section of wanted)
			rows.push(...(await compare(values.alone ? alone(section) : section, Number(values.runs))));
		await teardown.run();
		if (isWantedOverLink) rows.push(...(await compareOverLink(values)));
		say(`\n${tables(rows)}`);
		const heading = `Measured on ${new Date().toISOString().slice(0, 10)} on ${cpus().length} virtual cores, Node.js ${process.versions.node}, n8n ${N8N_VERSION}, by \`npm run bench -- --mib ${values.mib} --peer-mib ${values['peer-mib']} --small ${values.small} --runs ${values.runs} --link-mib ${values['link-mib']}${values.only && ` --only '${values.only}'`} --write\`; medians.`;
		if (values.write) await writePage(heading, rows, '');
	} finally {
		await teardown.run();
	}
}

/** The transfers once more, with a delay, at smaller sizes. */
async function compareOverLink(values: {
	'link-mib': string;
	'link-small': string;
	'peer-mib': string;
	small: string;
	runs: string;
	only: string;
}): Promise<Row[]> {
	const obstacle = noLink();
	if (obstacle) {
		say(`Not measured: transfers over ${LINK}, because ${obstacle}.`);
		return [];
	}
	const sizes = {
		mib: Number(values['link-mib']),
		'peer-mib': Math.min(4, Number(values['peer-mib'])),
		small: Number(values['link-small']),
		runs: values.runs,
		only: values.only,
	};
	return JSON.parse(
		await inOwnNetwork(
			'link/main.ts',
			Object.entries(sizes).map(([name, value]) => `--${name}=${value}`),
		),
	) as Row[];
}

/** Only ours, and what it is to reach without a peer. */
function alone({ goals = [], contenders, ...section }: Section): Section {
	return { ...section, goals: goals.filter(({ isAlone }) => isAlone), contenders: contenders.slice(0, 1) };
}

function say(text: string): void {
	process.stdout.write(`${text}\n`);
}

main().then(
	() => process.exit(0),
	(error: Error) => {
		process.stderr.write(`${error.stack}\n`);
		process.exit(1);
	},
);
