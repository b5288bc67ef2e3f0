import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../../scripts/run';
import { output } from './program';

/** A code block of a page, word for word. @param heading the line that its section begins with @param index of the section's blocks */
export async function codeBlock(page: string, heading: string, index = 0): Promise<string> {
	const [, ...sections] = (await readFile(join(ROOT, page), 'utf8')).split(/^(?=##? )/m);
	const section = sections.find((each) => each.startsWith(`${heading}\n`));
	const block = [...(section ?? '').matchAll(/^```\w*\n([^]*?)^```/gm)][index]?.[1];
	if (block === undefined) throw new Error(`${page} has no block ${index} under ${heading}`);
	return block;
}

/** What a block of settings sets, as a shell reads it. */
export async function settingsOf(block: string): Promise<Record<string, string>> {
	const names = [...block.matchAll(/^(\w+)=/gm)].map(([, name]) => name!);
	const printed = await output('sh', ['-ec', `set -a\n${block}\nenv -0`]);
	const values = printed.split('\0').map((line): [string, string] => {
		const at = line.indexOf('=');
		return [line.slice(0, at), line.slice(at + 1)];
	});
	return Object.fromEntries(values.filter(([name]) => names.includes(name)));
}
