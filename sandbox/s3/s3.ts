import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SandboxContext } from '../context';
import { type Handler, strikeHttp } from '../http';
import { errorReply, type Reply, sendReply, startAnswer } from './answer';
import { authenticate, type Caller, requestExpired } from './authenticate';
import { authorise, pathOfKey } from './authorise';
import type { Call } from './call';
import { completeMultipartUpload } from './complete';
import { ClientGone, S3Error } from './errors';
import { getObject } from './get';
import { BUCKET, REGION } from './keys';
import { listObjects, listObjectsV2 } from './list';
import { listMultipartUploads, listParts } from './list-uploads';
import { abortMultipartUpload, createMultipartUpload, uploadPart } from './multipart';
import { type Operation, operationOf, OPERATIONS, subresourcesOf } from './operations';
import { putObject } from './put';
import { withoutSignature } from './redact';
import { readRequest, type S3Request } from './request';
import { RunningUploads } from './running';
import { StoredChecksums } from './stored-checksums';
import { xmlDocument } from './xml';

/** Faults that leave nothing to answer. */
class Dropped extends Error {}

/** Somebody else has answered. */
class Replaced extends Error {}

/** The storage behind fileX: answers as AWS S3 does, to sessions and to pre-signed URLs. */
export function s3Handler(context: SandboxContext): Handler {
	const { clock, log, s3Keys, faults, submissions } = context;
	const running = new RunningUploads();
	const checksums = new StoredChecksums(context.database);

	return async (incoming, response, url) => {
		// Clients sign by this machine's time, and correct theirs by this header, however the sandbox's clock was moved.
		const machineTime = new Date();
		const ids = startAnswer(response, machineTime);
		let request: S3Request | undefined;
		let username: string | undefined;
		const note = (outcome: string) =>
			log.add({ service: 's3', request: nameOf(incoming, url, request), username, outcome });
		try {
			request = readRequest(incoming, BUCKET);
			if (request.method === 'OPTIONS') throw new S3Error('AccessForbidden');
			const caller = authenticate(request, { region: REGION, find: (id) => s3Keys.find(id) }, clock.now(), machineTime);
			username = caller.key.username ?? request.parameter('x-amz-meta-username') ?? '';
			const reply = await perform(request, caller, username, incoming, response);
			note(reply.outcome ?? String(reply.status));
			await sendReply(incoming, response, reply);
		} catch (error) {
			if (error instanceof Replaced) return note('page');
			if (response.headersSent) return void response.destroy();
			if (error instanceof Dropped || error instanceof ClientGone) {
				note(error instanceof Dropped ? 'dropped' : 'aborted');
				return void response.destroy();
			}
			const refusal = errorReply(
				error instanceof S3Error ? error : new S3Error('InternalError'),
				request?.path ?? '',
				ids,
			);
			note(refusal.outcome!);
			await sendReply(incoming, response, refusal);
		}
	};

	async function perform(
		request: S3Request,
		caller: Caller,
		username: string,
		incoming: IncomingMessage,
		response: ServerResponse,
	): Promise<Reply> {
		if (request.bucket !== '' && request.bucket !== BUCKET)
			throw new S3Error('NoSuchBucket', { BucketName: request.bucket });
		const operation = operationOf(request);
		if (!operation) throw new S3Error('AccessDenied');
		authorise(caller, operation, request);
		const path = pathOfKey(request.key) ?? (request.parameter('prefix') ?? '').split('/').filter((part) => part !== '');
		const fault = faults.strike(OPERATIONS[operation], path);
		const struck = await strikeHttp(fault, response);
		if (struck === 'dropped') throw new Dropped();
		if (struck === 'page') throw new Replaced();
		if (struck) throw new S3Error(struck === 500 ? 'InternalError' : 'SlowDown');
		if (fault?.effect === 'expired') throw caller.isPresigned ? expiredNow() : new S3Error('ExpiredToken');
		await submissions.advance();
		return await run(operation, { context, checksums, request, caller, username, path, fault, incoming, response });
	}

	function expiredNow(): S3Error {
		const now = clock.now();
		const seconds = context.settings.get().urlSeconds;
		return requestExpired(new Date(now.getTime() - seconds * 1000 - 1000), seconds, now);
	}

	function run(operation: Operation, call: Call): Reply | Promise<Reply> {
		switch (operation) {
			case 'GetObject':
			case 'HeadObject':
				return getObject(call);
			case 'HeadBucket':
				return { status: 200, headers: { 'x-amz-bucket-region': REGION, 'x-amz-access-point-alias': 'false' } };
			case 'GetBucketLocation':
				// The region that S3 began with has no name here.
				return { status: 200, xml: xmlDocument('LocationConstraint', '') };
			case 'ListObjects':
				return listObjects(call);
			case 'ListObjectsV2':
				return listObjectsV2(call);
			case 'PutObject':
				return putObject(call);
			case 'CreateMultipartUpload':
				return createMultipartUpload(call);
			case 'UploadPart':
				return uploadPart(call, running);
			case 'ListParts':
				return listParts(call);
			case 'ListMultipartUploads':
				return listMultipartUploads(call);
			case 'CompleteMultipartUpload':
				return completeMultipartUpload(call, running);
			case 'AbortMultipartUpload':
				return abortMultipartUpload(call, running);
		}
	}
}

/** E.g. `PUT /bucket-filex/0001/app1/in/a.txt?uploadId`: of the query only what tells operations apart, for it holds signatures. */
function nameOf({ method }: IncomingMessage, { pathname }: URL, request: S3Request | undefined): string {
	const names = request === undefined ? [] : subresourcesOf(request);
	return `${method} ${withoutSignature(pathname)}${names.length > 0 ? `?${names.join('&')}` : ''}`;
}
