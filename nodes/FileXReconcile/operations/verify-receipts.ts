import { addAbortSignal } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { IExecuteFunctions } from 'n8n-workflow';
import {
	CheckedReader,
	FileXError,
	type FilePath,
	formatFile,
	readReceipt,
	ReconcilePlaces,
	type Submission,
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
		item: async ({ itemIndex, account }) => {
			const parameters = parametersOf(context, itemIndex);
			const field = parameters.label('receipt');
			const receipt = readReceipt(parameters.given('receipt'), field);
			const verdict = await verifyReceipt(receipt, { ...ports, hosts: hostsOf(account) }, field);
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

function hostsOf({ endpoints: { rest, sftp } }: Session['account']): string[] {
	return [new URL(rest).hostname, sftp.host];
}

/** fileX, each place asked once for all receipts of the run. */
function portsOf({ account, http, stop, space, witness }: Session): Omit<VerifyPorts, 'hosts'> {
	const places = new ReconcilePlaces(space, new Tracking(account.endpoints.rest, http, stop));
	const reader = new CheckedReader(space);
	let tracked: Promise<readonly Submission[] | undefined> | undefined;
	return {
		now: () => Date.now() + (witness.clockDifference ?? 0),
		submissions: async () => await (tracked ??= places.submissions().catch(closed)),
		archived: async (upload) => {
			const { place, listing } = await places.archiveOf(upload);
			return listing?.files.map(({ name, size }) => ({ name, size, path: formatFile({ ...place, name }) }));
		},
		sha256: async (file: FilePath) => {
			if (!(await reader.listed(file))) throw notThere(file);
			const { stream, sha256 } = await reader.read(file);
			addAbortSignal(stop, stream);
			await finished(stream.resume());
			return sha256();
		},
	};
}

/** Where fileX itself says that this account may not see it. */
function closed(error: unknown): undefined {
	if (error instanceof FileXError && ['entitlement', 'credentials'].includes(error.kind) && !error.isForeign)
		return undefined;
	throw error;
}

function notThere(file: FilePath): FileXError {
	return new FileXError('not-found', `'${formatFile(file)}' is not in its sub-space`, { hint: '', retrySafe: true });
}
