import { randomBytes, randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../clock';
import type { Settings } from '../settings';
import { presignedUrl } from './presign';

export const BUCKET = 'bucket-filex';
export const REGION = 'us-east-1';

/** An S3 transfer token as fileX hands it out. */
export interface S3Session {
	region: string;
	sessionName: string;
	/** E.g. `bucket-filex/0001/app1/out/`. */
	readPaths: string[];
	writePaths: string[];
	credentials: {
		/** 20 characters. */
		accessKeyId: string;
		/** 40 characters. */
		secretAccessKey: string;
		sessionToken: string;
		expiration: Date;
	};
}

/** A key that requests are signed with. */
export interface S3Key {
	accessKeyId: string;
	secret: string;
	/** Only a session has one; the service's own key has neither token, account nor end. */
	sessionToken: string | undefined;
	username: string | undefined;
	expires: Date | undefined;
	readPaths: string[];
	writePaths: string[];
}

/** Longest lifetime of a pre-signed URL that S3 takes, in seconds. */
const MAX_URL_SECONDS = 7 * 24 * 3600;

/** Sessions that expired are remembered for a day, so that they are told from unknown ones. */
const REMEMBERED = 24 * 3600 * 1000;

/** The keys of the S3 wire, in the table `s3_keys`. */
export class S3Keys {
	/** Where the wire answers, e.g. `http://127.0.0.1:9000`; known once its server listens. */
	baseUrl = '';

	constructor(
		private readonly database: DatabaseSync,
		private readonly settings: Settings,
		private readonly clock: Clock,
	) {}

	/**
	 * A URL of the service's own that stands for one request; it lives `urlSeconds`. Account and tracking
	 * id are signed with it.
	 *
	 * @param path `[org, application, subSpace, file]`
	 * @param hostname by which the client reaches the sandbox; that of `baseUrl` where absent
	 */
	presign(method: 'GET' | 'PUT', path: string[], username: string, trackingId?: string, hostname?: string): string {
		const { accessKeyId, secret } = this.serviceKey();
		const base = new URL(this.baseUrl);
		if (hostname) base.hostname = hostname;
		return presignedUrl({
			method,
			base: base.origin,
			path: [BUCKET, ...path],
			query: [
				['x-amz-meta-username', username],
				...(trackingId === undefined ? [] : [['x-amz-meta-tracking-id', trackingId] as [string, string]]),
			],
			accessKeyId,
			secret,
			region: REGION,
			now: this.clock.now(),
			seconds: Math.min(Math.ceil(this.settings.get().urlSeconds), MAX_URL_SECONDS),
		});
	}

	/** A new session; it lives `s3TokenSeconds`. Paths are `[org, application, subSpace]`. */
	issue(username: string, readPaths: string[][], writePaths: string[][]): S3Session {
		const now = this.clock.now().getTime();
		const key: S3Key = {
			...newKeyPair('ASIA'),
			sessionToken: randomBytes(192).toString('base64'),
			username,
			expires: new Date(now + this.settings.get().s3TokenSeconds * 1000),
			readPaths: readPaths.map(grantOf),
			writePaths: writePaths.map(grantOf),
		};
		this.database.prepare('DELETE FROM s3_keys WHERE expires < ?').run(now - REMEMBERED);
		this.keep(key);
		return {
			region: REGION,
			sessionName: `${username}@${randomUUID()}`,
			readPaths: key.readPaths,
			writePaths: key.writePaths,
			credentials: {
				accessKeyId: key.accessKeyId,
				secretAccessKey: key.secret,
				sessionToken: key.sessionToken!,
				expiration: key.expires!,
			},
		};
	}

	find(accessKeyId: string): S3Key | undefined {
		const row = this.database.prepare('SELECT * FROM s3_keys WHERE access_key_id = ?').get(accessKeyId);
		return row && keyOf(row as unknown as KeyRow);
	}

	/** Ends all sessions. URLs of the service's own stay good until they expire. */
	revokeAll(): void {
		this.database.exec('DELETE FROM s3_keys WHERE session_token IS NOT NULL');
	}

	private serviceKey(): S3Key {
		const row = this.database.prepare('SELECT * FROM s3_keys WHERE session_token IS NULL LIMIT 1').get();
		if (row) return keyOf(row as unknown as KeyRow);
		const key: S3Key = {
			...newKeyPair('AKIA'),
			sessionToken: undefined,
			username: undefined,
			expires: undefined,
			readPaths: [],
			writePaths: [],
		};
		this.keep(key);
		return key;
	}

	private keep({ accessKeyId, secret, sessionToken, username, expires, readPaths, writePaths }: S3Key): void {
		this.database
			.prepare(
				'INSERT INTO s3_keys (access_key_id, secret, session_token, username, expires, read_paths, write_paths) VALUES (?, ?, ?, ?, ?, ?, ?)',
			)
			.run(
				accessKeyId,
				secret,
				sessionToken ?? null,
				username ?? null,
				expires === undefined ? null : Math.round(expires.getTime()),
				JSON.stringify(readPaths),
				JSON.stringify(writePaths),
			);
	}
}

/** @param prefix which AWS gives to keys of sessions (ASIA) and of long-lived identities (AKIA) */
function newKeyPair(prefix: 'ASIA' | 'AKIA'): Pick<S3Key, 'accessKeyId' | 'secret'> {
	return {
		accessKeyId: `${prefix}${randomBytes(8).toString('hex').toUpperCase()}`,
		secret: randomBytes(30).toString('base64'),
	};
}

function grantOf(path: string[]): string {
	return `${[BUCKET, ...path].join('/')}/`;
}

interface KeyRow {
	access_key_id: string;
	secret: string;
	session_token: string | null;
	username: string | null;
	expires: number | null;
	read_paths: string;
	write_paths: string;
}

function keyOf(row: KeyRow): S3Key {
	return {
		accessKeyId: row.access_key_id,
		secret: row.secret,
		sessionToken: row.session_token ?? undefined,
		username: row.username ?? undefined,
		expires: row.expires === null ? undefined : new Date(row.expires),
		readPaths: JSON.parse(row.read_paths) as string[],
		writePaths: JSON.parse(row.write_paths) as string[],
	};
}
