import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import ts from 'typescript';
import { ROOT } from '../run';

/** Which files of ours each file imports, types included; by paths from the root. */
export type Imports = ReadonlyMap<string, readonly string[]>;

/** Reads the imports of all TypeScript files in some folders. */
export function readImports(folders: string[]): Imports {
	const files = folders.flatMap((folder) =>
		readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
			.filter((name) => name.endsWith('.ts'))
			.map((name) => posix.join(folder, relative('.', name))),
	);
	const known = new Set(files);
	return new Map(
		files.map((file) => {
			const { importedFiles } = ts.preProcessFile(readFileSync(join(ROOT, file), 'utf8'), true, true);
			const targets = importedFiles
				.filter(({ fileName }) => fileName.startsWith('.'))
				.map(({ fileName }) => posix.join(dirname(file), fileName))
				.flatMap((path) => [`${path}.ts`, `${path}/index.ts`].filter((candidate) => known.has(candidate)));
			return [file, [...new Set(targets)]];
		}),
	);
}

/** The first circle that is found, as a way from a file back to itself; undefined where there is none. */
export function circleIn(imports: Imports): string[] | undefined {
	const done = new Set<string>();
	const visit = (file: string, way: string[]): string[] | undefined => {
		if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
		if (done.has(file)) return undefined;
		for (const target of imports.get(file) ?? []) {
			const circle = visit(target, [...way, file]);
			if (circle) return circle;
		}
		done.add(file);
		return undefined;
	};
	for (const file of imports.keys()) {
		const circle = visit(file, []);
		if (circle) return circle;
	}
	return undefined;
}
