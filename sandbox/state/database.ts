import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const SCHEMA = `
	CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
	CREATE TABLE IF NOT EXISTS spaces (space TEXT PRIMARY KEY) STRICT;
	CREATE TABLE IF NOT EXISTS files (
		space TEXT NOT NULL, name TEXT NOT NULL,
		content TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL, content_type TEXT,
		last_modified INTEGER NOT NULL, stored_at INTEGER NOT NULL,
		PRIMARY KEY (space, name)
	) STRICT;
	CREATE TABLE IF NOT EXISTS submissions (
		number INTEGER PRIMARY KEY, tracking_id TEXT NOT NULL UNIQUE, submitted_at INTEGER NOT NULL,
		username TEXT NOT NULL, space TEXT NOT NULL, name TEXT NOT NULL,
		status TEXT NOT NULL, downstream TEXT, status_at INTEGER NOT NULL, received_at INTEGER,
		size INTEGER, archive_name TEXT
	) STRICT;
	CREATE TABLE IF NOT EXISTS arrivals (
		number INTEGER PRIMARY KEY, at INTEGER NOT NULL, method TEXT NOT NULL, username TEXT NOT NULL,
		space TEXT NOT NULL, name TEXT NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL,
		tracking_id TEXT, archive_name TEXT, unusable TEXT,
		content TEXT, etag TEXT NOT NULL, content_type TEXT
	) STRICT;
	CREATE TABLE IF NOT EXISTS accounts (username TEXT PRIMARY KEY, refusals INTEGER NOT NULL, locked INTEGER NOT NULL) STRICT;
	CREATE TABLE IF NOT EXISTS tokens (hash TEXT PRIMARY KEY, username TEXT NOT NULL, expires INTEGER NOT NULL) STRICT;
	CREATE TABLE IF NOT EXISTS s3_keys (
		access_key_id TEXT PRIMARY KEY, secret TEXT NOT NULL, session_token TEXT, username TEXT,
		expires INTEGER, read_paths TEXT NOT NULL, write_paths TEXT NOT NULL
	) STRICT;
	CREATE TABLE IF NOT EXISTS uploads (
		id TEXT PRIMARY KEY, space TEXT NOT NULL, name TEXT NOT NULL, username TEXT NOT NULL, started INTEGER NOT NULL,
		content_type TEXT, checksum_algorithm TEXT, checksum_type TEXT
	) STRICT;
	CREATE TABLE IF NOT EXISTS parts (
		upload TEXT NOT NULL REFERENCES uploads (id) ON DELETE CASCADE, number INTEGER NOT NULL,
		content TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL, checksum TEXT, last_modified INTEGER NOT NULL,
		PRIMARY KEY (upload, number)
	) STRICT;
	CREATE INDEX IF NOT EXISTS files_by_age ON files (stored_at);
	CREATE INDEX IF NOT EXISTS files_by_content ON files (content);
	CREATE INDEX IF NOT EXISTS submissions_by_age ON submissions (submitted_at);
	CREATE INDEX IF NOT EXISTS arrivals_due ON arrivals (number) WHERE content IS NOT NULL;
	CREATE INDEX IF NOT EXISTS arrivals_by_content ON arrivals (content) WHERE content IS NOT NULL;
	CREATE INDEX IF NOT EXISTS arrivals_by_age ON arrivals (at);
	CREATE INDEX IF NOT EXISTS arrivals_by_name ON arrivals (space, name);
	CREATE INDEX IF NOT EXISTS parts_by_content ON parts (content);
	CREATE INDEX IF NOT EXISTS s3_keys_by_age ON s3_keys (expires);
	CREATE INDEX IF NOT EXISTS s3_service_key ON s3_keys (access_key_id) WHERE session_token IS NULL;
	CREATE INDEX IF NOT EXISTS tokens_by_age ON tokens (expires);
`;

/**
 * The records, in `{dataDir}/records.db`. Every change is one transaction of SQLite, so a process
 * that is killed leaves whole records only. Times are milliseconds since 1970, `space` is
 * `{org}/{application}/{subSpace}`, `content` names a file of the content folder.
 */
export function openDatabase(dataDir: string): DatabaseSync {
	const path = join(dataDir, 'records.db');
	const database = new DatabaseSync(path);
	// It holds the secrets of S3 sessions.
	chmodSync(path, 0o600);
	database.exec(
		'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000',
	);
	database.exec(SCHEMA);
	return database;
}

/**
 * Takes a data folder for this process alone; gives how to leave it. A process that is killed leaves
 * it, too.
 *
 * @throws Error where another sandbox has it
 */
export function lockFolder(dataDir: string): () => void {
	const lock = new DatabaseSync(join(dataDir, 'lock.db'));
	try {
		lock.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
	} catch (error) {
		lock.close();
		throw new Error(`The folder ${dataDir} is in use by another sandbox.`, { cause: error });
	}
	return () => lock.close();
}

/** Runs work that changes several records: all of it happens, or none. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
	database.exec('BEGIN IMMEDIATE');
	try {
		const result = work();
		database.exec('COMMIT');
		return result;
	} catch (error) {
		database.exec('ROLLBACK');
		throw error;
	}
}
