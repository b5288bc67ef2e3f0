import { FileXError } from '../../filex/errors';
import type { UploadOutcome } from '../../filex/space';
import type { Sighting } from '../../filex/submissions/sighting';
import { submit, type SubmitResult } from '../../filex/submissions/submit';
import type { Submission } from '../../filex/submissions/submission';
import { GRACE, SPREAD, transferLimit } from '../../filex/submissions/timing';

const FILE = { orgId: '0001', application: 'focus', subSpace: 'in', name: 'a.zip' };
const CONTENT = { size: 1, open: async () => await Promise.reject(new Error('the model sends no bytes')) };
const START = Date.UTC(2026, 2, 31);
const URL_LIFE = 60_000;

/** What may go on in a world; a bound on what is explored. */
export interface Bounds {
	senders: number;
	/** How many senders may crash, at any step. */
	crashes: number;
	/** How often time may leap, and by how much, in ms. */
	leaps: number;
	leap: number;
	/** How often one sender may look; it is left alone after that. */
	looks: number;
	/** Whether the three places are read one after the other, with anything in between, or in one go. */
	splitLooks: boolean;
	/** How far the time of a request may be behind that of its becoming visible, in ms: each is one way to go on. */
	skews: number[];
	/** Whether an answer may be lost, or a connection break in mid-file. */
	faults: boolean;
	/** Whether fileX may take its time to pick a file up. */
	lag: boolean;
	/** How far fileX's clock is ahead of the times in its tracking, in ms. */
	ahead?: number;
	/** Whether the archive cannot be seen. */
	hidesArchive?: boolean;
	/** Broken on purpose: others see a request only once its file has arrived. */
	hidesRequests?: boolean;
	/** Broken on purpose: bytes may arrive as long after the sender gave up, in ms. */
	linger?: number;
	patience: number;
}

/** What a sender waits for. */
interface Wish {
	kind: 'tracking' | 'upload' | 'archive' | 'request' | 'send' | 'answer' | 'sleep';
	wake?: number;
	/** Whether it waits so as not to meet others again. */
	spread?: boolean;
	entry?: Entry;
	grant(value: unknown): void;
	refuse(error: Error): void;
}

interface Entry {
	id: string;
	/** As tracking gives it. */
	stampedAt: number;
	issuedAt: number;
	received: boolean;
}

/** A file on its way to the storage. */
interface Transfer {
	entry: Entry;
	/** After that it cannot arrive any more. */
	until: number;
	state: 'underWay' | 'arrived' | 'gone';
}

export interface Sender {
	wish?: Wish;
	result?: SubmitResult | FileXError;
	crashed: boolean;
	looks: number;
	/** Ids of its requests. */
	own: string[];
	sends: number;
	/**
	 * What it was told that it may still act on. `submit` forgets the rest: a look is judged once it is
	 * whole, and only while an outcome is being settled do earlier looks count.
	 */
	memory: string;
}

/** One way to go on. */
export interface Choice {
	name: string;
	take(): void;
}

const unwell = () => new FileXError('unavailable', 'the answer was lost', { hint: '', retrySafe: true });

/** A fileX with some senders of one and the same file, who do nothing until told to. */
export class World {
	now = START;
	private leaps = 0;
	private crashes = 0;
	private readonly entries: Entry[] = [];
	private readonly transfers: Transfer[] = [];
	/** Ids of files that lie in the upload sub-space, the last one on top. */
	private uploaded: Array<{ id: string; at: number }> = [];
	private readonly archived: Array<{ id: string; at: number }> = [];
	readonly senders: Sender[];

	constructor(private readonly bounds: Bounds) {
		this.senders = Array.from({ length: bounds.senders }, () => ({ crashed: false, looks: 0, own: [], sends: 0, memory: '' }));
		for (const sender of this.senders) this.start(sender);
	}

	/** How many times the file was filed. */
	get filings(): number {
		return this.transfers.filter(({ state }) => state === 'arrived').length;
	}

	/** Whether a file of this sender's was filed. */
	hasFiled({ own }: Sender): boolean {
		return this.transfers.some(({ entry, state }) => state === 'arrived' && own.includes(entry.id));
	}

	/** Whether every sender has come to an end of its own. */
	get isOver(): boolean {
		return this.senders.every(({ result, crashed }) => result !== undefined || crashed);
	}

	/** All that decides what can happen from here on. */
	key(): string {
		const { now, leaps, crashes, entries, transfers, uploaded, archived } = this;
		const senders = this.senders.map(({ crashed, looks, own, sends, memory, wish, result }) =>
			result || crashed ? [crashed, endOf(result)] : [looks, own, sends, memory, wish?.kind, wish?.wake],
		);
		return JSON.stringify([now, leaps, crashes, entries, transfers.map(({ entry, ...rest }) => [entry.id, rest]), uploaded, archived, senders]);
	}

	choices(): Choice[] {
		const choices: Choice[] = [];
		this.senders.forEach((sender, index) => {
			const { wish } = sender;
			if (sender.crashed || !wish) return;
			const add = (name: string, take: () => void) => choices.push({ name: `${index} ${wish.kind} ${name}`, take });
			this.waysToGrant(sender, wish, add);
			if (this.crashes < this.bounds.crashes) add('crash', () => this.crash(sender, wish));
		});
		for (const transfer of this.transfers.filter(({ state }) => state === 'underWay')) {
			choices.push({ name: `${transfer.entry.id} arrives`, take: () => this.arrive(transfer) });
			if (this.bounds.faults) choices.push({ name: `${transfer.entry.id} is gone`, take: () => (transfer.state = 'gone') });
		}
		if (this.bounds.lag) {
			const top = this.uploaded.at(-1);
			if (top) choices.push({ name: 'pick up', take: () => this.pickUp() });
			for (const { id } of this.archived) {
				const entry = this.entries.find((each) => each.id === id)!;
				if (!entry.received) choices.push({ name: `${id} is told`, take: () => (entry.received = true) });
			}
		}
		if (this.leaps < this.bounds.leaps && !this.isOver) choices.push({ name: 'leap', take: () => this.leap() });
		return choices;
	}

	private waysToGrant(sender: Sender, wish: Wish, add: (name: string, take: () => void) => void): void {
		const tell = (what: unknown, value: unknown) => () => {
			this.remember(sender, wish.kind, JSON.stringify(what));
			sender.wish = undefined;
			wish.grant(value);
		};
		switch (wish.kind) {
			case 'sleep':
				if (this.now >= wish.wake!) add('wakes', tell(wish.spread ? 'spread' : 'woke', undefined));
				return;
			case 'tracking': {
				if (sender.looks >= this.bounds.looks) return;
				const seen = { at: this.now + (this.bounds.ahead ?? 0), submissions: this.visible(sender) };
				add('', () => {
					sender.looks++;
					tell(seen, seen)();
				});
				return;
			}
			case 'upload':
				add('', tell(this.uploaded, this.uploaded.at(-1)));
				return;
			case 'archive':
				add('', tell(this.archived, [...this.archived]));
				return;
			case 'request':
				for (const skew of this.bounds.skews) {
					add(`granted ${skew}`, () => {
						const entry = this.register(skew);
						sender.own.push(entry.id);
						tell(entry.id, this.requestOf(sender, entry))();
					});
				}
				if (this.bounds.faults) {
					add('lost', () => {
						this.register(0);
						sender.wish = undefined;
						wish.refuse(unwell());
					});
				}
				return;
			case 'send': {
				const entry = wish.entry!;
				if (this.now > entry.issuedAt + URL_LIFE) {
					const error = new FileXError('expired-url', 'expired', { hint: '', retrySafe: true });
					add('expired', tell('expired', { outcome: 'rejected', mayRepeat: true, error } satisfies UploadOutcome));
					return;
				}
				add('begins', () => {
					this.transfers.push({ entry, until: entry.issuedAt + transferLimit(CONTENT.size) + (this.bounds.linger ?? GRACE), state: 'underWay' });
					sender.sends++;
					tell('sending', undefined)();
				});
				return;
			}
			case 'answer': {
				const transfer = this.transfers.find(({ entry }) => entry === wish.entry)!;
				const error = new FileXError('outcome-unknown', 'no answer', { hint: '', retrySafe: false });
				if (transfer.state === 'arrived') add('accepted', tell('accepted', { outcome: 'accepted', sha256: '' } satisfies UploadOutcome));
				if (this.bounds.faults || transfer.state === 'gone' || this.now >= transfer.until - GRACE) {
					add('unknown', () => {
						this.breakOff(transfer);
						tell(['unknown', this.now], { outcome: 'unknown', error } satisfies UploadOutcome)();
					});
				}
			}
		}
	}

	private remember(sender: Sender, kind: Wish['kind'], what: string): void {
		const settling = sender.memory.includes('"unknown"');
		const lookIsOver = kind === 'archive' || (kind === 'tracking' && !this.bounds.splitLooks);
		if (kind === 'request') sender.memory = 'again';
		else if (settling) sender.memory += what;
		else if (kind === 'sleep') sender.memory = what;
		else if (lookIsOver) sender.memory = sender.memory.startsWith('again') ? 'again' : '';
		else sender.memory += what;
	}

	private start(sender: Sender): void {
		const wait = async <T>(kind: Wish['kind'], more: Partial<Wish> = {}): Promise<T> =>
			await new Promise<T>((resolve, reject) => {
				sender.wish = { kind, grant: resolve as (value: unknown) => void, refuse: reject, ...more };
			});
		this.waits.set(sender, wait);
		const look = async (): Promise<Sighting> => {
			const { at, submissions } = await wait<{ at: number; submissions: Entry[] }>('tracking');
			const uploaded = this.bounds.splitLooks ? await wait<{ at: number } | undefined>('upload') : this.uploaded.at(-1);
			const archived = this.bounds.splitLooks ? await wait<Array<{ id: string; at: number }>>('archive') : this.archived;
			return {
				at,
				submissions: submissions.map((entry) => submissionOf(entry)),
				uploaded: uploaded && { name: FILE.name, size: CONTENT.size, lastModified: new Date(uploaded.at) },
				archived: this.bounds.hidesArchive ? [] : archived.map(({ id, at: arrivedAt }) => ({ path: archivePath(id), size: CONTENT.size, at: arrivedAt })),
				unseen: this.bounds.hidesArchive ? [{ place: 'archive', isClosed: true, why: unwell() }] : [],
			};
		};
		const ports = {
			look,
			request: async () => await wait<never>('request'),
			isSame: async () => true,
			clock: {
				now: () => this.now,
				// How long pauses are is no matter here: a sender may always be late.
				sleep: async (ms: number) => await wait('sleep', ms === SPREAD / 2 ? { wake: this.now + ms, spread: true } : { wake: this.now + 1 }),
			},
			random: () => 0.5,
		};
		void submit(FILE, CONTENT, { guardDays: 30, patience: this.bounds.patience }, ports).then(
			(result) => (sender.result = result),
			(error: FileXError) => (sender.result = error),
		);
	}

	private readonly waits = new Map<Sender, <T>(kind: Wish['kind'], more?: Partial<Wish>) => Promise<T>>();

	private requestOf(sender: Sender, entry: Entry) {
		const wait = this.waits.get(sender)!;
		return {
			isRegistered: true,
			isWholeWhenSeen: true,
			trackingId: entry.id,
			send: async (): Promise<UploadOutcome> => {
				const refused = await wait<UploadOutcome | undefined>('send', { entry });
				return refused ?? (await wait<UploadOutcome>('answer', { entry }));
			},
		};
	}

	private register(skew: number): Entry {
		const entry = { id: `t${this.entries.length + 1}`, stampedAt: this.now - skew, issuedAt: this.now, received: false };
		this.entries.push(entry);
		return entry;
	}

	private visible(sender: Sender): Entry[] {
		const { hidesRequests } = this.bounds;
		return this.entries.filter(({ id, received }) => !hidesRequests || received || sender.own.includes(id)).map((entry) => ({ ...entry }));
	}

	private arrive(transfer: Transfer): void {
		transfer.state = 'arrived';
		this.uploaded.push({ id: transfer.entry.id, at: this.now });
		if (this.bounds.lag) return;
		this.pickUp();
		transfer.entry.received = true;
	}

	private pickUp(): void {
		this.archived.push(...this.uploaded);
		this.uploaded = [];
	}

	/** The connection is gone: what is on its way may still arrive, for a while. */
	private breakOff(transfer: Transfer): void {
		transfer.until = Math.min(transfer.until, this.now + (this.bounds.linger ?? GRACE));
	}

	private crash(sender: Sender, wish: Wish): void {
		this.crashes++;
		sender.crashed = true;
		sender.wish = undefined;
		const transfer = this.transfers.find(({ entry }) => entry === wish.entry);
		if (transfer) this.breakOff(transfer);
	}

	private leap(): void {
		this.leaps++;
		this.now += this.bounds.leap;
		for (const transfer of this.transfers) {
			if (transfer.state === 'underWay' && this.now > transfer.until) transfer.state = 'gone';
		}
	}
}

function submissionOf({ id, stampedAt, received }: Entry): Submission {
	const submittedAt = new Date(stampedAt).toISOString();
	return {
		trackingId: id,
		submittedAt,
		status: received ? 'Received by FINRA' : 'Request Received',
		downstreamStatus: null,
		size: received ? CONTENT.size : null,
		archivePath: received ? archivePath(id) : null,
		userName: 'demo',
	} as Submission;
}

function archivePath(id: string): string {
	return `0001/focus/in_arcv/20260331000000000_${id}`;
}

export function endOf(end: SubmitResult | FileXError | undefined): string | undefined {
	return end instanceof FileXError ? String(end.evidence?.outcome ?? end.kind) : end?.outcome;
}
