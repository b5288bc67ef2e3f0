import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SandboxContext } from '../context';
import type { Fault } from '../faults';
import type { Caller } from './authenticate';
import type { S3Request } from './request';
import type { StoredChecksums } from './stored-checksums';

/** What an operation has to work with. */
export interface Call {
	context: SandboxContext;
	checksums: StoredChecksums;
	request: S3Request;
	caller: Caller;
	/** Whose doing it is. */
	username: string;
	/** `[org, application, subSpace, file]`; of a listing, the parts of its prefix. */
	path: string[];
	fault: Fault | undefined;
	incoming: IncomingMessage;
	response: ServerResponse;
}
