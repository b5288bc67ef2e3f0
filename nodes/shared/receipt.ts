import type { IExecuteFunctions } from 'n8n-workflow';
import { type FilePath, formatFile, type Receipt, type ReceiptFacts, receiptOf, sftpAddress } from '../../filex';
import { packVersion } from './pack-version';
import type { Step } from './router';

/** What the way of a file tells by itself; the rest of a receipt is the node's. */
type Told = 'direction' | 'outcome' | 'reason' | 'size' | 'sha256';

export type FileFacts = Pick<ReceiptFacts, Told> & Partial<Omit<ReceiptFacts, Told>>;

let version: string | undefined;

/** The receipt of one file of one item (docs/receipts.md). @param startedAt ms since 1970 */
export function receiptFor(
	context: IExecuteFunctions,
	{ account, method, witness, itemIndex }: Step,
	file: FilePath,
	startedAt: number,
	facts: FileFacts,
): Receipt {
	const { rest, fip } = account.endpoints;
	const { id, name } = context.getWorkflow();
	const executionId = context.getExecutionId() as string | undefined;
	const { orgId, application, subSpace } = file;
	return receiptOf({
		path: formatFile(file),
		orgId,
		application,
		subSpace,
		fileName: file.name,
		storageTag: null,
		storageRequestId: null,
		userName: account.username,
		userOrgId: account.orgId,
		onBehalfOf: orgId === account.orgId ? null : orgId,
		accessMethod: method,
		host: method === 'sftp' ? sftpAddress(account) : new URL(rest).host,
		...witness.seen([rest, fip]),
		startedAt: new Date(startedAt).toISOString(),
		endedAt: new Date().toISOString(),
		submittedAt: null,
		lastModified: null,
		trackingId: null,
		registrationId: null,
		archivePath: null,
		status: null,
		downstreamStatus: null,
		attempts: null,
		checkedAgainst: null,
		workflowId: id ?? null,
		workflowName: name ?? null,
		executionId: executionId ?? null,
		nodeName: context.getNode().name,
		itemIndex,
		packageVersion: (version ??= packVersion()),
		...facts,
	});
}
