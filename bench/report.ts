import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../scripts/run';
import type { Row } from './contender';
import { plot } from './plot';
import { sectionsOf } from './rows';

const PAGE = join(ROOT, 'docs', 'performance.md');
const BEGIN = '<!-- made by npm run bench -->';
const END = '<!-- end -->';

/** The rows as Markdown, a table for each piece of work, and whether its goals are met. */
export function tables(rows: Row[]): string {
	return sectionsOf(rows)
		.map(([title, contenders]) =>
			[`### ${title}`, '', ...table(contenders), ...goals(contenders[0]!), ...quiet(contenders[0]!)].join('\n'),
		)
		.join('\n\n');
}

/** A column: its head, and its cell for a contender; left out where no contender has anything. */
type Column = [head: string, cell: (row: Row, all: Row[]) => string];

const COLUMNS: Column[] = [
	['who', ({ name }) => name],
	['MiB', ({ mib }) => (mib === undefined ? '' : String(mib))],
	['s', ({ mib, seconds }) => seconds.toFixed(mib === undefined ? 3 : 2)],
	['MiB/s', ({ mib, seconds }) => (mib === undefined ? '' : (mib / seconds).toFixed(1))],
	['CPU, s', ({ cpuSeconds }) => cpuSeconds.toFixed(2)],
	['memory, MiB', ({ memory }) => memory.toFixed(0)],
	['longest hold-up, ms', ({ holdUp }) => holdUp?.toFixed(0) ?? ''],
	['major collections', ({ majorCollections }) => majorCollections?.toFixed(0) ?? ''],
	['state, bytes a file', ({ state }) => state?.toFixed(1) ?? ''],
	['ours is', (row, all) => compared(row, all)],
];

function table(rows: Row[]): string[] {
	const columns = COLUMNS.filter(([, cell]) => rows.some((row) => cell(row, rows) !== ''));
	const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
	return [
		line(columns.map(([head]) => head)),
		line(columns.map(() => '---')),
		...rows.map((row) => line(columns.map(([, cell]) => cell(row, rows)))),
	];
}

function goals({ goals: all = [] }: Row): string[] {
	if (all.length === 0) return [];
	return [
		'',
		...all.map(({ text, value, most }) => `- ${value <= most ? 'Met' : '**Missed**'}: ${text} (${value.toFixed(2)}).`),
	];
}

function quiet({ load }: Row): string[] {
	return ['', `Before it, other programs used ${(100 * load).toFixed(0)} % of the machine.`];
}

function compared(row: Row, [ours]: Row[]): string {
	return row === ours ? '' : `${row.ratio.toFixed(2)} times as fast`;
}

/** Puts the tables, and what stands over them, into docs/performance.md, and a plot beside it. */
export async function writePage(heading: string, rows: Row[], more: string): Promise<void> {
	const page = await readFile(PAGE, 'utf8');
	const [before, after] = [page.slice(0, page.indexOf(BEGIN)), page.slice(page.indexOf(END))];
	const text = [
		BEGIN,
		heading,
		'![MiB a second, or seconds, by who and what](images/performance.svg)',
		tables(rows),
		more,
		'',
	]
		.filter(Boolean)
		.join('\n\n');
	await writeFile(PAGE, `${before}${text}${after}`);
	await writeFile(join(ROOT, 'docs', 'images', 'performance.svg'), plot(rows));
}
