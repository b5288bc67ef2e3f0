import type { IExecuteFunctions } from 'n8n-workflow';
import { checkUploadFileName, ContentComparison, type FilePath, inputError, notAsExpected } from '../../filex';
import { organization, spacePathOf } from '../shared/context';
import type { Step } from '../shared/router';
import { checkTool } from './as-tool';
import {
	checkGates,
	expectedSha256Of,
	type IfAlreadyFiled,
	optionsOf,
	parametersOf,
	type UploadOptions,
} from './fields';
import type { Source, SourceFile } from './source/source';

/** What one item asks for: one file, and all that a submission of it needs. */
export interface UploadItem {
	file: FilePath;
	content: SourceFile;
	comparison: ContentComparison;
	options: UploadOptions;
	ifAlreadyFiled: IfAlreadyFiled;
	/** The SHA-256 that was approved, as lower-case hex; undefined where any content may be submitted. */
	expected?: string;
}

/** Reads and checks an item. @throws FileXError `input`, before anything is sent */
export async function readItem(context: IExecuteFunctions, step: Step, source: Source): Promise<UploadItem> {
	const { itemIndex, account } = step;
	const parameters = parametersOf(context, itemIndex);
	checkTool(context, parameters);
	checkGates(context, parameters);
	const expected = expectedSha256Of(parameters);
	const options = optionsOf(parameters);
	const ifAlreadyFiled = parameters.choice<IfAlreadyFiled>('ifAlreadyFiled');
	const space = spacePathOf(organization(account, parameters), parameters);
	const given = parameters.text('fileName');
	const content = expecting(await source.fileOf(itemIndex), expected);
	const name = checkUploadFileName(given || content.fileName);
	checkSize(name, content, options, step);
	return {
		file: { ...space, name },
		content,
		comparison: new ContentComparison(content, name, step.stop),
		expected,
		options,
		ifAlreadyFiled,
	};
}

/** The same file, of which nothing is submitted where it turns out to be other content on its way. */
function expecting(content: SourceFile, sha256: string | undefined): SourceFile {
	const { local } = content;
	return { ...content, sha256, local: local && { ...local, sha256 } };
}

/** @throws FileXError where the content is not the one that was approved */
export async function checkContent({ file, comparison, expected }: UploadItem): Promise<void> {
	if (expected === undefined) return;
	const sha256 = await comparison.sha256();
	if (sha256 !== expected) throw notAsExpected(file.name, expected, sha256);
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
