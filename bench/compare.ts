import { quietMachine } from './quiet';
import { median, type Result, type Row, type Section } from './contender';
import { measure } from './measure';

/** Lets the contenders take turns, `runs` times. */
export async function compare({ title, prepare, contenders, goals = [] }: Section, runs: number): Promise<Row[]> {
	await prepare?.();
	const load = await quietMachine();
	const results = contenders.map((): Result[] => []);
	for (let round = 0; round < runs; round++) {
		for (const [index, contender] of contenders.entries()) {
			const result = await measure(contender);
			results[index]!.push(result);
			process.stderr.write(
				`  ${title}: ${contender.name}: ${result.seconds.toFixed(2)} s, CPU ${result.cpuSeconds.toFixed(2)} s\n`,
			);
		}
	}
	const rows: Row[] = contenders.map(({ name, mib }, index) => ({
		section: title,
		name,
		mib,
		seconds: median(results[index]!.map(({ seconds }) => seconds)),
		cpuSeconds: median(results[index]!.map(({ cpuSeconds }) => cpuSeconds)),
		memory: median(results[index]!.map(({ memory }) => memory)),
		holdUp: largest(results[index]!.map(({ holdUp }) => holdUp)),
		majorCollections: largest(results[index]!.map(({ majorCollections }) => majorCollections)),
		load,
		state: results[index]![0]!.state,
		ratio: 1,
	}));
	const speed = ({ mib = 1, seconds }: Pick<Row, 'mib' | 'seconds'>) => mib / seconds;
	const [ours, ...peers] = rows as [Row, ...Row[]];
	ours.goals = goals.map(({ text, most, value }) => ({ text, most, value: value(ours, peers) }));
	return rows.map((row) => ({ ...row, ratio: speed(ours) / speed(row) }));
}

function largest(values: Array<number | undefined>): number | undefined {
	const known = values.filter((value) => value !== undefined);
	return known.length > 0 ? Math.max(...known) : undefined;
}
