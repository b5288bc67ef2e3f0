import type { IExecuteFunctions } from 'n8n-workflow';
import { checkUploadFileName, ContentComparison, type FilePath, inputError } from '../../filex';
import { organization, spacePathOf } from '../shared/context';
import type { Step } from '../shared/router';
import { type IfAlreadyFiled, optionsOf, parametersOf, type UploadOptions } from './fields';
import type { Source, SourceFile } from './source/source';

/** What one item asks for: one file, and all that a submission of it needs. */
export interface UploadItem {
	file: FilePath;
	content: SourceFile;
	comparison: ContentComparison;
	options: UploadOptions;
	ifAlreadyFiled: IfAlreadyFiled;
}

/** Reads and checks an item. @throws FileXError `input`, before anything is sent */
export async function readItem(context: IExecuteFunctions, step: Step, source: Source): Promise<UploadItem> {
	const { itemIndex, account } = step;
	const parameters = parametersOf(context, itemIndex);
	const options = optionsOf(parameters);
	const ifAlreadyFiled = parameters.choice<IfAlreadyFiled>('ifAlreadyFiled');
	const space = spacePathOf(organization(account, parameters), parameters);
	const given = parameters.text('fileName');
	const content = await source.fileOf(itemIndex);
	const name = checkUploadFileName(given || content.fileName);
	checkSize(name, content, options, step);
	return {
		file: { ...space, name },
		content,
		comparison: new ContentComparison(content, name, step.stop),
		options,
		ifAlreadyFiled,
	};
}

function checkSize(
	name: string,
	{ size, field }: SourceFile,
	{ allowEmpty }: UploadOptions,
	{ space: { uploadLimit = Infinity } }: Step,
): void {
	if (size === 0 && !allowEmpty) {
		throw inputError(
			field,
			`'${name}' is empty (0 bytes), so it was not submitted`,
			"Check the step that made the file. If an empty file is intended, switch on 'Allow Empty Files'.",
		);
	}
	if (size > uploadLimit) {
		throw inputError(
			field,
			`'${name}' has ${size} bytes, and over HTTPS REST a file may have ${uploadLimit} at most`,
			'Nothing was submitted. Send it over SFTP or S3 Direct, which take larger files.',
		);
	}
}
