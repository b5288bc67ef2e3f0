import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import {
	abandonedRequests,
	alreadyFiled,
	checkUploadSpace,
	checkUploadFileName,
	ContentComparison,
	duplicate,
	FileXError,
	formatFile,
	inputError,
	MACHINE_CLOCK,
	Recent,
	rejected,
	submit,
	uploadLine,
	waitForSubmission,
	type FilePath,
	type Register,
	type Submission,
	type SubmitPorts,
	type SubmitResult,
	type Tracking,
} from '../../filex';
import { organization, spacePathOf } from '../shared/context';
import type { Step } from '../shared/router';
import { binaryOf, type BinaryFile } from './content';
import { optionsOf, type IfAlreadyFiled, type UploadOptions } from './fields';

/** What all items of a run share. */
export interface UploadRun {
	tracking: Tracking;
	register: Register;
}

/** What n8n's "Retry On Fail" would submit again: it runs the whole node anew, for all items. */
const submitted = new Recent<string, IDataObject>();

/** One file, all that a submission of it needs. */
interface Upload {
	file: FilePath;
	content: BinaryFile;
	comparison: ContentComparison;
	options: UploadOptions;
	ifAlreadyFiled: IfAlreadyFiled;
}

/** Submits the file of one item, or only checks it. Gives the output record. */
export async function upload(context: IExecuteFunctions, step: Step, run: UploadRun): Promise<IDataObject> {
	const each = await uploadOf(context, step);
	try {
		check(each, step);
		if (each.options.validateOnly) return await validate(each, step, run);
		return await submitOnce(context, each, step, run);
	} catch (error) {
		throw withOutcome(each.file, error);
	}
}

/** What failed before it had an outcome was not submitted. */
function withOutcome(file: FilePath, error: unknown): unknown {
	return error instanceof FileXError && error.evidence?.outcome === undefined ? rejected(file, error, 0) : error;
}

async function uploadOf(context: IExecuteFunctions, { itemIndex, account }: Step): Promise<Upload> {
	const options = optionsOf(context, itemIndex);
	const space = spacePathOf(organization(account, options), {
		application: context.getNodeParameter('application', itemIndex),
		subSpace: context.getNodeParameter('subSpace', itemIndex),
	});
	const content = await binaryOf(context, itemIndex, context.getNodeParameter('binaryPropertyName', itemIndex) as string);
	const given = String(context.getNodeParameter('fileName', itemIndex, '') ?? '').trim();
	const name = checkUploadFileName(given || content.fileName);
	const ifAlreadyFiled = context.getNodeParameter('ifAlreadyFiled', itemIndex) as IfAlreadyFiled;
	return { file: { ...space, name }, content, comparison: new ContentComparison(content), options, ifAlreadyFiled };
}

function check({ file, content: { size }, options }: Upload, { space: { uploadLimit = Infinity } }: Step): void {
	if (size === 0 && !options.allowEmpty) {
		throw inputError('Input Binary Field', `'${file.name}' is empty (0 bytes), so it was not submitted`, "Look at the step that made the file. If an empty file is meant, switch on 'Allow Empty Files'.");
	}
	if (size > uploadLimit) {
		throw inputError(
			'Input Binary Field',
			`'${file.name}' has ${size} bytes, and over HTTPS REST a file may have ${uploadLimit} at most`,
			'Nothing was submitted. Send it over SFTP or S3 Direct, which take larger files.',
		);
	}
}

async function submitOnce(context: IExecuteFunctions, each: Upload, step: Step, run: UploadRun): Promise<IDataObject> {
	const path = formatFile(each.file);
	const key = JSON.stringify([context.getExecutionId(), context.getNode().id, context.getWorkflowDataProxy(step.itemIndex).$runIndex, step.itemIndex, path, each.content.size]);
	const before = submitted.get(key);
	if (before) return before;
	const leave = await uploadLine.acquire(`${step.account.endpoints.rest}/${path}`, 1, step.signal);
	try {
		const result = await submit(
			each.file,
			each.content,
			{ guardDays: each.ifAlreadyFiled === 'allow' ? undefined : each.options.guardDays, patience: each.options.settleTime * 1000 },
			portsOf(each, step, run),
		);
		const record = await recordOf(each, step, run, result);
		if (result.outcome === 'accepted') submitted.set(key, record);
		return record;
	} finally {
		leave();
	}
}

function portsOf({ file, comparison }: Upload, { space, signal, stop }: Step, { register }: UploadRun): SubmitPorts {
	return {
		look: async () => await register.look(file),
		request: async () => await space.requestUpload(file),
		isSame: async (filing) => await comparison.isSameAs(filing, space),
		signal: stop,
		waiting: signal,
		abandoned: abandonedRequests,
	};
}

async function recordOf(each: Upload, step: Step, run: UploadRun, result: SubmitResult): Promise<IDataObject> {
	if (result.outcome === 'duplicate') {
		if (each.ifAlreadyFiled === 'fail') throw duplicate(each.file, result.filing, result.certain);
		return { outcome: 'skipped', ...describe(each, step), ...result.filing, contentCompared: result.certain, attempts: 0 };
	}
	const { trackingId, attempts } = result;
	const submission = await confirmed(each, step, run, result);
	return {
		outcome: 'accepted',
		...describe(each, step),
		trackingId: trackingId ?? null,
		status: submission?.status ?? null,
		downstreamStatus: submission?.downstreamStatus ?? null,
		// Whatever happens now, the file is submitted: nothing may make it look otherwise.
		sha256: result.sha256 ?? (await each.comparison.sha256().catch(() => null)),
		archivePath: submission?.archivePath ?? result.archivePath ?? null,
		submittedAt: submission?.submittedAt ?? null,
		statusUpdatedAt: submission?.statusUpdatedAt ?? null,
		userName: submission?.userName ?? step.account.username,
		attempts,
	};
}

/** What tracking says of an accepted submission. It is accepted whether tracking can be asked or not. */
async function confirmed({ options }: Upload, { stop }: Step, { tracking }: UploadRun, { trackingId, submission }: Extract<SubmitResult, { outcome: 'accepted' }>): Promise<Submission | undefined> {
	if (trackingId === undefined || submission?.archivePath) return submission;
	const until = MACHINE_CLOCK.now() + options.waitUntilReceived * 1000;
	const seen = await waitForSubmission(async () => await tracking.get(trackingId), { wanted: 'received', until, signal: stop }).catch(() => undefined);
	return seen?.submission ?? submission;
}

async function validate(each: Upload, step: Step, { register }: UploadRun): Promise<IDataObject> {
	const { file, content, comparison, options, ifAlreadyFiled } = each;
	const { space } = step;
	await checkUploadSpace(space, file);
	const earlier =
		ifAlreadyFiled === 'allow'
			? undefined
			: await alreadyFiled(await register.look(file), content.size, options.guardDays, async (filing) => await comparison.isSameAs(filing, space));
	if (earlier && ifAlreadyFiled === 'fail') throw duplicate(file, earlier.filing, earlier.certain);
	return { outcome: 'validated', ...describe(each, step), sha256: await comparison.sha256(), alreadyFiled: earlier ? { ...earlier.filing } : null, attempts: 0 };
}

function describe({ file, content }: Upload, { method }: Step): IDataObject {
	const { orgId, application, subSpace, name } = file;
	return { orgId, application, subSpace, fileName: name, path: formatFile(file), size: content.size, accessMethod: method };
}
