import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../scripts/run';
import type { Row } from './contender';

const PAGE = join(ROOT, 'docs', 'performance.md');
const BEGIN = '<!-- made by npm run bench -->';
const END = '<!-- end -->';

/** The rows as Markdown, a table for each piece of work. */
export function tables(rows: Row[]): string {
	return sectionsOf(rows)
		.map(([title, contenders]) =>
			[
				`### ${title}`,
				'',
				'| who | MiB | s | MiB/s | memory, MiB | ours is |',
				'|---|---|---|---|---|---|',
				...contenders.map(({ name, mib, seconds, memory, ratio }, index) => {
					const compared = index === 0 ? '' : `${ratio.toFixed(2)} times as fast`;
					return `| ${name} | ${mib} | ${seconds.toFixed(2)} | ${(mib / seconds).toFixed(1)} | ${memory.toFixed(0)} | ${compared} |`;
				}),
			].join('\n'),
		)
		.join('\n\n');
}

/** Puts the tables, and what stands over them, into docs/performance.md, and a plot beside it. */
export async function writePage(heading: string, rows: Row[], more: string): Promise<void> {
	const page = await readFile(PAGE, 'utf8');
	const [before, after] = [page.slice(0, page.indexOf(BEGIN)), page.slice(page.indexOf(END))];
	const text = [BEGIN, heading, '![MiB a second, by who and what](images/performance.svg)', tables(rows), more, ''].filter(Boolean).join('\n\n');
	await writeFile(PAGE, `${before}${text}${after}`);
	await writeFile(join(ROOT, 'docs', 'images', 'performance.svg'), plot(rows));
}

function sectionsOf(rows: Row[]): Array<[string, Row[]]> {
	const sections = new Map<string, Row[]>();
	for (const row of rows) sections.set(row.section, [...(sections.get(row.section) ?? []), row]);
	return [...sections];
}

const WIDTH = 900;
const LABEL = 330;
const BAR = 18;

/** Bars, ours dark, each section to a scale of its own. */
function plot(rows: Row[]): string {
	const parts: string[] = [];
	let y = 10;
	for (const [title, contenders] of sectionsOf(rows)) {
		parts.push(`<text x="10" y="${y + 14}" font-weight="bold">${escape(title)}</text>`);
		y += 22;
		const most = Math.max(...contenders.map(({ mib, seconds }) => mib / seconds));
		contenders.forEach(({ name, mib, seconds }, index) => {
			const speed = mib / seconds;
			const width = Math.max(1, (speed / most) * (WIDTH - LABEL - 110));
			parts.push(
				`<text x="${LABEL - 8}" y="${y + 13}" text-anchor="end">${escape(name)}</text>`,
				`<rect x="${LABEL}" y="${y}" width="${width.toFixed(1)}" height="${BAR - 4}" fill="${index === 0 ? '#1f6f5c' : '#a9b8c4'}"/>`,
				`<text x="${LABEL + width + 6}" y="${y + 13}">${speed.toFixed(1)} MiB/s</text>`,
			);
			y += BAR;
		});
		y += 12;
	}
	return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="white"/>${parts.join('')}</svg>\n`;
}

function escape(text: string): string {
	return text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}
