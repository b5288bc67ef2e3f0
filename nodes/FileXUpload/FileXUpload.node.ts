import {
	NodeConnectionTypes,
	NodeError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { asRejected, FileXError, findFileXError, Register, Tracking } from '../../filex';
import { s3BucketApiTest } from '../shared/bucket';
import { openSpace } from '../shared/context';
import { fipApiTest } from '../shared/credential-test';
import { toNodeError } from '../shared/errors';
import { n8nFileXHttp } from '../shared/http';
import { listSearch } from '../shared/list-search';
import { runOnSpace, type Step } from '../shared/router';
import { parametersOf, runSettingsOf, uploadProperties } from './fields';
import { readItem, type UploadItem } from './item';
import { openSource } from './source/open-source';
import type { Source } from './source/source';
import { isUnguarded, tellUnguarded } from './unguarded';
import { upload, type UploadRun, validate } from './upload';

export class FileXUpload implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'fileX Upload',
		name: 'fileXUpload',
		icon: { light: 'file:../../icons/filex.svg', dark: 'file:../../icons/filex.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle:
			'={{ ($parameter["options"]["validateOnly"] ? "validate only: " : "") + [$parameter["application"], $parameter["subSpace"]].filter(Boolean).join(" / ") }}',
		description: 'Submit files to FINRA fileX, each once and only once',
		defaults: { name: 'fileX Upload' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{ name: 'fipApi', required: true, testedBy: 'fipApiTest' },
			{
				name: 's3BucketApi',
				required: true,
				testedBy: 's3BucketApiTest',
				displayOptions: { show: { source: ['s3Bucket'] } },
			},
		],
		properties: uploadProperties,
	};

	methods = { credentialTest: { fipApiTest, s3BucketApiTest }, listSearch };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		let run: UploadRun | undefined;
		const accepted: string[] = [];
		let wasUnguarded = false;
		const source = await openSource(this).catch((error: unknown) => {
			throw toNodeError(this.getNode(), error);
		});
		try {
			const outputs = await runOnSpace(
				this,
				() => runSettingsOf(this),
				async (step) => {
					if (!run) {
						const tracking = new Tracking(step.account.endpoints.rest, n8nFileXHttp(this), step.stop);
						// A token for S3 Direct does not show what lies in an upload sub-space; REST, which gave it, does.
						const listing =
							step.method === 's3' ? openSpace(this, step.account, 'rest', { signal: step.stop }) : step.space;
						run = {
							tracking,
							register: new Register(tracking, listing, {
								canMissTracking: step.method !== 'rest',
								canLackTracking: parametersOf(this, step.itemIndex).options.flag('withoutTracking'),
							}),
						};
					}
					const record = await recordFor(this, step, run, source);
					if (record.outcome === 'accepted')
						accepted.push(`${String(record.fileName)} (${String(record.trackingId ?? record.path)})`);
					wasUnguarded ||= isUnguarded(this, step, record);
					return [{ record }];
				},
			);
			if (wasUnguarded) tellUnguarded(this);
			return outputs;
		} catch (error) {
			throw withAccepted(error, accepted);
		} finally {
			await source.close();
		}
	}
}

/** The output record of one item. What failed before it had an outcome was not submitted. */
async function recordFor(context: IExecuteFunctions, step: Step, run: UploadRun, source: Source): Promise<IDataObject> {
	let each: UploadItem | undefined;
	try {
		each = await readItem(context, step, source).catch((error: unknown) => {
			throw findFileXError(error) ?? asInputError(error);
		});
		return await (each.options.validateOnly ? validate(each, step, run) : upload(context, each, step, run));
	} catch (error) {
		throw asRejected(error, each?.file);
	}
}

/** An error of n8n's own, of an expression or of a file that is not there. */
function asInputError(error: unknown): FileXError {
	const { message = String(error), description } = error as Partial<NodeError>;
	return new FileXError('input', message.replace(/ \[item \d+\]$/, ''), {
		hint: `${description ? `${description.replace(/\.?$/, '.')} ` : ''}Nothing was submitted.`,
		retrySafe: false,
	});
}

/** Files that are shown where a run fails that has submitted some. */
const SHOWN = 20;

/** A run that fails has no output: what it has submitted must be told all the same. */
function withAccepted(error: unknown, accepted: string[]): unknown {
	if (accepted.length > 0 && error instanceof NodeError) {
		const more = accepted.length > SHOWN ? ` and ${accepted.length - SHOWN} more` : '';
		error.description = `${error.description ?? ''} Submitted by this run: ${accepted.slice(0, SHOWN).join(', ')}${more}. 'Retry On Fail' does not submit them again, and neither does 'Skip' under 'If Already Filed' when the workflow is run anew.`;
	}
	return error;
}
