import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../scripts/run';
import type { Row } from './contender';
import { plot } from './plot';
import { sectionsOf } from './rows';

const PAGE = join(ROOT, 'docs', 'performance.md');
const BEGIN = '<!-- made by npm run bench -->';
const END = '<!-- end -->';

/** The rows as Markdown, a table for each piece of work. */
export function tables(rows: Row[]): string {
	return sectionsOf(rows)
		.map(([title, contenders]) =>
			[`### ${title}`, '', ...(contenders[0]!.mib === undefined ? times(contenders) : speeds(contenders))].join('\n'),
		)
		.join('\n\n');
}

function speeds(contenders: Row[]): string[] {
	return [
		'| who | MiB | s | MiB/s | memory, MiB | ours is |',
		'|---|---|---|---|---|---|',
		...contenders.map(
			(row) =>
				`| ${row.name} | ${row.mib} | ${row.seconds.toFixed(2)} | ${(row.mib! / row.seconds).toFixed(1)} | ${row.memory.toFixed(0)} | ${compared(row, contenders)} |`,
		),
	];
}

/** Of work that moves no file. */
function times(contenders: Row[]): string[] {
	const hasState = contenders.some(({ state }) => state !== undefined);
	return [
		`| who | s | memory, MiB |${hasState ? ' state, bytes a file |' : ''} ours is |`,
		`|---|---|---|${hasState ? '---|' : ''}---|`,
		...contenders.map(
			(row) =>
				`| ${row.name} | ${row.seconds.toFixed(3)} | ${row.memory.toFixed(0)} |${hasState ? ` ${row.state?.toFixed(1) ?? ''} |` : ''} ${compared(row, contenders)} |`,
		),
	];
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
