import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import {
	alreadyFiled,
	checkUploadSpace,
	formatFile,
	held,
	isSeen,
	memoryOf,
	PLACES,
	Recent,
	type Register,
	type Sighting,
	submit,
	type SubmitPorts,
	type Tracking,
	type Unsettled,
	uploadLine,
} from '../../filex';
import type { Step } from '../shared/router';
import type { UploadItem } from './item';
import { describe, recordOf } from './record';
import { refuseDuplicate } from './refuse-duplicate';

/** What all items of a run share. */
export interface UploadRun {
	tracking: Tracking;
	register: Register;
}

/** What n8n's "Retry On Fail" would submit again: it runs the whole node anew, for all items. */
const submitted = new Recent<string, IDataObject>();

/** What the retry must settle first. */
const unsettled = new Recent<string, Unsettled>();

/** Submits the file of one item. Gives the output record. */
export async function upload(
	context: IExecuteFunctions,
	each: UploadItem,
	step: Step,
	run: UploadRun,
): Promise<IDataObject> {
	const path = formatFile(each.file);
	const { guardDays, settleTime } = each.options;
	const key = JSON.stringify([
		context.getExecutionId(),
		context.getNode().id,
		context.getWorkflowDataProxy(step.itemIndex).$runIndex,
		step.itemIndex,
		path,
		each.content.size,
	]);
	const before = submitted.get(key);
	if (before) return before;
	const place = `${step.account.endpoints.rest}/${path}`;
	const release = await uploadLine.acquire(place, 1, step.signal);
	try {
		const { size } = each.content;
		const memory = memoryOf(place, { size, sha256: async () => await each.comparison.sha256() }, guardDays);
		// Over REST fileX itself is the register, which also tells what FINRA has made of a file.
		if (step.method === 'rest') memory.filed = undefined;
		const result = await submit(
			each.file,
			each.content,
			{ guardDays: each.ifAlreadyFiled === 'allow' ? undefined : guardDays, patience: settleTime * 1000 },
			{
				...portsOf(each, step, run),
				memory,
				unsettled: unsettled.get(key),
				onUnsettled: (what) => unsettled.set(key, what),
			},
		);
		const record = await recordOf(each, step, run.tracking, result);
		memory.note(result, size, typeof record.sha256 === 'string' ? record.sha256 : undefined);
		if (result.outcome === 'accepted') submitted.set(key, record);
		return record;
	} finally {
		release();
	}
}

/** Makes all checks on an item, and submits nothing. */
export async function validate(each: UploadItem, step: Step, run: UploadRun): Promise<IDataObject> {
	const { file, content, comparison, options, ifAlreadyFiled } = each;
	await checkUploadSpace(step.space, file);
	const { look, isSame } = portsOf(each, step, run);
	const seen = ifAlreadyFiled === 'allow' ? undefined : await look();
	const earlier = seen && (await alreadyFiled(seen, content.size, options.guardDays, isSame));
	if (earlier) refuseDuplicate(each, earlier);
	// A real run would be held.
	const unseen = seen?.unseen.find(({ isClosed }) => !isClosed);
	if (unseen) throw held(file, { unseen });
	return {
		outcome: 'validated',
		...describe(each, step),
		sha256: await comparison.sha256(),
		alreadyFiled: earlier ? { ...earlier.filing } : null,
		attempts: 0,
	};
}

function portsOf(each: UploadItem, { space, signal, stop }: Step, run: UploadRun): SubmitPorts {
	return {
		look: async () => await look(each, run),
		request: async () => await space.requestUpload(each.file),
		isSame: async (filing) => await each.comparison.isSameAs(filing, space),
		signal: stop,
		waiting: signal,
	};
}

/** What fileX shows of the file. Where it was looked for is remembered. */
async function look(each: UploadItem, { register }: UploadRun): Promise<Sighting> {
	const seen = await register.look(each.file);
	if (each.ifAlreadyFiled !== 'allow') each.checkedAgainst = PLACES.filter((place) => isSeen(seen, place));
	return seen;
}
