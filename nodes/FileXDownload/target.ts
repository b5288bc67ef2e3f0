import type { IExecuteFunctions } from 'n8n-workflow';
import { checkReadableFileName, inputError, parseFilePath, type Account, type FilePath } from '../../filex';
import { organization, spacePathOf } from '../shared/context';
import { parametersOf } from './fields';

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
	return { ...space, name: checkReadableFileName(parameters.picked('file'), 'File') };
}
