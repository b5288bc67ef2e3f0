import { cancelled, FileXError, isPassing } from '../errors';
import type { FilePath } from '../places/paths';
import type { FileContent, RemoteFile, StoredAs, UploadOutcome, UploadRequest } from '../space';
import { BoundedMap } from '../util/bounded-map';
import { type Clock, MACHINE_CLOCK } from '../util/clock';
import { PATIENCE } from '../util/patience';
import { alreadyFiled, type EarlierFiling } from './already-filed';
import { Settling } from './settling';
import {
	arrivedByOwn,
	clearIn,
	type Filing,
	isSeen,
	type Obstacle,
	obstacleIn,
	type SentFile,
	showsOwn,
	type Sighting,
	type Unseen,
} from './sighting';
import { isArrived } from './state';
import type { Submission } from './submission';
import { held, outcomeUnknown, rejected, unregistered } from './submission-errors';
import { blindPatience, GRACE, SPREAD, transferLimit, URL_LIFE } from './timing';
import { sameTrackingId, trackingKey } from './tracking-id';
import { type UnreadRequests, unreadRequestsIn } from './unread-requests';

/** What a submission works with. */
export interface SubmitPorts {
	/** What fileX shows of the file now. */
	look(): Promise<Sighting>;
	/** Asks for leave to upload it. */
	request(): Promise<UploadRequest>;
	/** Waits for a place among the uploads that may run at a time. Gives the way to leave it. */
	place?(): Promise<() => void>;
	/** Whether a filing holds the same bytes; undefined where no one can tell. */
	isSame(filing: Filing): Promise<boolean | undefined>;
	clock?: Clock;
	/** From 0 up to 1. */
	random?: () => number;
	/** Stops it: before the file is sent nothing was done, afterwards the outcome is unknown. */
	signal?: AbortSignal;
	/** Ends the waiting for other senders. */
	waiting?: AbortSignal;
	/** What this process remembers of this file from one run of a step to the next. */
	memory?: SubmitMemory;
	/** An earlier try of this very step, of which no one knows what became: it is settled first. */
	unsettled?: Unsettled;
	/** Called when this try ends so. */
	onUnsettled?(unsettled: Unsettled): void;
}

/** What a process remembers of uploads, so that it does not wait for itself. */
export interface SubmitMemory {
	/** Keys of requests that no one will use (any more). */
	abandoned: Pick<BoundedMap<string, true>, 'has' | 'set'>;
	/** By a request's key and a file's size: when it was first seen past its lease with no file in the upload sub-space. */
	clearSince: Pick<BoundedMap<string, number>, 'get' | 'has' | 'set'>;
	/** Requests that fileX has registered, and whose answers could not be read. */
	unread: { value?: UnreadRequests };
	/** The same file as this process filed it before; undefined where it did not, or another. */
	filed?(seen: Sighting): Promise<Filing | undefined>;
}

/** A file that was sent, and of which it could not be found out what became. */
export interface Unsettled {
	sent: SentFile;
	error: FileXError;
	sends: number;
	/** Of what was sent, where all of it was; lower-case hex. */
	sha256?: string;
	/** What tracking calls the request that only made it known. */
	registrationId?: string;
}

export interface SubmitRules {
	/** Days within which the same file is not filed again; undefined where it may be. */
	guardDays?: number;
	/** How long to wait for other senders, and for fileX to tell what became of a file, in ms. */
	patience: number;
}

type Accepted = Extract<SubmitResult, { outcome: 'accepted' }>;

export type SubmitResult =
	/** FINRA has the file, by this submission. */
	| {
			outcome: 'accepted';
			attempts: number;
			trackingId?: string;
			/** What tracking calls the request that only made it known. */
			registrationId?: string;
			sha256?: string;
			stored?: StoredAs;
			submission?: Submission;
			archivePath?: string;
	  }
	/** FINRA had it before. Nothing was sent. */
	| ({ outcome: 'duplicate' } & EarlierFiling);

/** How often one file is sent at the most, each time after it was certain that the time before had not submitted it. */
const MAX_SENDS = 3;

/** The first pause between two looks, in ms; it grows up to five times that. */
const PAUSE = 1000;

/** How long tracking may take to show a request, in ms. */
const TRACKING_LAG = 15_000;

/** How often a question that changes nothing is put again while the service is unavailable. */
const MAX_QUESTIONS = 3;

/**
 * Submits a file once: not if it was filed before, not beside another sender, and again only when it is
 * certain that it was not submitted. docs/submissions.md tells the protocol and why it holds.
 *
 * @throws FileXError `held`, `outcome-unknown`, or why the file was not submitted; its `evidence` has the `outcome`
 */
export async function submit(
	file: FilePath,
	content: FileContent,
	rules: SubmitRules,
	ports: SubmitPorts,
): Promise<SubmitResult> {
	return await new Submitter(file, content, rules, ports).run();
}

class Submitter {
	private readonly clock: Clock;
	private readonly memory: SubmitMemory;
	private readonly until: number;
	private readonly own = new Set<string>();
	private readonly compared = new Map<Filing['archivePath'], boolean | undefined>();
	private sends = 0;
	/** When fileX was looked at last before the file was sent, by its own clock. */
	private lookedAt = NaN;
	/** The paths of archived copies that were there before it was sent for the first time. */
	private before?: ReadonlySet<string>;
	/** What could not be seen at the last look. */
	private unseen: Unseen[] = [];
	/** The last look before asking: when it was by the sender's clock, and the keys of the requests that it showed. */
	private last?: { at: number; known: ReadonlySet<string> };
	/** Until when a place that gives no answer is asked again. */
	private blindUntil?: number;
	/** What is left of an upload of ours that broke off. */
	private leftover?: RemoteFile;

	constructor(
		private readonly file: FilePath,
		private readonly content: FileContent,
		private readonly rules: SubmitRules,
		private readonly ports: SubmitPorts,
	) {
		this.clock = ports.clock ?? MACHINE_CLOCK;
		this.memory = ports.memory ?? { abandoned: new BoundedMap(), clearSince: new BoundedMap(), unread: {} };
		this.until = this.clock.now() + rules.patience;
		const { unsettled } = ports;
		if (!unsettled) return;
		for (const id of unsettled.sent.own) this.own.add(id);
		this.lookedAt = unsettled.sent.lookedAt;
		this.before = unsettled.sent.archivedBefore;
		this.sends = unsettled.sends;
	}

	async run(): Promise<SubmitResult> {
		const { unsettled } = this.ports;
		if (unsettled) {
			const settled = await this.settle(unsettled);
			if (settled !== 'not-submitted') return settled;
			this.abandon(unsettled.registrationId ?? unsettled.sent.trackingId);
		}
		for (;;) {
			const early = await this.waitForWay();
			if (early) return early;
			const began = this.clock.now();
			const request = await this.question(async () => await this.ask());
			if (request.trackingId !== undefined) this.own.add(this.newKey(request.trackingId));
			const verdict = (await this.beforeSending(request, began)) ?? (await this.send(request, began));
			if (typeof verdict === 'object') return verdict;
		}
	}

	/** Requests an upload. A registered request is this sender's own, even if it cannot be used. */
	private async ask(): Promise<UploadRequest> {
		try {
			return await this.ports.request();
		} catch (error) {
			if (error instanceof FileXError) this.noteUnusable(error);
			throw error;
		}
	}

	/** The key of a request that was just made. One that tracking showed before is of an earlier answer, which may be another sender's. */
	private newKey(trackingId: string): string {
		const key = trackingKey(trackingId);
		if (!this.last?.known.has(key) || this.own.has(key)) return key;
		throw unregistered(
			this.file,
			`the answer to the upload request has the tracking ID ${trackingId} of an earlier request, so it is not fileX's answer to this one`,
			trackingId,
		);
	}

	private noteUnusable({ evidence, isRegistered }: FileXError): void {
		if (typeof evidence?.trackingId === 'string') return void this.abandon(evidence.trackingId);
		const { last, lookedAt } = this;
		if (!isRegistered || !last) return;
		const { unread } = this.memory;
		const { known, from, count } = unread.value ?? { known: last.known, from: lookedAt, count: 0 };
		unread.value = { known, from, until: lookedAt + this.clock.now() - last.at, count: count + 1 };
	}

	/** What does not get as far as sending gives its request up. */
	private async beforeSending(request: UploadRequest, began: number): Promise<SubmitResult | 'lost' | undefined> {
		try {
			const verdict = await this.lookAgain(request, began);
			if (verdict) this.abandon(request.trackingId);
			return verdict;
		} catch (error) {
			this.abandon(request.trackingId);
			throw error;
		}
	}

	/** Looks before anything is asked for. Waits until no one else is filing this file; gives a result where somebody has. */
	private async waitForWay(): Promise<SubmitResult | undefined> {
		if (this.rules.guardDays === undefined) return undefined;
		let waited = false;
		for (let pause = PAUSE; ; pause = longer(pause)) {
			if (this.ports.waiting?.aborted) throw cancelled(`Submitting '${this.file.name}'`);
			const { seen, result, obstacle } = await this.judge();
			this.noteLook(seen, obstacle);
			if (result) return result;
			if (!obstacle && !waited) return undefined;
			if (obstacle && this.clock.now() >= (this.blindUntil ?? this.until)) throw held(this.file, obstacle);
			// Others may have waited as well: they had better not continue at the same moment.
			await this.sleep(obstacle ? pause : (this.ports.random ?? Math.random)() * SPREAD, this.ports.waiting);
			waited = obstacle !== undefined;
		}
	}

	/** Looks once more now that everybody can see the request. `lost`: another one goes first. */
	private async lookAgain(
		{ isRegistered, trackingId }: UploadRequest,
		began: number,
	): Promise<SubmitResult | 'lost' | undefined> {
		if (this.rules.guardDays === undefined) {
			// Should no answer come, it must be known what was there before.
			if (trackingId === undefined) this.noteLook(await this.question(this.ports.look));
			return undefined;
		}
		if (!isRegistered) return undefined;
		if (trackingId === undefined) throw unregistered(this.file, 'fileX gave no tracking ID for it');
		const patience = this.clock.now() + TRACKING_LAG;
		for (let pause = PAUSE; ; pause = longer(pause)) {
			const { seen, result, obstacle } = await this.judge(trackingId);
			if (result) return result;
			if (obstacle && 'unseen' in obstacle) {
				if (this.clock.now() >= patience) throw held(this.file, obstacle);
			} else if (showsOwn(seen, { all: this.own, current: trackingKey(trackingId) })) {
				const isInTime = this.checkClocks(seen, trackingId, began);
				return obstacle || !isInTime ? 'lost' : undefined;
			} else if (this.clock.now() >= patience) {
				throw unregistered(this.file, `fileX's tracking does not show the request ${trackingId} yet`, trackingId);
			}
			await this.sleep(pause);
		}
	}

	/**
	 * fileX's clocks decide which request is dead: where they contradict each other, that cannot be determined. Gives false
	 * where so much time has passed since the request that they cannot be compared.
	 */
	private checkClocks(seen: Sighting, trackingId: string, began: number): boolean {
		const own = seen.submissions.find((submission) => sameTrackingId(submission.trackingId, trackingId));
		const age = seen.at - Date.parse(own?.submittedAt ?? '');
		if (age >= -GRACE && age <= GRACE) return true;
		const now = this.clock.now();
		if (age > GRACE && age <= now - began + GRACE && now < this.until) return false;
		throw unregistered(this.file, 'the time that fileX gives does not fit the times in its tracking', trackingId);
	}

	private noteLook(seen: Sighting, obstacle?: Obstacle): void {
		this.lookedAt = seen.at;
		this.unseen = seen.unseen;
		this.last = {
			at: this.clock.now(),
			known: new Set(seen.submissions.map(({ trackingId }) => trackingKey(trackingId))),
		};
		// A lack of answers is not waited for as long as an upload that is seen.
		this.blindUntil =
			obstacle && 'unseen' in obstacle
				? (this.blindUntil ?? this.clock.now() + blindPatience(this.rules.patience))
				: undefined;
		if (this.sends === 0)
			this.before = isSeen(seen, 'archive') ? new Set(seen.archived.map(({ path }) => path)) : undefined;
	}

	private async judge(current?: string): Promise<{ seen: Sighting; result?: SubmitResult; obstacle?: Obstacle }> {
		const seen = await this.question(this.ports.look);
		this.dropAbandoned(seen);
		const { size } = this.content;
		const days = this.rules.guardDays!;
		// Before anything was sent, nothing can have arrived by a request of one's own.
		const arrived = this.sends > 0 ? arrivedByOwn(seen, { all: this.own }) : undefined;
		if (arrived) return { seen, result: this.accepted(arrived.trackingId, { submission: arrived }) };
		const earlier = await alreadyFiled(seen, size, days, async (filing) => await this.isSame(filing));
		if (earlier?.bytesCompared) return { seen, result: { outcome: 'duplicate', ...earlier } };
		const filed = await this.memory.filed?.(seen);
		if (filed) return { seen, result: { outcome: 'duplicate', filing: filed, bytesCompared: true } };
		if (earlier) return { seen, result: { outcome: 'duplicate', ...earlier } };
		const own = {
			all: this.own,
			current: current && trackingKey(current),
			leftover: this.leftover,
			clearSince: this.noteClear(seen, size),
		};
		return { seen, obstacle: obstacleIn(seen, size, own, days) };
	}

	/** Leaves out requests that no one will use, which fileX continues showing. */
	private dropAbandoned(seen: Sighting): void {
		const { abandoned, unread } = this.memory;
		const own = unread.value && unreadRequestsIn(seen, unread.value, (key) => this.own.has(key) || abandoned.has(key));
		if (own) {
			for (const key of own) abandoned.set(key, true);
			unread.value = undefined;
		}
		seen.submissions = seen.submissions.filter((submission) => {
			const key = trackingKey(submission.trackingId);
			return this.own.has(key) || isArrived(submission) || !abandoned.has(key);
		});
	}

	/** Remembers since when requests are past their lease with nothing to be seen of them. */
	private noteClear(seen: Sighting, size: number): Map<string, number> {
		const { clearSince } = this.memory;
		const since = new Map<string, number>();
		for (const key of clearIn(seen, size)) {
			// A larger file may arrive for longer.
			const known = `${key}:${size}`;
			if (!clearSince.has(known)) clearSince.set(known, seen.at);
			since.set(key, clearSince.get(known)!);
		}
		return since;
	}

	/** Sends the file. `again`: it is certain that it was not submitted, and it may be tried again. */
	private async send(request: UploadRequest, began: number): Promise<SubmitResult | 'again'> {
		const { isWholeWhenSeen, isIntent } = request;
		// Tracking will never say of an intent what became of the file.
		const trackingId = isIntent ? undefined : request.trackingId;
		const registrationId = isIntent ? request.trackingId : undefined;
		const { size } = this.content;
		const sent = await this.sendInPlace(request, began);
		if (!sent) return this.abandon(request.trackingId);
		switch (sent.outcome) {
			case 'accepted':
				return this.accepted(trackingId, { sha256: sent.sha256, stored: sent.stored, registrationId });
			case 'rejected':
				this.abandon(request.trackingId);
				if (!sent.mayRepeat || this.sends >= MAX_SENDS || (sent.error.retryAfterMs ?? 0) > PATIENCE.ms)
					throw rejected(this.file, sent.error, this.sends, trackingId);
				await this.sleep(pauseAfter(sent.error, this.sends));
				return 'again';
			case 'unknown': {
				const settled = await this.settle({
					sent: {
						size,
						own: this.own,
						trackingId,
						lookedAt: this.lookedAt,
						archivedBefore: this.before,
						isWholeWhenSeen,
					},
					error: sent.error,
					sha256: sent.sha256,
					registrationId,
				});
				if (settled !== 'not-submitted') return settled;
				this.abandon(request.trackingId);
				if (this.sends >= MAX_SENDS) throw rejected(this.file, notSubmitted(sent.error), this.sends, trackingId);
				return 'again';
			}
		}
	}

	/** Sends the file once there is a place for it; undefined where its request is too old by then, so that nothing was sent. */
	private async sendInPlace(request: UploadRequest, began: number): Promise<UploadOutcome | undefined> {
		const leave = await this.ports.place?.().catch((error: unknown) => {
			this.abandon(request.trackingId);
			throw error;
		});
		try {
			return await this.sendInTime(request, began);
		} finally {
			leave?.();
		}
	}

	private async sendInTime(
		{ lifetime, isRegistered, send }: UploadRequest,
		began: number,
	): Promise<UploadOutcome | undefined> {
		this.stopIfAsked();
		const elapsed = this.clock.now() - began;
		if (elapsed >= Math.min(lifetime ?? Infinity, isRegistered ? URL_LIFE : Infinity)) return undefined;
		const limit = new AbortController();
		// Others take the request for dead some time after this moment: nothing may arrive later.
		const left = Math.max(0, transferLimit(this.content.size) - elapsed);
		const timer = setTimeout(() => limit.abort(), left).unref();
		try {
			this.sends++;
			const signals = [limit.signal, ...(this.ports.signal ? [this.ports.signal] : [])];
			return await send(this.content, AbortSignal.any(signals));
		} finally {
			clearTimeout(timer);
		}
	}

	private abandon(trackingId: string | undefined): 'again' {
		if (trackingId !== undefined) this.memory.abandoned.set(trackingKey(trackingId), true);
		return 'again';
	}

	/** Looks until it is certain what became of a file whose sending ended without an answer. */
	private async settle({
		sent,
		error,
		sha256,
		registrationId,
	}: Omit<Unsettled, 'sends'>): Promise<SubmitResult | 'not-submitted'> {
		const settling = new Settling(
			sent,
			async (archivePath) => await this.isSame({ archivePath, trackingId: null, submittedAt: null, userName: null }),
		);
		const unknown = () => {
			const { sends } = this;
			this.ports.onUnsettled?.({ sent, error, sends, sha256, registrationId });
			// What leaves no trace that this account can see would be filed once more.
			const leavesTrace = sent.trackingId !== undefined || !this.unseen.some(({ part: place }) => place === 'archive');
			return outcomeUnknown(this.file, error, {
				attempts: sends,
				trackingId: sent.trackingId,
				registrationId,
				leavesTrace,
			});
		};
		const until = Math.max(this.until, this.clock.now() + this.rules.patience);
		for (let pause = PAUSE; ; pause = longer(pause)) {
			if (this.ports.signal?.aborted) throw unknown();
			const seen = await this.ports.look().catch((failure: unknown) => {
				if (isPassing(failure)) return undefined;
				throw unknown();
			});
			if (seen) {
				this.unseen = seen.unseen;
				const known = await settling.judge(seen);
				if (known === 'not-submitted') {
					if (!sent.isWholeWhenSeen) this.leftover = settling.leftover;
					return known;
				}
				if (known) return this.accepted(known.trackingId, { ...known, sha256, registrationId });
			}
			if (this.clock.now() >= until) throw unknown();
			// Being stopped meanwhile is seen at the next turn.
			await this.sleep(pause).catch(() => {});
		}
	}

	private accepted(
		trackingId: string | undefined,
		more: Omit<Accepted, 'outcome' | 'attempts' | 'trackingId'>,
	): SubmitResult {
		// Once its file has arrived, nothing more comes by an intent.
		this.abandon(more.registrationId);
		return {
			outcome: 'accepted',
			attempts: this.sends,
			trackingId,
			archivePath: more.submission?.archivePath ?? undefined,
			...more,
		};
	}

	private async isSame(filing: Filing): Promise<boolean | undefined> {
		const { archivePath } = filing;
		if (archivePath === null) return undefined;
		if (!this.compared.has(archivePath))
			this.compared.set(archivePath, await this.question(async () => await this.ports.isSame(filing)));
		return this.compared.get(archivePath);
	}

	/** Puts a question that submits nothing; again where the service is unavailable for a moment. */
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

/** How long to wait before the file is sent again, in ms: at least as long as the service asks for. */
function pauseAfter({ retryAfterMs = 0 }: FileXError, sends: number): number {
	return Math.max(PAUSE * sends, retryAfterMs);
}
