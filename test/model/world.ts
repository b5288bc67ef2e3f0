import { FileXError } from '../../filex/errors';
import type { RemoteFile, UploadOutcome, UploadRequest } from '../../filex/space';
import type { RegisterPart, Sighting, Unseen } from '../../filex/submissions/sighting';
import type { Submission } from '../../filex/submissions/submission';
import { submit, type SubmitResult } from '../../filex/submissions/submit';
import { Rendezvous } from '../../filex/submissions/rendezvous';
import { GRACE, SPREAD, transferLimit } from '../../filex/submissions/timing';
import { Ticket } from '../../filex/submissions/upload-batches';
import { BoundedMap } from '../../filex/util/bounded-map';

const FILE = { orgId: '0001', application: 'focus', subSpace: 'in', name: 'a.zip' };
const CONTENT = { size: 2, open: async () => await Promise.reject(new Error('the model sends no bytes')) };
const START = Date.UTC(2026, 2, 31);
const URL_LIFE = 60_000;

export type Method = 'rest' | 's3' | 'sftp';

/** When a sender begins: at once; once the one before it has its request; or once that has ended and nothing of it is on its way. */
export type Beginning = 'now' | 'request' | 'end';

export interface SenderPlan {
	method: Method;
	begins?: Beginning;
	/** Whether it makes itself known by a request over REST first, though it sends over another method. */
	registers?: boolean;
	/** How often it may look; it is left alone after that. As the bounds say where absent. */
	looks?: number;
	/** Whether it sends the file in a batch, with another one that may hold it up. */
	isInBatch?: boolean;
	/** ms; as the bounds say where absent. */
	patience?: number;
}

/** What a place gives: fileX refuses to show it; no one answers; or each look may be one without an answer. */
export type Blindness = 'closed' | 'silent' | 'flaky';

/** What may continue in a world; a bound on what is explored. */
export interface Bounds {
	senders: SenderPlan[];
	/** How many senders may crash, at any step. */
	crashes: number;
	/** How often time may leap, and by how much, in ms. */
	leaps: number;
	leap: number;
	/** How often one sender may look; it is left alone after that. */
	looks: number;
	/** Whether the three places are read one after the other, with anything in between, or in one go. */
	splitLooks: boolean;
	/** How far the time of a request may be behind that of its becoming visible, in ms: each is one way to continue. */
	skews: number[];
	/** Whether an answer may be lost, a connection break in mid-file, or a page come in place of an answer. */
	faults: boolean;
	/** Whether fileX may take its time to pick a file up, and to show in tracking that it has come. */
	lag: boolean;
	/** How far fileX's clock is ahead of the times in its tracking, in ms. */
	ahead?: number;
	blind?: Partial<Record<RegisterPart, Blindness>>;
	/** Whether tracking shows a file's coming as soon as it leaves the upload sub-space. */
	tellsAtPickUp?: boolean;
	/** Broken on purpose: others see a request only once its file has arrived. */
	hidesRequests?: boolean;
	/** Broken on purpose: bytes may arrive as long after the sender gave up, in ms. */
	linger?: number;
	patience: number;
}

/** What a sender waits for. */
interface Wish {
	kind:
		'begin' | 'tracking' | 'uploadSubSpace' | 'archive' | 'mate' | 'request' | 'place' | 'send' | 'answer' | 'sleep';
	wake?: number;
	/** Whether it waits so as not to meet others again. */
	spread?: boolean;
	entry?: Entry;
	grant(value: unknown): void;
	refuse(error: Error): void;
}

/** One leave to upload. */
interface Entry {
	id: string;
	method: Method;
	/** Whether tracking shows it. */
	isTracked: boolean;
	/** As tracking gives it. */
	stampedAt: number;
	issuedAt: number;
	received: boolean;
}

/** A file on its way to fileX. */
interface Transfer {
	entry: Entry;
	/** After that it cannot arrive any more. */
	until: number;
	state: 'underWay' | 'arrived' | 'gone';
}

/** What lies in the upload sub-space. */
interface Lying {
	id: string;
	at: number;
	size: number;
	/** Whether it was completed: only then fileX picks it up. */
	isFiled: boolean;
}

export interface Sender {
	plan: SenderPlan;
	wish?: Wish;
	result?: SubmitResult | FileXError;
	crashed: boolean;
	looks: number;
	/** Ids of its requests. */
	own: string[];
	sends: number;
	memory: { abandoned: BoundedMap<string, true>; clearSince: BoundedMap<string, number>; unread: { value?: never } };
	/** Keys of requests that it has met past their lease, and when; a part of its memory that decides. */
	clear: Map<string, number>;
	/**
	 * What it was told that it may still act on. `submit` forgets the rest: a look is judged once it is
	 * whole, and only while an outcome is being settled do earlier looks count.
	 */
	told: string;
	/** The step that the other file of its batch has reached; Infinity where it is not waited for. */
	mate: number;
	/** When it first looked in vain, of the looks in vain that it has made in a row. */
	blindSince?: number;
}

/** One way to continue. */
export interface Choice {
	name: string;
	/** Whether something goes wrong by it. */
	isFault?: boolean;
	take(): void;
}

const unwell = () => new FileXError('unavailable', 'the answer was lost', { hint: '', retrySafe: true });
const noAnswer = () => new FileXError('outcome-unknown', 'no answer', { hint: '', retrySafe: false });

/** What a place gave at one look: nothing where there was no answer. */
type Seen<T> = { value: T } | undefined;

/** A fileX with some senders of one and the same file, who do nothing until told to. */
export class World {
	now = START;
	private leaps = 0;
	private crashes = 0;
	private readonly entries: Entry[] = [];
	private readonly transfers: Transfer[] = [];
	/** The last one is on top. */
	private lying: Lying[] = [];
	private readonly archived: Array<{ id: string; at: number }> = [];
	readonly senders: Sender[] = [];

	constructor(private readonly bounds: Bounds) {
		for (const plan of bounds.senders) this.add(plan);
	}

	add(plan: SenderPlan): Sender {
		const clear = new Map<string, number>();
		const clearSince = new BoundedMap<string, number>();
		const set = clearSince.set.bind(clearSince);
		clearSince.set = (key, at) => {
			clear.set(key, at);
			set(key, at);
		};
		const sender: Sender = {
			plan,
			crashed: false,
			looks: 0,
			own: [],
			sends: 0,
			memory: { abandoned: new BoundedMap(), clearSince, unread: {} },
			clear,
			told: '',
			mate: plan.isInBatch ? 0 : Infinity,
		};
		this.senders.push(sender);
		this.start(sender);
		return sender;
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

	/** Whether a file is on its way. */
	get isSending(): boolean {
		return this.transfers.some(({ state }) => state === 'underWay');
	}

	/** When the next sleeper wakes; undefined where no one sleeps. */
	get nextWake(): number | undefined {
		const wakes = this.senders.flatMap(({ wish, crashed }) => (wish?.wake === undefined || crashed ? [] : [wish.wake]));
		return wakes.length === 0 ? undefined : Math.min(...wakes);
	}

	/** All that decides what can happen from here on. */
	key(): string {
		const { now, leaps, crashes, entries, transfers, lying, archived } = this;
		const senders = this.senders.map(({ crashed, looks, own, sends, told, mate, blindSince, clear, wish, result }) =>
			result || crashed
				? [crashed, endOf(result)]
				: [looks, own, sends, told, mate, blindSince, [...clear], wish?.kind, wish?.wake],
		);
		return JSON.stringify([
			now,
			leaps,
			crashes,
			entries,
			transfers.map(({ entry, ...rest }) => [entry.id, rest]),
			lying,
			archived,
			senders,
		]);
	}

	choices(): Choice[] {
		const choices: Choice[] = [];
		this.senders.forEach((sender, index) => {
			const { wish } = sender;
			if (sender.crashed || !wish) return;
			const add = (name: string, take: () => void, isFault = false) =>
				choices.push({ name: `${index} ${wish.kind} ${name}`, take, isFault });
			this.waysToGrant(sender, wish, add);
			if (this.crashes < this.bounds.crashes && wish.kind !== 'begin')
				add('crash', () => this.crash(sender, wish), true);
		});
		for (const transfer of this.transfers.filter(({ state }) => state === 'underWay')) {
			choices.push({ name: `${transfer.entry.id} arrives`, take: () => this.arrive(transfer) });
			if (this.bounds.faults)
				choices.push({ name: `${transfer.entry.id} is gone`, take: () => (transfer.state = 'gone'), isFault: true });
			const partial = this.lying.find(({ id, size }) => id === transfer.entry.id && size < CONTENT.size);
			if (partial) choices.push({ name: `${transfer.entry.id} is written`, take: () => (partial.size = CONTENT.size) });
		}
		if (this.bounds.lag) {
			if (this.lying.some(({ isFiled }) => isFiled)) choices.push({ name: 'pick up', take: () => this.pickUp() });
			for (const { id } of this.archived) {
				const entry = this.entries.find((known) => known.id === id);
				if (entry?.method === 'rest' && !entry.received)
					choices.push({ name: `${id} is reported`, take: () => (entry.received = true) });
			}
		}
		if (this.leaps < this.bounds.leaps && !this.isOver)
			choices.push({ name: 'leap', take: () => this.leap(), isFault: true });
		return choices;
	}

	/** Lets time pass until then. */
	advance(to: number): void {
		this.now = Math.max(this.now, to);
		for (const transfer of this.transfers) {
			if (transfer.state === 'underWay' && this.now > transfer.until) transfer.state = 'gone';
		}
	}

	/** FINRA removes what was never completed (guide, FAQ 19). */
	removeLeftovers(): void {
		this.lying = this.lying.filter(
			({ id, isFiled }) =>
				isFiled || this.transfers.some(({ entry, state }) => entry.id === id && state === 'underWay'),
		);
	}

	private waysToGrant(
		sender: Sender,
		wish: Wish,
		add: (name: string, take: () => void, isFault?: boolean) => void,
	): void {
		const tell = (what: unknown, value: unknown) => () => {
			this.remember(sender, wish.kind, JSON.stringify(what));
			sender.wish = undefined;
			wish.grant(value);
		};
		switch (wish.kind) {
			case 'begin':
				if (this.mayBegin(sender)) add('', tell('', undefined));
				return;
			case 'sleep':
				if (this.now >= wish.wake!) add('wakes', tell(wish.spread ? 'spread' : 'woke', undefined));
				return;
			case 'mate':
				add('comes', () => {
					sender.wish = undefined;
					sender.mate++;
					wish.grant('comes');
				});
				add(
					'is late',
					() => {
						sender.wish = undefined;
						sender.mate = Infinity;
						wish.grant('is late');
					},
					true,
				);
				return;
			case 'place':
				add('', () => {
					sender.wish = undefined;
					wish.grant(undefined);
				});
				return;
			case 'tracking': {
				if (sender.looks >= (sender.plan.looks ?? this.bounds.looks)) return;
				const seen = { at: this.now + (this.bounds.ahead ?? 0), submissions: this.visible(sender) };
				this.waysToSee('tracking', seen, (name, value, isFault) =>
					add(
						name,
						() => {
							sender.looks++;
							tell(value ?? name, value)();
						},
						isFault,
					),
				);
				return;
			}
			case 'uploadSubSpace':
				this.waysToSee(wish.kind, this.lying.at(-1) && { ...this.lying.at(-1)! }, (name, value, isFault) =>
					add(name, tell([name, this.lying], value), isFault),
				);
				return;
			case 'archive':
				this.waysToSee(wish.kind, [...this.archived], (name, value, isFault) =>
					add(name, tell([name, this.archived], value), isFault),
				);
				return;
			case 'request': {
				const { method, registers: isIntent = false } = sender.plan;
				const isTracked = method === 'rest' || isIntent;
				for (const skew of isTracked ? this.bounds.skews : [0]) {
					add(`granted ${skew}`, () => {
						const entry = this.register(method, isTracked, skew);
						sender.own.push(entry.id);
						tell(entry.id, this.requestOf(sender, entry))();
					});
				}
				if (this.bounds.faults && isTracked) {
					add(
						'lost',
						() => {
							this.register(method, isTracked, 0);
							sender.wish = undefined;
							wish.refuse(unwell());
						},
						true,
					);
				}
				return;
			}
			case 'send':
				this.waysToSend(sender, wish.entry!, add, tell);
				return;
			case 'answer': {
				const transfer = this.transfers.find(({ entry }) => entry === wish.entry)!;
				if (transfer.state === 'arrived')
					add('accepted', tell('accepted', { outcome: 'accepted', sha256: '' } satisfies UploadOutcome));
				const isLost = transfer.state === 'gone' || this.now >= transfer.until - GRACE;
				if (this.bounds.faults || isLost) {
					add(
						'unknown',
						() => {
							this.breakOff(transfer);
							tell(['unknown', this.now], { outcome: 'unknown', error: noAnswer() } satisfies UploadOutcome)();
						},
						!isLost,
					);
				}
			}
		}
	}

	private waysToSend(
		sender: Sender,
		entry: Entry,
		add: (name: string, take: () => void, isFault?: boolean) => void,
		tell: (what: unknown, value: unknown) => () => void,
	): void {
		// Over REST fileX refuses what comes late; over the others the sender itself does.
		const latest = entry.method === 'rest' ? URL_LIFE : transferLimit(CONTENT.size);
		if (entry.isTracked && this.now > entry.issuedAt + latest) {
			const error = new FileXError('expired-url', 'expired', { hint: '', retrySafe: true });
			add('expired', tell('expired', { outcome: 'rejected', mayRepeat: true, error } satisfies UploadOutcome));
			return;
		}
		add('begins', () => {
			this.transfers.push({
				entry,
				until:
					(entry.isTracked ? entry.issuedAt : this.now) + transferLimit(CONTENT.size) + (this.bounds.linger ?? GRACE),
				state: 'underWay',
			});
			// Over SFTP a file lies there from its first byte on.
			if (entry.method === 'sftp') this.lay({ id: entry.id, at: this.now, size: 1, isFiled: false });
			sender.sends++;
			tell('sending', undefined)();
		});
		if (this.bounds.faults)
			add(
				'a page',
				tell(['unknown', this.now], { outcome: 'unknown', error: noAnswer() } satisfies UploadOutcome),
				true,
			);
	}

	/** What a place may give at a look. */
	private waysToSee<T>(
		place: RegisterPart,
		value: T,
		add: (name: string, value: Seen<T>, isFault?: boolean) => void,
	): void {
		const blindness = this.bounds.blind?.[place];
		if (blindness === 'closed' || blindness === 'silent') return add(blindness, undefined);
		add('', { value });
		if (blindness === 'flaky') add('unanswered', undefined, true);
	}

	private remember(sender: Sender, kind: Wish['kind'], what: string): void {
		const settling = sender.told.includes('"unknown"');
		const lookIsOver = kind === 'archive' || (kind === 'tracking' && !this.bounds.splitLooks);
		if (kind === 'begin') return;
		if (kind === 'request') sender.told = 'again';
		else if (settling) sender.told += what;
		else if (kind === 'sleep') sender.told = what;
		else if (lookIsOver) sender.told = sender.told.startsWith('again') ? 'again' : '';
		else sender.told += what;
	}

	private mayBegin(sender: Sender): boolean {
		const { begins = 'now' } = sender.plan;
		const before = this.senders[this.senders.indexOf(sender) - 1];
		if (begins === 'now' || !before) return true;
		if (begins === 'request') return before.own.length > 0;
		const isOnItsWay = this.transfers.some(({ entry, state }) => state === 'underWay' && before.own.includes(entry.id));
		return (before.result !== undefined || before.crashed) && !isOnItsWay;
	}

	private start(sender: Sender): void {
		const wait = async <T>(kind: Wish['kind'], more: Partial<Wish> = {}): Promise<T> =>
			await new Promise<T>((resolve, reject) => {
				sender.wish = { kind, grant: resolve as (value: unknown) => void, refuse: reject, ...more };
			});
		this.waits.set(sender, wait);
		const { plan } = sender;
		const { patience = this.bounds.patience } = plan;
		const look = async () => await this.look(sender, wait);
		const mates = plan.isInBatch ? this.batchOf(sender, wait) : undefined;
		const ports = {
			async look() {
				await mates?.beforeLook();
				return await look();
			},
			async request() {
				await mates?.beforeRequest();
				return await wait<never>('request');
			},
			...(mates && { place: async () => (await wait('place'), () => {}) }),
			isSame: async () => true,
			clock: {
				now: () => this.now,
				// How long pauses are is no matter here: a sender may always be late.
				sleep: async (ms: number) =>
					await wait('sleep', ms === SPREAD / 2 ? { wake: this.now + ms, spread: true } : { wake: this.now + 1 }),
			},
			random: () => 0.5,
			memory: sender.memory,
		};
		void wait('begin')
			.then(async () => await submit(FILE, CONTENT, { guardDays: 30, patience }, ports))
			.then(
				(result) => (sender.result = result),
				(error: FileXError) => (sender.result = error),
			);
	}

	/** The file's steps beside those of another one in its batch, which comes along or is late at each of them. */
	private batchOf(sender: Sender, wait: <T>(kind: Wish['kind']) => Promise<T>): Ticket {
		const meeting = new Rendezvous(() => {}, {
			sleep: async () => {
				if ((await wait('mate')) === 'is late') return;
				mate.pass(sender.mate);
				await new Promise(() => {});
			},
		});
		const mate = meeting.join();
		mate.pass(sender.mate);
		const never = () => {};
		const ticket = new Ticket({
			arrived: never,
			queue: never,
			unqueue: never,
			drop: () => (sender.mate = Infinity),
			place: async () => never,
			compare: async (work) => await work(),
		});
		ticket.member = meeting.join();
		return ticket;
	}

	private async look(sender: Sender, wait: <T>(kind: Wish['kind']) => Promise<T>): Promise<Sighting> {
		const tracked = await wait<Seen<{ at: number; submissions: Entry[] }>>('tracking');
		const lies = async (): Promise<Seen<Lying | undefined>> =>
			this.bounds.splitLooks ? await wait('uploadSubSpace') : this.unlessBlind('uploadSubSpace', this.lying.at(-1));
		const kept = async (): Promise<Seen<Array<{ id: string; at: number }>>> =>
			this.bounds.splitLooks ? await wait('archive') : this.unlessBlind('archive', [...this.archived]);
		const uploaded = await lies();
		const archived = await kept();
		const unseen = [
			this.unseenIn('tracking', tracked),
			this.unseenIn('uploadSubSpace', uploaded),
			this.unseenIn('archive', archived),
		].flat();
		sender.blindSince = unseen.some(({ isClosed }) => !isClosed) ? (sender.blindSince ?? this.now) : undefined;
		return {
			at: tracked?.value.at ?? this.now,
			submissions: (tracked?.value.submissions ?? []).map(submissionOf),
			uploaded: uploaded?.value && fileOf(uploaded.value),
			archived: (archived?.value ?? []).map(({ id, at }) => ({ path: archivePath(id), size: CONTENT.size, at })),
			unseen,
		};
	}

	/** For looks in one go: only what is blind for good. */
	private unlessBlind<T>(place: RegisterPart, value: T): Seen<T> {
		return this.bounds.blind?.[place] ? undefined : { value };
	}

	private unseenIn(place: RegisterPart, seen: Seen<unknown>): Unseen[] {
		return seen ? [] : [{ part: place, isClosed: this.bounds.blind?.[place] === 'closed', why: unwell() }];
	}

	private readonly waits = new Map<Sender, <T>(kind: Wish['kind'], more?: Partial<Wish>) => Promise<T>>();

	private requestOf(sender: Sender, entry: Entry): UploadRequest {
		const wait = this.waits.get(sender)!;
		const isRegistered = entry.isTracked;
		return {
			isRegistered,
			isIntent: isRegistered && entry.method !== 'rest',
			isWholeWhenSeen: entry.method !== 'sftp',
			...(isRegistered && { trackingId: entry.id }),
			send: async (): Promise<UploadOutcome> => {
				const refused = await wait<UploadOutcome | undefined>('send', { entry });
				return refused ?? (await wait<UploadOutcome>('answer', { entry }));
			},
		};
	}

	private register(method: Method, isTracked: boolean, skew: number): Entry {
		const entry = {
			id: `t${this.entries.length + 1}`,
			method,
			isTracked,
			stampedAt: this.now - skew,
			issuedAt: this.now,
			received: false,
		};
		this.entries.push(entry);
		return entry;
	}

	private visible(sender: Sender): Entry[] {
		const { hidesRequests } = this.bounds;
		return this.entries
			.filter(({ id, isTracked, received }) => isTracked && (!hidesRequests || received || sender.own.includes(id)))
			.map((entry) => ({ ...entry }));
	}

	private arrive(transfer: Transfer): void {
		const { entry } = transfer;
		transfer.state = 'arrived';
		this.lay({ id: entry.id, at: this.now, size: CONTENT.size, isFiled: true });
		if (this.bounds.lag) return;
		this.pickUp();
		entry.received = entry.method === 'rest';
	}

	/** Puts a file on top; of one upload there is one. */
	private lay(file: Lying): void {
		// What is sent over SFTP takes the place of what was left there.
		this.lying = this.lying.filter(({ id, isFiled }) => id !== file.id && isFiled);
		this.lying.push(file);
	}

	private pickUp(): void {
		for (const { id, at, isFiled } of this.lying) {
			if (!isFiled) continue;
			this.archived.push({ id, at });
			const entry = this.entries.find((known) => known.id === id)!;
			if (this.bounds.tellsAtPickUp) entry.received = entry.method === 'rest';
		}
		this.lying = this.lying.filter(({ isFiled }) => !isFiled);
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
		this.advance(this.now + this.bounds.leap);
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

function fileOf({ at, size }: Lying): RemoteFile {
	return { name: FILE.name, size, lastModified: new Date(at) };
}

function archivePath(id: string): string {
	return `0001/focus/in_arcv/20260331000000000_${id}`;
}

export function endOf(end: SubmitResult | FileXError | undefined): string | undefined {
	return end instanceof FileXError ? String(end.evidence?.outcome ?? end.kind) : end?.outcome;
}
