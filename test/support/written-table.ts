import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../../scripts/run';

/**
 * Puts a table into a page of docs/, in place of what stands between `<!-- made by {by} -->` and `<!-- end -->`.
 *
 * @param rows the first one is the head
 * @throws Error where the page has no such place
 */
export async function writeTable(page: string, by: string, [head, ...rows]: string[][]): Promise<void> {
	const path = join(ROOT, 'docs', page);
	const text = await readFile(path, 'utf8');
	const begin = `<!-- made by ${by} -->\n`;
	const from = text.indexOf(begin) + begin.length;
	const to = text.indexOf('<!-- end -->', from);
	if (from < begin.length || to < 0) throw new Error(`docs/${page} has no place for what is made by ${by}`);
	const table = [head!, head!.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
	await writeFile(path, `${text.slice(0, from)}\n${table}\n\n${text.slice(to)}`);
}
