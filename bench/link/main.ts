import { parseArgs } from 'node:util';
import { Teardown } from '../../scripts/n8n/teardown';
import { compare } from '../compare';
import type { Row } from '../contender';
import { sectionsOverLink } from '../sections';
import { buildWorld } from '../world';
import { overLink, setUpLink } from './link';

/** The transfers once more, over a link: everything is in this network of its own. The last line is the rows, as JSON. */
async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			mib: { type: 'string' },
			'peer-mib': { type: 'string' },
			small: { type: 'string' },
			runs: { type: 'string' },
			only: { type: 'string', default: '' },
		},
	});
	const teardown = new Teardown();
	try {
		const link = await setUpLink();
		teardown.add(link, async () => void link.kill());
		const world = await buildWorld(
			{ big: Number(values.mib), peer: Number(values['peer-mib']) },
			Number(values.small),
			teardown,
		);
		const rows: Row[] = [];
		for (const section of sectionsOverLink(world)) {
			const title = overLink(section.title);
			if (title.includes(values.only)) rows.push(...(await compare({ ...section, title }, Number(values.runs))));
		}
		process.stdout.write(`${JSON.stringify(rows)}\n`);
	} finally {
		await teardown.run();
	}
}

main().then(
	() => process.exit(0),
	(error: Error) => {
		process.stderr.write(`${error.stack}\n`);
		process.exit(1);
	},
);
