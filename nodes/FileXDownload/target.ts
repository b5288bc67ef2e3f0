import type { IExecuteFunctions } from 'n8n-workflow';
import {
	type Account,
	checkReadableFileName,
	type FilePath,
	formatSpace,
	inputError,
	parseFilePath,
	shorten,
	type SpacePath,
} from '../../filex';
import { organization, spacePathOf } from '../shared/context';
import type { Parameters } from '../shared/parameters';
import { parametersOf } from './fields';

/** The file's name. A path in the field must not contradict the application and sub-space beside it. */
function nameIn(space: SpacePath, parameters: Parameters): string {
	const given = parameters.picked('file');
	const field = parameters.label('file');
	if (!given.includes('/')) return checkReadableFileName(given, field);
	const { name, ...parent } = parseFilePath(given, field);
	if (formatSpace(parent) === formatSpace(space)) return name;
	throw inputError(
		field,
		`'${field}' is the path '${shorten(given)}', which is not in '${formatSpace(space)}'`,
		"Enter the name alone, or set 'Select File By' to 'Path'. Nothing was transferred.",
	);
}

/** The file that an item is about. */
export function filePathOf(context: IExecuteFunctions, account: Account, itemIndex: number): FilePath {
	const parameters = parametersOf(context, itemIndex);
	const given = parameters.options.text('orgId');
	if (parameters.choice<'parts' | 'path'>('selectBy') === 'path') {
		const path = parseFilePath(parameters.text('filePath'));
		if (given !== '' && organization(account, parameters) !== path.orgId) {
			throw inputError(
				'On Behalf of Organization ID',
				`'File Path' is of organization '${path.orgId}', but 'On Behalf of Organization ID' is '${given}'`,
				'Remove the option: the path names the organization by itself. Leading zeros count.',
			);
		}
		return path;
	}
	const space = spacePathOf(organization(account, parameters), parameters);
	return { ...space, name: nameIn(space, parameters) };
}
