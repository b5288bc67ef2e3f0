import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../clock';
import { DECISIONS, type Settings } from '../settings';
import type { Content } from '../state/content';
import { inTransaction } from '../state/database';
import type { FileFacts, Store } from '../state/store';
import { archiveOf } from '../world/places';
import { easternStamp } from './eastern';

/** What FINRA's application says of a submission (guide, section 5.4.6). */
export type Downstream = 'RECEIVED' | (typeof DECISIONS)[number];

/** A tracking record: one for every upload URL that was handed out. */
export interface Submission {
	trackingId: string;
	submittedAt: Date;
	username: string;
	/** `[org, application, subSpace]`. */
	space: string[];
	name: string;
	status: 'Request Received' | 'Received by FINRA';
	downstream: Downstream | null;
	statusAt: Date;
	size: number | null;
	archiveName: string | null;
}

/** A file that arrived, by whatever way: each is a filing of its own. */
export interface Arrival {
	at: Date;
	method: 'rest' | 's3' | 'sftp';
	username: string;
	/** `[org, application, subSpace]`. */
	space: string[];
	name: string;
	/** Bytes. */
	size: number;
	/** Hex. */
	sha256: string;
	trackingId: string | null;
	/** Null until fileX has picked it up. */
	archiveName: string | null;
	/** Why FINRA cannot use it; null where it can. */
	unusable: string | null;
}

export interface Upload {
	method: Arrival['method'];
	username: string;
	/** Only REST uploads have one. */
	trackingId?: string;
	unusable?: string;
	facts?: FileFacts;
	/** Changes of other records that must happen with it, or not at all. */
	also?: () => void;
}

/** Days that files stay in archives and download sub-spaces (guide, FAQ 4 and section 9). */
const FILE_DAYS = 30;

/** Days that submissions can be tracked (guide, section 5.4.6). */
const TRACKING_DAYS = 90;

const DAY = 24 * 3600 * 1000;

/** Seconds after an upload in which a client's chmod or rename still hits it (guide, FAQ 7). */
const TOUCH_SECONDS = 60;

/** The life of a submission: asked for, received, archived, decided, forgotten. */
export class Submissions {
	constructor(
		private readonly database: DatabaseSync,
		private readonly store: Store,
		private readonly settings: Settings,
		private readonly clock: Clock,
	) {}

	/** An upload URL was asked for; gives the tracking id. */
	request(username: string, path: string[]): string {
		const trackingId = randomUUID();
		const now = this.clock.now().getTime();
		this.database
			.prepare(
				"INSERT INTO submissions (tracking_id, submitted_at, username, space, name, status, status_at) VALUES (?, ?, ?, ?, ?, 'Request Received', ?)",
			)
			.run(trackingId, now, username, path.slice(0, 3).join('/'), path[3]!, now);
		return trackingId;
	}

	/** A whole file arrived in an upload sub-space. It is a submission of its own, also if sent before. */
	async receive(
		path: string[],
		content: Content,
		{ method, username, trackingId, unusable, facts, also }: Upload,
	): Promise<void> {
		const replaced = inTransaction(this.database, () => {
			also?.();
			this.database
				.prepare(
					`INSERT INTO arrivals (at, method, username, space, name, size, sha256, tracking_id, unusable, content, etag, content_type)
						VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
				)
				.run(
					this.clock.now().getTime(),
					method,
					username,
					path.slice(0, 3).join('/'),
					path[3]!,
					content.size,
					content.sha256,
					trackingId ?? null,
					unusable ?? null,
					content.id,
					facts?.etag ?? content.md5,
					facts?.contentType ?? null,
				);
			return this.store.record(path, content, facts);
		});
		await this.store.release(replaced);
		await this.advance();
	}

	/** A client tried to chmod or rename what was just uploaded: FINRA cannot use it any more (guide, FAQ 7). */
	spoil(path: string[], username: string, reason: string): void {
		const since = this.clock.now().getTime() - TOUCH_SECONDS * 1000;
		this.database
			.prepare(
				`UPDATE arrivals SET unusable = ? WHERE number =
					(SELECT max(number) FROM arrivals WHERE space = ? AND name = ? AND username = ? AND at >= ?)`,
			)
			.run(reason, path.slice(0, 3).join('/'), path[3] ?? '', username, since);
	}

	/** Brings about what is due by now: files picked up, decisions made, old things forgotten. */
	async advance(): Promise<void> {
		const now = this.clock.now().getTime();
		const { processingSeconds, decideAfterSeconds } = this.settings.get();
		const due = this.database
			.prepare('SELECT * FROM arrivals WHERE content IS NOT NULL AND at <= ? ORDER BY number')
			.all(now - processingSeconds * 1000) as unknown as ArrivalRow[];
		for (const arrival of due) inTransaction(this.database, () => this.pickUp(arrival));
		if (decideAfterSeconds !== null) this.decideAll(now, decideAfterSeconds);
		this.database.prepare('DELETE FROM submissions WHERE submitted_at < ?').run(now - TRACKING_DAYS * DAY);
		this.database.prepare('DELETE FROM arrivals WHERE at < ? AND content IS NULL').run(now - TRACKING_DAYS * DAY);
		await this.store.removeOlder(new Date(now - FILE_DAYS * DAY));
	}

	/** All that can still be tracked, in the order in which URLs were asked for. */
	all(): Submission[] {
		return (this.database.prepare('SELECT * FROM submissions ORDER BY number').all() as unknown as SubmissionRow[]).map(
			submissionOf,
		);
	}

	find(trackingId: string): Submission | undefined {
		const row = this.database.prepare('SELECT * FROM submissions WHERE tracking_id = ?').get(trackingId);
		return row && submissionOf(row as unknown as SubmissionRow);
	}

	arrivals(): Arrival[] {
		return (this.database.prepare('SELECT * FROM arrivals ORDER BY number').all() as unknown as ArrivalRow[]).map(
			arrivalOf,
		);
	}

	/** Gives false where there is no such submission, or nothing of it was received yet. */
	decide(trackingId: string, downstream: Downstream): boolean {
		const { changes } = this.database
			.prepare(
				"UPDATE submissions SET downstream = ?, status_at = ? WHERE tracking_id = ? AND status = 'Received by FINRA'",
			)
			.run(downstream, this.clock.now().getTime(), trackingId);
		return changes === 1;
	}

	/** Plants a submission of the past. */
	plant(submission: Submission): void {
		this.database
			.prepare(
				'INSERT OR IGNORE INTO submissions (tracking_id, submitted_at, username, space, name, status, downstream, status_at, received_at, size, archive_name) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
			)
			.run(
				submission.trackingId,
				submission.submittedAt.getTime(),
				submission.username,
				submission.space.join('/'),
				submission.name,
				submission.status,
				submission.downstream,
				submission.statusAt.getTime(),
				submission.status === 'Received by FINRA' ? submission.submittedAt.getTime() : null,
				submission.size,
				submission.archiveName,
			);
	}

	/** Moves a file out of its sub-space into the archive. */
	private pickUp({ number, at, space, name, size, tracking_id, content, etag, content_type }: ArrivalRow): void {
		const path = [...space.split('/'), name];
		const [org, application, subSpace] = path as [string, string, string];
		const archive = [org, application, archiveOf(subSpace)];
		const archiveName = this.freeName(archive, name, at);
		const facts = { etag, contentType: content_type ?? undefined, lastModified: new Date(at) };
		this.store.record([...archive, archiveName], { id: content!, size, md5: etag }, facts);
		// Another file of that name may have come meanwhile: it stays until its own turn.
		if (this.store.find(path)?.content === content) this.store.forget(path);
		this.database
			.prepare('UPDATE arrivals SET archive_name = ?, content = NULL WHERE number = ?')
			.run(archiveName, number);
		const now = this.clock.now().getTime();
		if (tracking_id === null) return;
		this.database
			.prepare(
				"UPDATE submissions SET status = 'Received by FINRA', downstream = 'RECEIVED', status_at = ?, received_at = ?, size = ?, archive_name = ? WHERE tracking_id = ?",
			)
			.run(now, now, size, archiveName, tracking_id);
	}

	/** Two arrivals of one name may share a millisecond: the second takes the next. */
	private freeName(archive: string[], name: string, at: number): string {
		for (let time = at; ; time++) {
			const candidate = `${easternStamp(new Date(time))}_${name}`;
			if (!this.store.find([...archive, candidate])) return candidate;
		}
	}

	private decideAll(now: number, after: number): void {
		const rows = this.database
			.prepare("SELECT * FROM submissions WHERE downstream = 'RECEIVED' AND received_at <= ?")
			.all(now - after * 1000) as unknown as SubmissionRow[];
		const { decision } = this.settings.get();
		for (const { tracking_id, name } of rows)
			this.decide(tracking_id, decision === 'by-name' ? decisionByName(name) : decision);
	}
}

/** So that a rehearsal can show every outcome without touching the sandbox. */
export function decisionByName(name: string): Downstream {
	if (/partial/i.test(name)) return 'PARTIALLY_REJECTED';
	return /reject/i.test(name) ? 'REJECTED' : 'ACCEPTED';
}

interface SubmissionRow {
	tracking_id: string;
	submitted_at: number;
	username: string;
	space: string;
	name: string;
	status: Submission['status'];
	downstream: Downstream | null;
	status_at: number;
	size: number | null;
	archive_name: string | null;
}

interface ArrivalRow {
	number: number;
	at: number;
	method: Arrival['method'];
	username: string;
	space: string;
	name: string;
	size: number;
	sha256: string;
	tracking_id: string | null;
	archive_name: string | null;
	unusable: string | null;
	/** Null once it was picked up. */
	content: string | null;
	etag: string;
	content_type: string | null;
}

function submissionOf(row: SubmissionRow): Submission {
	const { name, username, status, downstream, size } = row;
	return {
		trackingId: row.tracking_id,
		submittedAt: new Date(row.submitted_at),
		username,
		space: row.space.split('/'),
		name,
		status,
		downstream,
		statusAt: new Date(row.status_at),
		size,
		archiveName: row.archive_name,
	};
}

function arrivalOf(row: ArrivalRow): Arrival {
	const { method, username, name, size, sha256, unusable } = row;
	return {
		at: new Date(row.at),
		method,
		username,
		space: row.space.split('/'),
		name,
		size,
		sha256,
		trackingId: row.tracking_id,
		archiveName: row.archive_name,
		unusable,
	};
}
