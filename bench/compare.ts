import { median, type Result, type Row, type Section } from './contender';
import { measure } from './measure';

/** Lets the contenders take turns, `runs` times. */
export async function compare({ title, prepare, contenders }: Section, runs: number): Promise<Row[]> {
	await prepare?.();
	const results = contenders.map((): Result[] => []);
	for (let round = 0; round < runs; round++) {
		for (const [index, contender] of contenders.entries()) {
			const result = await measure(contender);
			results[index]!.push(result);
			process.stderr.write(`  ${title}: ${contender.name}: ${result.seconds.toFixed(2)} s\n`);
		}
	}
	const rows = contenders.map(({ name, mib }, index) => ({
		section: title,
		name,
		mib,
		seconds: median(results[index]!.map(({ seconds }) => seconds)),
		memory: median(results[index]!.map(({ memory }) => memory)),
		state: results[index]![0]!.state,
		ratio: 1,
	}));
	const speed = ({ mib = 1, seconds }: Pick<Row, 'mib' | 'seconds'>) => mib / seconds;
	return rows.map((row) => ({ ...row, ratio: speed(rows[0]!) / speed(row) }));
}
