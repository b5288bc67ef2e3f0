import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { childEnvironment } from '../../scripts/n8n/environment';
import { output } from '../support/program';

/** What an image's Dockerfile says, carried out in a folder. */
export interface Image {
	/** A path of the image, as a path of this machine. */
	at(path: string): string;
	/** What it is started with. */
	entrypoint: string[];
}

export interface ImageOptions {
	dockerfile: string;
	/** The folder that Docker would be given. */
	context: string;
	/** The folder that stands for the image's root. */
	root: string;
	/** Build arguments. */
	args: Record<string, string>;
	/** The folders and files of the image that its lines and its scripts name. */
	paths: string[];
}

const LIMIT = 240_000;

/** Carries out a Dockerfile's own lines without Docker: their words stay, the image's paths and its user are mapped. */
export async function buildImage({ dockerfile, context, root, args, paths }: ImageOptions): Promise<Image> {
	const at = (text: string): string => paths.reduce((given, path) => given.replaceAll(path, join(root, path)), text);
	const given: Record<string, string> = {};
	let entrypoint: string[] = [];
	const shell = async (script: string, cwd: string) =>
		await output('sh', ['-ec', script], {
			cwd,
			env: childEnvironment({ HOME: root, npm_config_cache: join(root, '.npm'), ...given }) as Record<string, string>,
			limit: LIMIT,
		});
	for (const [instruction, rest] of instructions(await readFile(dockerfile, 'utf8'))) {
		if (instruction === 'ARG') {
			if (rest in args) given[rest] = args[rest]!;
		} else if (instruction === 'COPY') {
			const target = at(rest.split(' ').at(-1)!);
			await mkdir(target, { recursive: true });
			await shell(`cp ${at(rest)}`, context);
			for (const name of await readdir(target)) {
				const path = join(target, name);
				if (name.endsWith('.sh')) await writeFile(path, at(await readFile(path, 'utf8')));
			}
		} else if (instruction === 'RUN') {
			await shell(at(rest).replaceAll('node:node', '"$(id -u):$(id -g)"'), root);
		} else if (instruction === 'ENTRYPOINT') {
			entrypoint = (JSON.parse(rest) as string[]).map(at);
		} else if (instruction !== 'FROM' && instruction !== 'USER') {
			throw new Error(`${dirname(dockerfile)}: ${instruction} is not known here`);
		}
	}
	return { at, entrypoint };
}

function instructions(text: string): Array<[string, string]> {
	const lines = text
		.replace(/^#.*\n/gm, '')
		.replace(/\\\n\s*/g, '')
		.split('\n');
	return lines.filter((line) => line !== '').map((line) => [/^\w+/.exec(line)![0], line.replace(/^\w+ +/, '')]);
}
