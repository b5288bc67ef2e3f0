import { setTimeout as sleep } from 'node:timers/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { deadline } from '../deadline';
import { cancelled, FileXError, isPassing } from '../errors';
import { placeOf as addressOf } from '../http/port';
import { BrokenBody, s3Refusal } from './refusal';
import type { S3Token } from './token';
import type { S3TokenSource } from './token-source';

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
	/** For tidying up after a run that was stopped. */
	evenIfStopped?: boolean;
}

/** How long S3 may take for a small answer, in ms. */
const ANSWER_TIMEOUT = 60_000;

/** How long a connection may take to come about, in ms. */
const CONNECT_TIMEOUT = 15_000;

/** How often a request that may be repeated is made at most. */
const ATTEMPTS = 4;

/** The pause before the second attempt, in ms; it doubles each time. */
const PAUSE = 250;

/** What is worth telling is in the errors. */
const SILENT = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/** S3 as the token of one application opens it. Failures are FileXErrors. */
export class S3Access {
	private opened?: Promise<{ s3: S3Client; sdk: Sdk }>;
	private place = 'AWS S3';

	/** @param endpoint of S3; AWS itself, in the region of the token, where absent */
	constructor(
		private readonly tokens: S3TokenSource,
		private readonly endpoint?: string,
		private readonly signal?: AbortSignal,
	) {}

	/** @param what the path that is asked for, to be named in errors */
	async token(what: string): Promise<S3Token> {
		return await this.tokens.token(what);
	}

	/** Makes a request, once. */
	async once<T>(what: string, request: (call: S3Call) => Promise<T>, options: CallOptions = {}): Promise<T> {
		const stop = this.stopOf(options);
		if (stop.aborted) throw cancelled(`The S3 request for '${what}'`);
		const token = await this.tokens.token(what);
		const { s3, sdk } = await (this.opened ??= this.open(token, what));
		const time = deadline(options.limit ?? ANSWER_TIMEOUT, `The S3 request for '${what}'`, stop);
		try {
			return await request({ s3, sdk, abortSignal: time.signal });
		} catch (error) {
			if (time.signal.aborted) throw time.signal.reason instanceof FileXError ? time.signal.reason : cancelled(`The S3 request for '${what}'`);
			if (error instanceof BrokenBody) throw error;
			const refusal = s3Refusal(error, what, this.place);
			if (refusal.kind === 'expired-url') this.tokens.drop(token);
			throw refusal;
		} finally {
			time.clear();
		}
	}

	/**
	 * Makes a request that changes nothing, or the same thing each time: again while the service is unwell
	 * or its answer breaks off, and once more where the token was not taken.
	 *
	 * @throws BrokenBody where the last answer broke off
	 */
	async repeatedly<T>(what: string, request: (call: S3Call) => Promise<T>, options: CallOptions = {}): Promise<T> {
		let renewed = false;
		for (let attempt = 1; ; attempt++) {
			try {
				return await this.once(what, request, options);
			} catch (error) {
				const hasExpired = error instanceof FileXError && error.kind === 'expired-url';
				const mayDoBetter = hasExpired ? !renewed : isPassing(error) || error instanceof BrokenBody;
				if (!mayDoBetter || attempt === ATTEMPTS) throw error;
				renewed ||= hasExpired;
				const pause = hasExpired ? 0 : PAUSE * 2 ** (attempt - 1) * (0.5 + Math.random());
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

	/** The SDK takes its time to load: it is loaded when it is first used. */
	private async open({ region }: S3Token, what: string): Promise<{ s3: S3Client; sdk: Sdk }> {
		const sdk = await import('@aws-sdk/client-s3');
		const endpoint = this.endpoint ?? `https://s3.${region}.amazonaws.com`;
		this.place = `S3 at ${addressOf(endpoint)}`;
		const credentials = async () => (await this.tokens.token(what)).credentials;
		const s3 = new sdk.S3Client({
			region,
			endpoint,
			forcePathStyle: this.endpoint !== undefined,
			// The SDK keeps what it is given until five minutes before its end, unless it is told that this is taken care of.
			credentials: Object.assign(credentials, { memoized: true }),
			// What may be repeated is decided here: to the SDK, an upload is a request like any other.
			maxAttempts: 1,
			requestHandler: { connectionTimeout: CONNECT_TIMEOUT, socketTimeout: 0, logger: SILENT },
			responseChecksumValidation: 'WHEN_REQUIRED',
			followRegionRedirects: false,
			// Not by what the environment or a file in the home folder says.
			useFipsEndpoint: false,
			useDualstackEndpoint: false,
			logger: SILENT,
		});
		return { s3, sdk };
	}

	private stopOf({ signal, evenIfStopped = false }: CallOptions): AbortSignal {
		return AbortSignal.any([evenIfStopped ? undefined : this.signal, signal].filter((each) => each !== undefined));
	}
}
