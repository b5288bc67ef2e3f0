import { createHash } from 'node:crypto';
import { canonicalize } from 'json-canonicalize';

/** What a receipt says (docs/receipts.md): one flat object, every field of which is always there. Null where it is not known, or does not apply. */
export interface ReceiptFacts {
	/** Which way the file went. */
	direction: 'upload' | 'download';
	/** Of an upload, its outcome; of a download, `downloaded` or `failed`. */
	outcome: string;
	/** Why it ended otherwise than it should. */
	reason: string | null;
	/** `{orgId}/{application}/{subSpace}/{name}` */
	path: string;
	orgId: string;
	application: string;
	subSpace: string;
	fileName: string;
	/** Bytes. */
	size: number | null;
	/** Lower-case hex. */
	sha256: string | null;
	/** The entity tag that the storage gave to the file. */
	storageTag: string | null;
	/** What the storage calls the request that stored it. */
	storageRequestId: string | null;
	/** The FIP user who logged in. */
	userName: string;
	/** The user's own organization. */
	userOrgId: string;
	/** The organization that the file is of, where it is another one. */
	onBehalfOf: string | null;
	accessMethod: string;
	/** fileX's own host, and its port. */
	host: string;
	/** Where the bytes went to or came from, as far as this program dialled it. */
	transferHost: string | null;
	/** The SSH host key that was shown there, `SHA256:…`. */
	hostKey: string | null;
	/** The SHA-256 fingerprint of the TLS certificate that was shown there. */
	tlsCertificate: string | null;
	/** The proxy in between, without its login. */
	proxy: string | null;
	/** ISO 8601, UTC, by this machine's clock. */
	startedAt: string;
	endedAt: string;
	/** fileX's clock minus this machine's, in seconds, by the latest answer with a `Date`. */
	clockDifferenceSeconds: number | null;
	/** By fileX: when an upload was asked for. */
	submittedAt: string | null;
	/** By fileX: when a downloaded file was last changed. */
	lastModified: string | null;
	trackingId: string | null;
	registrationId: string | null;
	/** The archived copy. */
	archivePath: string | null;
	status: string | null;
	downstreamStatus: string | null;
	attempts: number | null;
	/** Where an earlier filing was looked for, with spaces between. */
	checkedAgainst: string | null;
	workflowId: string | null;
	workflowName: string | null;
	executionId: string | null;
	nodeName: string;
	/** Of the input item, from 0. */
	itemIndex: number;
	packageVersion: string;
}

export interface Receipt extends ReceiptFacts {
	receiptVersion: 1;
	/** Lower-case hex: {@link receiptHash}. */
	receiptHash: string;
}

/** A receipt, with its hash. */
export function receiptOf(facts: ReceiptFacts): Receipt {
	const receipt = { receiptVersion: 1 as const, ...facts };
	return { ...receipt, receiptHash: receiptHash(receipt) };
}

/** The SHA-256 of a receipt's canonical JSON (RFC 8785), `receiptHash` left out; lower-case hex. */
export function receiptHash(receipt: object): string {
	const rest = Object.entries(receipt).filter(([name]) => name !== 'receiptHash');
	return createHash('sha256')
		.update(canonicalize(Object.fromEntries(rest)))
		.digest('hex');
}
