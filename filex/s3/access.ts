import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PutObjectCommandInput, S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { cancelled, FileXError, isPassing } from '../errors';
import { agentsFor } from '../http/agents';
import { unsent } from '../http/connect';
import type { Logins } from '../account/login-guard';
import { type Egress, UNRESTRICTED_EGRESS } from '../http/egress';
import { originOf } from '../http/port';
import { httpIdle } from '../transfer/upload-body';
import { backoff } from '../util/backoff';
import { deadline } from '../util/deadline';
import { PATIENCE } from '../util/patience';
import { limited, LONGEST_S3_ANSWER } from './limited';
import { BrokenBody, FILEX_WORDS, s3Error, type S3Words } from './s3-errors';
import { withoutVersionWarning } from './sdk-warning';

type Sdk = typeof import('@aws-sdk/client-s3');

/** What one request to S3 is made with. */
export interface S3Call {
	s3: S3Client;
	sdk: Sdk;
	/** Ends the request, also while its answer's body is read. */
	abortSignal: AbortSignal;
}

export interface CallOptions {
	signal?: AbortSignal;
	/** How long it may take, in ms. */
	limit?: number;
	/** Whether it is tried for half a minute: what a whole upload rests on. */
	isPatient?: boolean;
	/** For tidying up after a run that was stopped. */
	evenIfStopped?: boolean;
}

/** What opens S3. A live secret. */
export interface S3Credentials {
	region: string;
	credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string; expiration?: Date };
}

/** Where credentials come from. */
export interface CredentialSource<Credentials extends S3Credentials> {
	/** Credentials that are valid now. @param what the path to name where they are refused */
	credentials(what: string): Promise<Credentials>;
	/** Forgets credentials that S3 does not accept. */
	drop(credentials: Credentials): void;
}

export interface S3AccessOptions {
	/** Base URL of S3; AWS itself, in the region of the keys, where absent. */
	endpoint?: string;
	/** Whether the bucket stands in the path, in place of the host name. */
	pathStyle?: boolean;
	egress?: Egress;
	/** For a proxy's login. */
	guard?: Logins;
	signal?: AbortSignal;
	/** The texts of refusals. */
	words?: S3Words;
	/** How files are stored; as fileX's own S3 takes them where absent. */
	storing?: Storing;
}

/** How files are stored. */
export interface Storing {
	/**
	 * What proves a file on its way: `crc32` is the SDK's own, which AWS takes, as a trailer; `md5` goes in a header, which
	 * every store takes, and object lock asks for.
	 */
	integrity: 'crc32' | 'md5';
	/** Sent along with the request that makes an object. */
	headers?: Pick<PutObjectCommandInput, 'ServerSideEncryption' | 'SSEKMSKeyId' | 'StorageClass'>;
}

/** How long S3 may take for a small answer, in ms. */
const ANSWER_TIMEOUT = 60_000;

/** How long a connection may take to come about, in ms. */
const CONNECT_TIMEOUT = 15_000;

/** How long nothing may move on a connection that something is sent on, in ms. Node sees also when a large piece leaves bit by bit. */
const SILENT_SOCKET = httpIdle(Infinity);

/** How often a request that may be repeated is made at most, unless it is patient: who reads or lists has a patience of its own over it. */
const ATTEMPTS = 4;

/** The pause before the second attempt, in ms; it doubles each time. */
const PAUSE = 250;

/** What is worth telling is in the errors. */
const SILENT = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/** S3, opened with some credentials. Failures are FileXErrors. */
export class S3Access<Credentials extends S3Credentials = S3Credentials> {
	private opened?: Promise<{ s3: S3Client; sdk: Sdk }>;
	private place = 'AWS S3';
	/** The texts of refusals. */
	readonly words: S3Words;
	readonly storing: Storing;

	constructor(
		private readonly source: CredentialSource<Credentials>,
		private readonly options: S3AccessOptions = {},
	) {
		this.words = options.words ?? FILEX_WORDS;
		this.storing = options.storing ?? { integrity: 'crc32' };
	}

	/** @param what the path that is asked for, to be named in errors */
	async credentials(what: string): Promise<Credentials> {
		return await this.source.credentials(what);
	}

	/** Makes a request, once. */
	async once<T>(what: string, request: (call: S3Call) => Promise<T>, options: CallOptions = {}): Promise<T> {
		const stop = this.stopOf(options);
		if (stop.aborted) throw cancelled(`The S3 request for '${what}'`);
		const { credentials, s3, sdk } = await this.ready(what).catch((error: unknown) => {
			throw unsent(error);
		});
		const time = deadline(options.limit ?? ANSWER_TIMEOUT, `The S3 request for '${what}'`, stop);
		try {
			return await request({ s3, sdk, abortSignal: time.signal });
		} catch (error) {
			if (time.signal.aborted)
				throw time.signal.reason instanceof FileXError ? time.signal.reason : cancelled(`The S3 request for '${what}'`);
			if (error instanceof BrokenBody) throw error;
			const refusal = s3Error(error, what, this.place, this.words);
			if (refusal.kind === 'expired-url') this.source.drop(credentials);
			throw refusal;
		} finally {
			time.clear();
		}
	}

	/**
	 * Makes a request that changes nothing, or the same thing each time: again while the service is unavailable
	 * or its answer breaks off, and once more where the token was not taken.
	 *
	 * @throws BrokenBody where the last answer broke off
	 */
	async repeatedly<T>(what: string, request: (call: S3Call) => Promise<T>, options: CallOptions = {}): Promise<T> {
		const began = performance.now();
		let renewed = false;
		for (let attempt = 1; ; attempt++) {
			try {
				return await this.once(what, request, options);
			} catch (error) {
				const hasExpired = error instanceof FileXError && error.kind === 'expired-url';
				const isLasting = error instanceof FileXError && error.isLasting === true;
				const mayDoBetter = hasExpired ? !renewed : (isPassing(error) && !isLasting) || error instanceof BrokenBody;
				if (!mayDoBetter) throw error;
				renewed ||= hasExpired;
				const { retryAfterMs = 0 } = error as { retryAfterMs?: number };
				const pause = hasExpired ? 0 : Math.max(backoff(attempt, PAUSE), retryAfterMs);
				const waited = performance.now() - began + pause;
				if (retryAfterMs > PATIENCE.ms || (attempt >= ATTEMPTS && !(options.isPatient && waited <= PATIENCE.ms)))
					throw error;
				await sleep(pause, undefined, { signal: this.stopOf(options) }).catch(() => {
					throw cancelled(`The S3 request for '${what}'`);
				});
			}
		}
	}

	async close(): Promise<void> {
		const opened = this.opened;
		this.opened = undefined;
		await opened?.then(({ s3 }) => s3.destroy()).catch(() => {});
	}

	private async ready(what: string): Promise<{ credentials: Credentials; s3: S3Client; sdk: Sdk }> {
		const credentials = await this.source.credentials(what);
		return { credentials, ...(await (this.opened ??= this.open(credentials, what))) };
	}

	/** The SDK takes its time to load: it is loaded when it is first used. */
	private async open({ region }: Credentials, what: string): Promise<{ s3: S3Client; sdk: Sdk }> {
		const sdk = await import('@aws-sdk/client-s3');
		const {
			endpoint = `https://s3.${region}.amazonaws.com`,
			pathStyle = false,
			egress = UNRESTRICTED_EGRESS,
			guard,
		} = this.options;
		this.place = `S3 at ${originOf(endpoint)}`;
		const credentials = async () => (await this.source.credentials(what)).credentials;
		const settings = {
			region,
			endpoint,
			forcePathStyle: pathStyle,
			// The SDK keeps what it is given until five minutes before its end, unless they are marked as memoized.
			credentials: Object.assign(credentials, { memoized: true }),
			// What may be repeated is decided here: to the SDK, an upload is a request like any other.
			maxAttempts: 1,
			requestHandler: {
				...agentsFor(egress, guard),
				connectionTimeout: CONNECT_TIMEOUT,
				socketTimeout: SILENT_SOCKET,
				logger: SILENT,
			},
			// A request that waits for '100 Continue' gets a connection of its own each time, past the agents.
			expectContinueHeader: false,
			requestChecksumCalculation: this.storing.integrity === 'crc32' ? 'WHEN_SUPPORTED' : 'WHEN_REQUIRED',
			responseChecksumValidation: 'WHEN_REQUIRED',
			followRegionRedirects: false,
			// Not by what the environment or a file in the home folder says.
			useFipsEndpoint: false,
			useDualstackEndpoint: false,
			logger: SILENT,
		} satisfies S3ClientConfig;
		const s3 = withoutVersionWarning(() => new sdk.S3Client(settings));
		s3.middlewareStack.add(
			(next, { commandName }) =>
				async (args) => {
					const result = await next(args);
					const response = result.response as { statusCode?: number; body?: unknown };
					const isFile = commandName === 'GetObjectCommand' && (response.statusCode ?? 0) < 300;
					if (!isFile && response.body instanceof Readable)
						response.body = limited(response.body, () => tooLong(this.place, response.statusCode));
					return result;
				},
			{ step: 'deserialize', priority: 'low', name: 'limit' },
		);
		return { s3, sdk };
	}

	private stopOf({ signal, evenIfStopped = false }: CallOptions): AbortSignal {
		return AbortSignal.any(
			[evenIfStopped ? undefined : this.options.signal, signal].filter((each) => each !== undefined),
		);
	}
}

function tooLong(place: string, httpStatus?: number): FileXError {
	return new FileXError(
		'unexpected-answer',
		`The answer of ${place} is longer than ${LONGEST_S3_ANSWER / 2 ** 20} MiB, so it was not read to its end (HTTP ${httpStatus ?? 'unknown'})`,
		{
			hint: "Nothing was concluded from it. Check 'S3 URL' or 'Endpoint' in the credential if you set one, and whether a proxy answers in place of S3. Running it again is safe.",
			retrySafe: true,
			isForeign: true,
			httpStatus,
		},
	);
}
