import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import {
	alreadyFiled,
	BoundedMap,
	cancelled,
	checkUploadSpace,
	type FileSpace,
	formatFile,
	held,
	inputError,
	isSeen,
	memoryOf,
	type Register,
	REGISTER_PARTS,
	type RegisterPart,
	type Sighting,
	submit,
	type Submission,
	type SubmitPorts,
	type Ticket,
	type Unsettled,
	type UploadRequest,
	uploadLine,
	withIntent,
} from '../../filex';
import type { Step } from '../shared/router';
import { REGISTER_OVER_REST, type UploadOptions } from './fields';
import type { UploadItem } from './item';
import { acceptedRecord, describe, skippedRecord, type UploadRecord } from './record';
import { refuseDuplicate } from './refuse-duplicate';

/** What all items of a run share. */
export interface UploadRun {
	/** What is asked of who files what, by an item's options. */
	registerFor(options: UploadOptions): Register;
	/** Where files are made known that are sent over another access method. */
	registrar: Pick<FileSpace, 'requestUpload'>;
	/** What tracking shows of an upload. */
	submissionOf(trackingId: string): Promise<Submission>;
}

/** What n8n's "Retry On Fail" would submit again: it runs the whole node again, for all items. */
const submitted = new BoundedMap<string, UploadRecord>();

/** What the retry must settle first. */
const unsettled = new BoundedMap<string, Unsettled>();

/** Submits the file of one item. */
export async function upload(
	context: IExecuteFunctions,
	item: UploadItem,
	step: Step,
	run: UploadRun,
	ticket: Ticket,
): Promise<UploadRecord> {
	const path = formatFile(item.file);
	const { guardDays, settleTime } = item.options;
	const key = JSON.stringify([
		context.getExecutionId(),
		context.getNode().id,
		context.getWorkflowDataProxy(step.itemIndex).$runIndex,
		step.itemIndex,
		path,
		item.content.size,
	]);
	const earlier = submitted.get(key);
	if (earlier) return earlier;
	const address = `${step.account.endpoints.rest}/${path}`;
	// Another file of this run may have the name.
	ticket.stepAside();
	const release = await uploadLine.acquire(address, 1, step.signal);
	try {
		const { size } = item.content;
		await ticket.admitted(size, step.signal);
		const sha256 = async () => await ticket.compare(async () => await item.comparison.sha256(), step.stop);
		const memory = memoryOf(address, { size, sha256 }, guardDays);
		// Where uploads are registered, fileX itself is the register, which also tells what FINRA has made of a file.
		if (step.space.registersUploads) memory.filed = undefined;
		const guard = guardOf(item, step, run);
		const result = await submit(
			item.file,
			item.content,
			{ guardDays: item.ifAlreadyFiled === 'allow' ? undefined : guardDays, patience: settleTime * 1000 },
			{
				...guard.ports,
				isSame: async (filing) => await ticket.compare(async () => await guard.ports.isSame(filing), step.stop),
				async look() {
					await ticket.beforeLook();
					return await guard.ports.look();
				},
				async request() {
					await ticket.beforeRequest();
					if (step.signal.aborted) throw cancelled(`Submitting '${item.file.name}'`);
					return await requestUpload(item, step, run);
				},
				place: async () => await ticket.place(step.signal),
				memory,
				unsettled: await unsettledOf(key, sha256),
				onUnsettled: (what) => unsettled.set(key, what),
			},
		);
		if (result.outcome === 'duplicate') {
			refuseDuplicate(item, result);
			return skippedRecord(item, step, guard.checkedAgainst(), result);
		}
		const submissionOf = async (trackingId: string) => {
			await ticket.beforeConfirmation();
			return await run.submissionOf(trackingId);
		};
		const record = await acceptedRecord(item, step, guard.checkedAgainst(), submissionOf, result);
		memory.note(result, size, record.sha256 ?? undefined);
		submitted.set(key, record);
		return record;
	} finally {
		release();
	}
}

/** An earlier try of the same content: what has changed since is another file of that name. */
async function unsettledOf(key: string, sha256: () => Promise<string>): Promise<Unsettled | undefined> {
	const earlier = unsettled.get(key);
	return earlier?.sha256 === undefined || earlier.sha256 === (await sha256()) ? earlier : undefined;
}

/** Asks for leave to upload the file. A large one of this machine is sent off n8n's heap. */
async function requestUpload(item: UploadItem, step: Step, { registrar }: UploadRun): Promise<UploadRequest> {
	const {
		file,
		content: { local },
	} = item;
	const asked = await step.space.requestUpload(file);
	const request = isRegistered(item, step) ? await withIntent(asked, registrar, file) : asked;
	if (!local) return request;
	return {
		...request,
		send: async (content, signal) =>
			(await step.bulk.upload(file, local, signal, request.presigned)) ?? (await request.send(content, signal)),
	};
}

/** Whether the file is made known over REST before it is sent over another access method. */
function isRegistered({ options, ifAlreadyFiled }: UploadItem, { space }: Step): boolean {
	return options.registerOverRest && !space.registersUploads && ifAlreadyFiled !== 'allow';
}

/**
 * Tracking never says that a registered upload is over: only what lies in the upload sub-space, and in the archive, does.
 *
 * @throws FileXError `input`, where others would have to wait for it for as long as earlier filings are looked for
 */
function checkRegistrable({ file, options }: UploadItem, { unseen }: Sighting): void {
	const closed = unseen.find(({ part, isClosed }) => part === 'uploadSubSpace' && isClosed);
	if (!closed) return;
	throw inputError(
		REGISTER_OVER_REST,
		`'${REGISTER_OVER_REST}' needs an account that may see the upload sub-space of '${formatFile(file)}': ${closed.why.message}`,
		`Nothing was submitted. Without sight of it, no one could tell that a registered upload is over, and the next file of that name would be held for ${options.guardDays} days. Ask for the entitlement, or submit over HTTPS REST.`,
	);
}

/** Makes all checks on an item, and submits nothing. */
export async function validate(item: UploadItem, step: Step, run: UploadRun, ticket: Ticket): Promise<UploadRecord> {
	ticket.stepAside();
	const { file, content, comparison, options, ifAlreadyFiled } = item;
	await checkUploadSpace(step.space, file);
	const { ports, checkedAgainst } = guardOf(item, step, run);
	const seen = ifAlreadyFiled === 'allow' ? undefined : await ports.look();
	const earlier = seen && (await alreadyFiled(seen, content.size, options.guardDays, ports.isSame));
	if (earlier) refuseDuplicate(item, earlier);
	// A real run would be held.
	const unseen = seen?.unseen.find(({ isClosed }) => !isClosed);
	if (unseen) throw held(file, { unseen });
	return {
		outcome: 'validated',
		...describe(item, step, checkedAgainst()),
		sha256: await comparison.sha256(),
		alreadyFiled: earlier ? ({ ...earlier.filing } as IDataObject) : null,
		attempts: 0,
	};
}

interface Guard {
	ports: Pick<SubmitPorts, 'look' | 'isSame' | 'signal' | 'waiting'>;
	/** Where the latest look could look for an earlier filing; empty before it, and where none was asked for. */
	checkedAgainst(): RegisterPart[];
}

/** How fileX is asked about the file of one item. */
function guardOf(item: UploadItem, step: Step, run: UploadRun): Guard {
	const { file, comparison, options, ifAlreadyFiled } = item;
	const register = run.registerFor(options);
	let checkedAgainst: RegisterPart[] = [];
	let isFirst = true;
	return {
		checkedAgainst: () => checkedAgainst,
		ports: {
			async look() {
				const seen = await register.look(file);
				if (isFirst && isRegistered(item, step)) checkRegistrable(item, seen);
				isFirst = false;
				if (ifAlreadyFiled !== 'allow') checkedAgainst = REGISTER_PARTS.filter((part) => isSeen(seen, part));
				return seen;
			},
			isSame: async (filing) => await comparison.isSameAs(filing, step.space),
			signal: step.stop,
			waiting: step.signal,
		},
	};
}
