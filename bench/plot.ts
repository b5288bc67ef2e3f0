import type { Row } from './contender';
import { sectionsOf } from './rows';

const WIDTH = 900;
const LABEL = 330;
const BAR = 18;

/** Bars, ours dark, each section to a scale of its own: MiB a second, or seconds where no file is moved. */
export function plot(rows: Row[]): string {
	const parts: string[] = [];
	let y = 10;
	for (const [title, contenders] of sectionsOf(rows)) {
		parts.push(`<text x="10" y="${y + 14}" font-weight="bold">${escape(title)}</text>`);
		y += 22;
		const most = Math.max(...contenders.map(lengthOf));
		contenders.forEach((row, index) => {
			const { name, mib, seconds } = row;
			const width = Math.max(1, (lengthOf(row) / most) * (WIDTH - LABEL - 110));
			parts.push(
				`<text x="${LABEL - 8}" y="${y + 13}" text-anchor="end">${escape(name)}</text>`,
				`<rect x="${LABEL}" y="${y}" width="${width.toFixed(1)}" height="${BAR - 4}" fill="${index === 0 ? '#1f6f5c' : '#a9b8c4'}"/>`,
				`<text x="${LABEL + width + 6}" y="${y + 13}">${mib === undefined ? `${seconds.toFixed(3)} s` : `${lengthOf(row).toFixed(1)} MiB/s`}</text>`,
			);
			y += BAR;
		});
		y += 12;
	}
	return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="white"/>${parts.join('')}</svg>\n`;
}

function lengthOf({ mib, seconds }: Row): number {
	return mib === undefined ? seconds : mib / seconds;
}

function escape(text: string): string {
	return text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}
