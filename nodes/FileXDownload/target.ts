import type { IExecuteFunctions } from 'n8n-workflow';
import {
	checkReadableFileName,
	inputError,
	parseFilePath,
	type Account,
	type FilePath,
} from '../../filex';
import { organization, spacePathOf } from '../shared/context';
import { optionsOf } from './fields';

/** The file that an item is about. */
export function filePathOf(context: IExecuteFunctions, account: Account, itemIndex: number): FilePath {
	const options = optionsOf(context, itemIndex);
	if (context.getNodeParameter('selectBy', itemIndex) === 'path') {
		const path = parseFilePath(String(context.getNodeParameter('filePath', itemIndex) ?? ''));
		if (options.orgId && organization(account, options) !== path.orgId) {
			throw inputError(
				'On Behalf of Organization ID',
				`'File Path' is of organization '${path.orgId}', but 'On Behalf of Organization ID' is '${options.orgId}'`,
				'Remove the option: the path names the organization by itself.',
			);
		}
		return path;
	}
	const space = spacePathOf(organization(account, options), {
		application: context.getNodeParameter('application', itemIndex),
		subSpace: context.getNodeParameter('subSpace', itemIndex),
	});
	const file = String(context.getNodeParameter('file', itemIndex, '', { extractValue: true }) ?? '');
	return { ...space, name: checkReadableFileName(file, 'File') };
}
