import type { IExecuteFunctions } from 'n8n-workflow';
import { type Account, formatSpace, inputError, shorten, type SpacePath } from '../../../filex';
import { organization, spacePathOf } from '../../shared/context';
import type { Parameters } from '../../shared/parameters';
import { sha256In } from '../../shared/values';
import { parametersOf } from '../fields';
import type { OwnFile } from './inventory';

/** A file of an input item. */
export interface ListedFile extends OwnFile {
	itemIndex: number;
}

/** The files that all input items together list for one sub-space. */
export interface ListedSpace {
	space: SpacePath;
	/** Its first item: what is only at fileX comes with it. */
	first: number;
	files: ListedFile[];
}

/**
 * The input items as lists, one a sub-space. A list with an entry that cannot be read is not compared at all: what it is
 * about would be reported to be only at fileX.
 *
 * @throws FileXError `input`
 */
export function listedSpaces(context: IExecuteFunctions, account: Account): ListedSpace[] {
	const spaces = new Map<string, ListedSpace>();
	for (const itemIndex of context.getInputData().keys()) {
		const parameters = parametersOf(context, itemIndex);
		const space = spacePathOf(organization(account, parameters), parameters);
		const key = formatSpace(space);
		const listed = spaces.get(key) ?? { space, first: itemIndex, files: [] };
		spaces.set(key, listed);
		const file = fileOf(parameters, itemIndex);
		if (file) listed.files.push(file);
	}
	for (const { files } of spaces.values()) refuseDoubles(files);
	return [...spaces.values()];
}

/** Undefined for an item that lists nothing: n8n runs no node without an item, so an empty list has an empty one. */
function fileOf(parameters: Parameters, itemIndex: number): ListedFile | undefined {
	const name = parameters.text('fileName');
	const hasSize = parameters.has('fileSize');
	const sha256 = hashOf(parameters);
	if (name === '' && !hasSize && sha256 === undefined) return undefined;
	const field = parameters.label('fileName');
	if (name === '')
		throw inputError(field, `'${field}' is empty in item ${itemIndex}`, 'Check what the expression returns.');
	return {
		itemIndex,
		name,
		size: hasSize ? parameters.number('fileSize', 'number of bytes') : undefined,
		sha256,
		where: null,
	};
}

function hashOf(parameters: Parameters): string | undefined {
	const text = parameters.text('sha256');
	const sha256 = sha256In(text);
	if (text === '' || sha256 !== undefined) return sha256;
	const field = parameters.label('sha256');
	throw inputError(
		field,
		`'${field}' is '${shorten(text)}', which is not a SHA-256`,
		'Use 64 hex digits, or leave it empty.',
	);
}

function refuseDoubles(files: readonly ListedFile[]): void {
	const items = new Map<string, number>();
	for (const { name, itemIndex } of files) {
		const earlier = items.get(name);
		if (earlier !== undefined)
			throw inputError(
				'File Name',
				`'${shorten(name)}' is listed twice: in item ${earlier} and in item ${itemIndex}`,
				'Remove one of them: two files of one sub-space cannot have the same name.',
			);
		items.set(name, itemIndex);
	}
}
