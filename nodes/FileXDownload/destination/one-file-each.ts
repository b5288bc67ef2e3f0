import { type FilePath, formatFile, inputError } from '../../../filex';

/**
 * Sees to it that no two files of a run get one name: the second would replace the first.
 *
 * @param field to be named in errors
 * @returns what throws a FileXError `input` for a name that another file of the run has
 */
export function oneFileEach(field: string): (name: string, file: FilePath) => void {
	const files = new Map<string, string>();
	return (name, file) => {
		const path = formatFile(file);
		const before = files.get(name) ?? path;
		files.set(name, before);
		if (before === path) return;
		throw inputError(
			field,
			`'${path}' would replace '${before}', which this run already stored as '${name}'`,
			`Make '${field}' different for each sub-space, e.g. with an expression that uses {{ $json.subSpace }}.`,
		);
	};
}
