import { MACHINE_CLOCK, type Clock } from '../clock';
import { cancelled, FileXError, isPassing } from '../errors';
import type { FilePath } from '../names';
import { Recent } from '../recent';
import type { FileContent, UploadOutcome, UploadRequest } from '../space';
import { alreadyFiled, type EarlierFiling } from './already-filed';
import { held, outcomeUnknown, rejected, unregistered } from './refusals';
import { arrivedByOwn, arrivedSince, isContended, obstacleIn, showsOwn, type Filing, type Obstacle, type Sighting } from './sighting';
import type { Submission } from './submission';
import { SETTLED_AFTER, SPREAD, transferLimit } from './timing';

/** What a submission works with. */
export interface SubmitPorts {
	/** What fileX shows of the file now. */
	look(): Promise<Sighting>;
	/** Asks for leave to upload it. */
	request(): Promise<UploadRequest>;
	/** Whether a filing holds the same bytes; undefined where nobody can tell. */
	isSame(filing: Filing): Promise<boolean | undefined>;
	clock?: Clock;
	/** From 0 up to 1. */
	random?: () => number;
	/** Stops it: before the file is sent nothing was done, afterwards the outcome is unknown. */
	signal?: AbortSignal;
	/** Ends the waiting for other senders. */
	waiting?: AbortSignal;
	/** Requests that nobody will use (any more). */
	abandoned?: Pick<Recent<string, true>, 'has' | 'set'>;
}

export interface SubmitRules {
	/** Days within which the same file is not filed again; undefined where it may be. */
	guardDays?: number;
	/** How long to wait for other senders, and for fileX to tell what became of a file, in ms. */
	patience: number;
}

export type SubmitResult =
	/** FINRA has the file, by this submission. */
	| { outcome: 'accepted'; attempts: number; trackingId?: string; sha256?: string; submission?: Submission; archivePath?: string }
	/** FINRA had it before. Nothing was sent. */
	| ({ outcome: 'duplicate' } & EarlierFiling);

/** How often one file is sent at the most, each time after it was certain that the time before had not submitted it. */
const MAX_SENDS = 3;

/** The first pause between two looks, in ms; it grows up to five times that. */
const PAUSE = 1000;

/** How long tracking may take to show a request, in ms. */
const TRACKING_LAG = 15_000;

/** How often a question that changes nothing is put again while the service is unwell. */
const MAX_QUESTIONS = 3;

/**
 * Submits a file once: not if it was filed before, not beside another sender, and again only when it is
 * certain that it was not submitted. docs/submissions.md tells the protocol and why it holds.
 *
 * @throws FileXError `held`, `outcome-unknown`, or why the file was not submitted; its `evidence` has the `outcome`
 */
export async function submit(file: FilePath, content: FileContent, rules: SubmitRules, ports: SubmitPorts): Promise<SubmitResult> {
	return await new Submitter(file, content, rules, ports).run();
}

class Submitter {
	private readonly clock: Clock;
	private readonly abandoned: NonNullable<SubmitPorts['abandoned']>;
	private readonly until: number;
	private readonly own = new Set<string>();
	private readonly compared = new Map<Filing['archivePath'], boolean | undefined>();
	private sends = 0;
	/** When fileX was looked at last before the file was sent, by its own clock. */
	private lookedAt = NaN;

	constructor(
		private readonly file: FilePath,
		private readonly content: FileContent,
		private readonly rules: SubmitRules,
		private readonly ports: SubmitPorts,
	) {
		this.clock = ports.clock ?? MACHINE_CLOCK;
		this.abandoned = ports.abandoned ?? new Recent();
		this.until = this.clock.now() + rules.patience;
	}

	async run(): Promise<SubmitResult> {
		for (;;) {
			const early = await this.waitForWay();
			if (early) return early;
			const began = this.clock.now();
			const request = await this.question(this.ports.request);
			const { trackingId } = request;
			if (trackingId !== undefined) this.own.add(trackingId);
			const verdict = (await this.lookAgain(trackingId)) ?? (await this.send(request, began));
			if (typeof verdict === 'object') return verdict;
		}
	}

	/** Looks before anything is asked for. Waits until nobody else is filing this file; gives a result where somebody has. */
	private async waitForWay(): Promise<SubmitResult | undefined> {
		if (this.rules.guardDays === undefined) return undefined;
		let waited = false;
		for (let pause = PAUSE; ; pause = longer(pause)) {
			if (this.ports.waiting?.aborted) throw cancelled(`Submitting '${this.file.name}'`);
			const { seen, result, obstacle } = await this.judge();
			this.lookedAt = seen.at;
			if (result) return result;
			if (!obstacle && !waited) return undefined;
			if (obstacle && this.clock.now() >= this.until) throw held(this.file, obstacle);
			// Others may have waited as well: they had better not go on at the same moment.
			await this.sleep(obstacle ? pause : (this.ports.random ?? Math.random)() * SPREAD, this.ports.waiting);
			waited = obstacle !== undefined;
		}
	}

	/** Looks once more now that everybody can see the request. `lost`: another one goes first. */
	private async lookAgain(trackingId: string | undefined): Promise<SubmitResult | 'lost' | undefined> {
		// Only REST has requests that can be seen.
		if (this.rules.guardDays === undefined || trackingId === undefined) return undefined;
		const patience = this.clock.now() + TRACKING_LAG;
		for (let pause = PAUSE; ; pause = longer(pause)) {
			const { seen, result, obstacle } = await this.judge(trackingId);
			const isShown = showsOwn(seen, { all: this.own, current: trackingId });
			if (!result && isShown && !obstacle) return undefined;
			if (result || isShown) {
				this.abandoned.set(trackingId, true);
				return result ?? 'lost';
			}
			if (this.clock.now() >= patience) throw unregistered(this.file, trackingId);
			await this.sleep(pause);
		}
	}

	private async judge(current?: string): Promise<{ seen: Sighting; result?: SubmitResult; obstacle?: Obstacle }> {
		const seen = await this.question(this.ports.look);
		const own = { all: this.own, current };
		seen.submissions = seen.submissions.filter(({ trackingId }) => this.own.has(trackingId) || !this.abandoned.has(trackingId));
		const { size } = this.content;
		const arrived = arrivedByOwn(seen, own);
		if (arrived) return { seen, result: this.accepted(arrived.trackingId, { submission: arrived }) };
		const earlier = await alreadyFiled(seen, size, this.rules.guardDays!, async (filing) => await this.isSame(filing));
		if (earlier) return { seen, result: { outcome: 'duplicate', ...earlier } };
		return { seen, obstacle: obstacleIn(seen, size, own) };
	}

	/** Sends the file. `again`: it is certain that it was not submitted, and it may be tried again. */
	private async send(request: UploadRequest, began: number): Promise<SubmitResult | 'again'> {
		const { trackingId, lifetime } = request;
		this.stopIfAsked();
		const elapsed = this.clock.now() - began;
		if (elapsed >= (lifetime ?? Infinity)) return this.abandon(trackingId);
		const limit = new AbortController();
		// Others take the request for dead some time after this moment: nothing may arrive later.
		const timer = setTimeout(() => limit.abort(), Math.max(0, transferLimit(this.content.size, lifetime) - elapsed));
		let sent: UploadOutcome;
		try {
			this.sends++;
			sent = await request.send(this.content, AbortSignal.any([limit.signal, ...(this.ports.signal ? [this.ports.signal] : [])]));
		} finally {
			clearTimeout(timer);
		}
		switch (sent.outcome) {
			case 'accepted':
				return this.accepted(trackingId, { sha256: sent.sha256 });
			case 'rejected':
				this.abandon(trackingId);
				if (!sent.mayRepeat || this.sends >= MAX_SENDS) throw rejected(this.file, sent.error, this.sends, trackingId);
				await this.sleep(PAUSE * this.sends);
				return 'again';
			case 'unknown': {
				const settled = await this.settle(sent.error, trackingId);
				if (settled !== 'not-submitted') return settled;
				this.abandon(trackingId);
				if (this.sends >= MAX_SENDS) throw rejected(this.file, notSubmitted(sent.error), this.sends, trackingId);
				return 'again';
			}
		}
	}

	private abandon(trackingId: string | undefined): 'again' {
		if (trackingId !== undefined) this.abandoned.set(trackingId, true);
		return 'again';
	}

	/**
	 * Finds out what became of a file whose sending ended without an answer. It was not submitted when
	 * for a while nothing of it is to be seen: tracking has no file, and none lies where files arrive.
	 */
	private async settle(error: FileXError, trackingId: string | undefined): Promise<SubmitResult | 'not-submitted'> {
		const unknown = () => outcomeUnknown(this.file, error, this.sends, trackingId);
		const until = Math.max(this.until, this.clock.now() + this.rules.patience);
		let clearSince: number | undefined;
		let seenBefore = false;
		for (let pause = PAUSE; ; pause = longer(pause)) {
			if (this.ports.signal?.aborted) throw unknown();
			const seen = await this.ports.look().catch((failure: unknown) => {
				if (isPassing(failure)) return undefined;
				throw unknown();
			});
			if (seen) {
				const own = seen.submissions.find((each) => each.trackingId === trackingId);
				const arrived = arrivedByOwn(seen, { all: this.own });
				if (arrived) return this.accepted(arrived.trackingId, { submission: arrived });
				const since = own?.submittedAt ? Date.parse(own.submittedAt) : this.lookedAt;
				const archivePath = arrivedSince(seen, this.content.size, since);
				// Where others have asked as well, only tracking can tell whose file it is; and they may have asked
				// while this look was going on.
				const isOurs = archivePath !== undefined && !isContended(seen, this.own, since);
				if (isOurs && seenBefore) return this.accepted(trackingId, { submission: own, archivePath: archivePath || undefined });
				seenBefore = isOurs;
				const isClear = archivePath === undefined && !seen.hidden.includes('uploadSubSpace') && !Number.isNaN(seen.at) && (trackingId === undefined || own !== undefined);
				clearSince = isClear ? (clearSince ?? seen.at) : undefined;
				if (isClear && seen.at - clearSince! >= SETTLED_AFTER) return 'not-submitted';
			}
			if (this.clock.now() >= until) throw unknown();
			// Being stopped meanwhile is seen at the next turn.
			await this.sleep(pause).catch(() => {});
		}
	}

	private accepted(trackingId: string | undefined, more: { sha256?: string; submission?: Submission; archivePath?: string }): SubmitResult {
		return { outcome: 'accepted', attempts: this.sends, trackingId, archivePath: more.submission?.archivePath ?? undefined, ...more };
	}

	private async isSame(filing: Filing): Promise<boolean | undefined> {
		const { archivePath } = filing;
		if (archivePath === null) return undefined;
		if (!this.compared.has(archivePath)) this.compared.set(archivePath, await this.question(async () => await this.ports.isSame(filing)));
		return this.compared.get(archivePath);
	}

	/** Puts a question that submits nothing; again where the service is unwell for a moment. */
	private async question<T>(put: () => Promise<T>): Promise<T> {
		for (let attempt = 1; ; attempt++) {
			this.stopIfAsked();
			try {
				return await put();
			} catch (error) {
				if (!isPassing(error) || attempt === MAX_QUESTIONS) throw error;
				await this.sleep(PAUSE * attempt);
			}
		}
	}

	private stopIfAsked(): void {
		if (this.ports.signal?.aborted) throw cancelled(`Submitting '${this.file.name}'`);
	}

	private async sleep(ms: number, more?: AbortSignal): Promise<void> {
		const signals = [this.ports.signal, more].filter((each) => each !== undefined);
		await this.clock.sleep(ms, AbortSignal.any(signals)).catch((error: unknown) => {
			throw signals.some(({ aborted }) => aborted) ? cancelled(`Submitting '${this.file.name}'`) : error;
		});
	}
}

function longer(pause: number): number {
	return Math.min(pause * 1.5, PAUSE * 5);
}

function notSubmitted({ message, httpStatus }: FileXError): FileXError {
	return new FileXError('unavailable', message, {
		hint: 'fileX shows no such file: it was not submitted. Running this again is safe.',
		retrySafe: true,
		httpStatus,
	});
}
