import {
	NodeConnectionTypes,
	NodeError,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import {
	asRejected,
	FileXError,
	type FileSpace,
	findFileXError,
	FreshAnswers,
	type Parallelism,
	Register,
	sameTrackingId,
	type SpaceCapabilities,
	type Ticket,
	Tracking,
	UploadBatches,
} from '../../filex';
import { s3BucketApiTest } from '../shared/bucket';
import { openSpace } from '../shared/context';
import { fipApiTest } from '../shared/credential-test';
import { parallelismOf } from '../shared/fields';
import { listSearch } from '../shared/list-search';
import { warnInOutput } from '../shared/output-warning';
import type { Parameters } from '../shared/parameters';
import { runOnSpace, type Step } from '../shared/router';
import { parametersOf, spaceSettingsOf, uploadProperties } from './fields';
import { checkContent, readItem, type UploadItem } from './item';
import { receiptOfRecord, withReceipt } from './receipt';
import type { UploadRecord } from './record';
import { openSource } from './source/open-source';
import type { Source } from './source/source';
import { isUnguarded, UNGUARDED_WARNING } from './unguarded';
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
		const accepted: UploadRecord[] = [];
		return await runOnSpace(
			this,
			() => spaceSettingsOf(this),
			async ({ account, space, http, stop }) => {
				const { options } = parametersOf(this, 0);
				const tracking = new Tracking(account.endpoints.rest, http, stop);
				// It holds no connection of its own.
				const registrar = openSpace(this, account, 'rest', { signal: stop }, http);
				const source = await openSource(this);
				const parallelism = uploadsOf(options, space);
				const batches = new UploadBatches(parallelism);
				const run = {
					registerFor: registersOf(tracking, space),
					registrar,
					submissionOf: submissionsOf(tracking, this.getInputData().length),
				};
				let wasUnguarded = false;
				return {
					parallel: options.flag('validateOnly') || parallelism.files === 1 ? parallelism.files : AT_A_TIME,
					item: async (step) => {
						const ticket = batches.enter();
						const { item, record } = await submitItem(this, step, source, run, ticket).finally(() => ticket.leave());
						if (record.outcome === 'accepted') accepted.push(record);
						if (!wasUnguarded && isUnguarded(step, item, record)) {
							wasUnguarded = true;
							warnInOutput(this, UNGUARDED_WARNING);
						}
						return [{ record }];
					},
					close: async () => await source.close(),
				};
			},
		).catch((error: unknown) => {
			throw withAccepted(error, accepted);
		});
	}
}

/** Items that are worked on at a time, most of which wait for what serves them all. */
const AT_A_TIME = 128;

/** How many files are sent at a time: as many as the option says, and the access method has places for. */
function uploadsOf(options: Parameters, space: SpaceCapabilities): Parallelism {
	const { files, placesFor } = parallelismOf(options, space.parallelUploads);
	return {
		files,
		placesFor: (size) => Math.min(files, Math.max(placesFor(size), space.uploadPlaces?.(size) ?? 1)),
	};
}

/** fileX as the register of who files what, by what an item's options let it do without. Items that ask alike share its answers. */
function registersOf(tracking: Tracking, space: FileSpace): UploadRun['registerFor'] {
	const registers = new Map<string, Register>();
	return ({ registerOverRest, withoutTracking }) => {
		const key = JSON.stringify([registerOverRest, withoutTracking]);
		const known = registers.get(key);
		if (known) return known;
		const register = new Register(tracking, space.uploadListing, {
			canMissTracking: !space.registersUploads && !registerOverRest,
			canLackTracking: withoutTracking,
		});
		registers.set(key, register);
		return register;
	};
}

/** What tracking shows of an upload of a run of several: asked once for all that ask together. */
function submissionsOf(tracking: Tracking, items: number): UploadRun['submissionOf'] {
	const snapshots = new FreshAnswers(async () => await tracking.snapshot());
	return async (trackingId) => {
		const seen = items > 1 ? (await snapshots.ask()).submissions : [];
		return seen.find((each) => sameTrackingId(each.trackingId, trackingId)) ?? (await tracking.get(trackingId));
	};
}

/** Reads and submits one item. What failed before it had an outcome was not submitted. */
async function submitItem(
	context: IExecuteFunctions,
	step: Step,
	source: Source,
	run: UploadRun,
	ticket: Ticket,
): Promise<{ item: UploadItem; record: UploadRecord }> {
	let item: UploadItem | undefined;
	const startedAt = Date.now();
	try {
		item = await readItem(context, step, source).catch((error: unknown) => {
			throw findFileXError(error) ?? asInputError(error);
		});
		await checkContent(item);
		const { validateOnly } = item.options;
		const record = await (validateOnly ? validate(item, step, run, ticket) : upload(context, item, step, run, ticket));
		record.receipt ??= { ...(await receiptOfRecord(context, item, step, startedAt, record)) };
		return { item, record };
	} catch (error) {
		throw await withReceipt(context, item, step, startedAt, asRejected(error, item?.file));
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

/** A run that fails has no output: its error lists what it submitted. */
function withAccepted(error: unknown, accepted: UploadRecord[]): unknown {
	if (accepted.length > 0 && error instanceof NodeError) {
		const shown = accepted
			.slice(0, SHOWN)
			.map(({ fileName, trackingId, path }) => `${fileName} (${trackingId ?? path})`);
		const more = accepted.length > SHOWN ? ` and ${accepted.length - SHOWN} more` : '';
		error.description = `${error.description ?? ''} Submitted by this run: ${shown.join(', ')}${more}. 'Retry On Fail' does not submit them again, and neither does 'Skip' under 'If Already Filed' when the workflow is run again.`;
	}
	return error;
}
