import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { cancelled } from '../errors';
import { KeyedSemaphore } from '../util/semaphore';
import type { Parallelism } from '../util/parallelism';
import { type Member, Rendezvous } from './rendezvous';

/**
 * Bytes of files that have asked for an upload, or are being sent, beyond one for each place: the slowest line that is
 * waited for takes half a minute to send them, so that each file begins within its URL's life.
 */
const MOST_BYTES = 8 * 2 ** 20;

/** Files that go through the steps of submitting together. */
const MOST_FILES = 128;

/** The steps that the files of a batch take together; before each of them, one look at fileX serves all. */
const STEP = { look: 0, request: 1, lookAgain: 2, confirm: 3 } as const;

/**
 * Sends the files of a run in batches, so that what would be asked about each is asked once for all. What one file is
 * promised stays as it is: its own request comes before the look that its sending depends on.
 */
export class UploadBatches {
	/** Files that are still being read, or wait for another upload of their name. */
	private coming = 0;
	private readonly queue: Array<{ ticket: Ticket; admit: () => void }> = [];
	/** Admitted, and not yet being sent. */
	private readonly pending = new Map<Member, number>();
	/** Being sent, with their sizes. */
	private readonly sending = new Map<Member, number>();
	private readonly places = new KeyedSemaphore(() => cancelled('Submitting the file'));
	private isFilling = false;

	constructor(private readonly parallel: Parallelism) {}

	/** One file is on its way. To be called before anything is awaited. */
	enter(): Ticket {
		this.coming++;
		return new Ticket({
			arrived: () => {
				this.coming--;
				this.fill();
			},
			queue: (ticket, admit) => {
				this.queue.push({ ticket, admit });
				this.fill();
			},
			unqueue: (ticket) => {
				const at = this.queue.findIndex((waiter) => waiter.ticket === ticket);
				if (at >= 0) this.queue.splice(at, 1);
			},
			drop: (member) => this.drop(member),
			place: async (member, size, signal) => await this.place(member, size, signal),
			compare: async (work, signal) => await this.compare(work, signal),
		});
	}

	/** Files that wait for nothing but the others to come are let in together. */
	private fill(): void {
		if (this.isFilling) return;
		this.isFilling = true;
		setImmediate(() => {
			this.isFilling = false;
			if (this.coming > 0 || this.pending.size > 0) return;
			const batch = new Rendezvous((member) => this.drop(member));
			while (this.queue[0] && this.hasRoomFor(this.queue[0].ticket.size)) {
				const { ticket, admit } = this.queue.shift()!;
				ticket.member = batch.join();
				this.pending.set(ticket.member, ticket.size);
				admit();
			}
		});
	}

	/** No batch waits for it any more. */
	private drop(member: Member): void {
		this.pending.delete(member);
		this.fill();
	}

	private hasRoomFor(size: number): boolean {
		const sizes = [size, ...this.pending.values(), ...this.sending.values()];
		const { files, placesFor } = this.parallel;
		if (sum(sizes.map(placesFor)) <= files) return true;
		return sum(sizes) <= MOST_BYTES && this.pending.size < MOST_FILES;
	}

	private async compare<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
		const leave = await this.places.acquire('compare', this.parallel.files, signal);
		return await work().finally(leave);
	}

	private async place(member: Member, size: number, signal?: AbortSignal): Promise<() => void> {
		const { files, placesFor } = this.parallel;
		const leave = await this.places.acquire('', files, signal, placesFor(size));
		this.pending.delete(member);
		this.sending.set(member, size);
		this.fill();
		return () => {
			leave();
			this.sending.delete(member);
			this.fill();
		};
	}
}

interface TicketPorts {
	arrived(): void;
	queue(ticket: Ticket, admit: () => void): void;
	unqueue(ticket: Ticket): void;
	drop(member: Member): void;
	place(member: Member, size: number, signal?: AbortSignal): Promise<() => void>;
	compare<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/** One file's way through the batches. */
export class Ticket {
	/** Once it is admitted. */
	member!: Member;
	/** Bytes. */
	size = 0;
	private isComing = true;
	private step: number = STEP.look;

	constructor(private readonly ports: TicketPorts) {}

	/** No batch waits for this file until it is {@link admitted}. */
	stepAside(): void {
		if (!this.isComing) return;
		this.isComing = false;
		this.ports.arrived();
	}

	/** Waits for a batch. @param size bytes @param signal ends the waiting */
	async admitted(size: number, signal: AbortSignal): Promise<void> {
		this.size = size;
		if (signal.aborted) throw cancelled('Submitting the file');
		await new Promise<void>((admit, reject) => {
			const giveUp = () => {
				this.ports.unqueue(this);
				reject(cancelled('Submitting the file'));
			};
			signal.addEventListener('abort', giveUp, { once: true });
			this.ports.queue(this, () => {
				signal.removeEventListener('abort', giveUp);
				admit();
			});
			this.stepAside();
		});
	}

	/** Before each look at fileX. One that has to look in vain does not keep the others waiting. */
	async beforeLook(): Promise<void> {
		const isExpected = this.step === STEP.look || this.step === STEP.lookAgain;
		if (!isExpected) return this.fallBehind();
		await this.member.reach(this.step);
		this.step++;
	}

	/** Before an upload is asked for: once it is known of all files of the batch that nothing stops them. */
	async beforeRequest(): Promise<void> {
		if (this.step > STEP.request) return;
		await this.member.reach(STEP.request);
		this.step = STEP.lookAgain;
		// What stopped another file may stop the run.
		await turnOfTheLoop();
	}

	/** Waits for a place to send from. Gives the way to leave it. */
	async place(signal?: AbortSignal): Promise<() => void> {
		this.member.pass(STEP.lookAgain);
		return await this.ports.place(this.member, this.size, signal);
	}

	/** Reads contents to compare them, when there is a place for that. */
	async compare<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
		return await this.ports.compare(work, signal);
	}

	/** Before it is confirmed what fileX made of the file. */
	async beforeConfirmation(): Promise<void> {
		await this.member.reach(STEP.confirm);
	}

	/** It is over. May be called at any time, more than once. */
	leave(): void {
		this.stepAside();
		if (this.member as Member | undefined) this.fallBehind();
	}

	private fallBehind(): void {
		this.member.leave();
		this.ports.drop(this.member);
	}
}

function sum(numbers: number[]): number {
	return numbers.reduce((total, each) => total + each, 0);
}
