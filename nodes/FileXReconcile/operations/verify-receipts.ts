import type { IExecuteFunctions } from 'n8n-workflow';
import {
	CheckedReader,
	FileXError,
	type FilePath,
	formatFile,
	type Found,
	isFileXsOwn,
	readReceipt,
	ReconcilePlaces,
	sftpAddress,
	type SpacePath,
	Tracking,
	verifyReceipt,
	type VerifyPorts,
} from '../../../filex';
import type { Run, Session } from '../../shared/router';
import { parametersOf } from '../fields';
import { AS_EXPECTED, EXCEPTIONS } from '../outputs';

/** Receipts at a time, each of which may read a file. */
const AT_A_TIME = 4;

/** Whether fileX still has what receipts say: one item a receipt. */
export function verifyReceipts(context: IExecuteFunctions, session: Session): Run {
	const ports = portsOf(session);
	return {
		parallel: AT_A_TIME,
		failedOutput: EXCEPTIONS,
		item: async ({ itemIndex }) => {
			const parameters = parametersOf(context, itemIndex);
			const field = parameters.label('receipt');
			const receipt = readReceipt(parameters.given('receipt'), field);
			const verdict = await verifyReceipt(receipt, ports, field);
			const { direction, outcome, sha256, size, trackingId, receiptHash } = receipt;
			return [
				{
					output: verdict.isException ? EXCEPTIONS : AS_EXPECTED,
					record: {
						...verdict,
						direction,
						outcome,
						receiptPath: receipt.path,
						size,
						sha256,
						trackingId,
						receiptHash,
						checkedAt: new Date().toISOString(),
					},
				},
			];
		},
	};
}

/** fileX, each place asked once for all receipts of the run. */
function portsOf({ account, http, stop, space, witness }: Session): VerifyPorts {
	const { rest } = account.endpoints;
	const tracking = new Tracking(rest, http, stop);
	const places = new ReconcilePlaces(space, tracking);
	const uploads = new ReconcilePlaces(space.uploadListing, tracking);
	const reader = new CheckedReader(space);

	/** All files of a place; undefined where fileX itself says that this account may not look there. */
	const filesOf = async (from: ReconcilePlaces, place: SpacePath) => {
		const listing = await from.list(place).catch(closed);
		if (listing instanceof FileXError) return listing;
		// What cannot be read of it may be the very file.
		if (listing.incomplete) throw listing.incomplete;
		return listing.files;
	};
	return {
		hosts: [new URL(rest).host, sftpAddress(account)],
		now: () => Date.now() + (witness.clockDifference ?? 0),
		claims: new Map(),
		async submissions() {
			const seen = await places.submissions().catch(closed);
			return seen instanceof FileXError ? undefined : seen;
		},
		async archived(upload) {
			const place = places.archivePlaceOf(upload);
			const files = await filesOf(places, place);
			if (files instanceof FileXError) return undefined;
			return files.map(({ name, size }) => ({ name, size, path: formatFile({ ...place, name }) }));
		},
		async uploaded({ orgId, application, subSpace }) {
			const files = await filesOf(uploads, { orgId, application, subSpace });
			return files instanceof FileXError ? undefined : files;
		},
		async read(file: FilePath): Promise<Found> {
			const { orgId, application, subSpace, name } = file;
			const files = await filesOf(places, { orgId, application, subSpace });
			if (files instanceof FileXError) return { closed: files };
			if (!files.some((each) => each.name === name)) return { isAbsent: true };
			return { sha256: await reader.sha256(file, stop) };
		},
	};
}

/** What fileX itself says against looking; any other failure is thrown on. */
function closed(error: unknown): FileXError {
	if (isFileXsOwn(error, ['entitlement', 'not-found', 'credentials'])) return error;
	throw error;
}
