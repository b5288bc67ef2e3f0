import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from '../state/database';
import type { ChecksumAlgorithm } from './checksums';

export type ChecksumType = 'COMPOSITE' | 'FULL_OBJECT';

/** A multipart upload that was begun. */
export interface Upload {
	id: string;
	/** `[org, application, subSpace, file]`. */
	path: string[];
	started: Date;
	contentType: string | undefined;
	algorithm: ChecksumAlgorithm | undefined;
	/** Undefined where there is no algorithm. */
	checksumType: ChecksumType | undefined;
}

export interface Part {
	/** 1 to 10,000. */
	number: number;
	/** Where its bytes are in the content folder. */
	content: string;
	size: number;
	/** Hex, without quotes. */
	etag: string;
	/** In Base64, by the upload's algorithm. */
	checksum: string | undefined;
	lastModified: Date;
}

/** The records of multipart uploads, in the tables `uploads` and `parts`. */
export class Uploads {
	constructor(private readonly database: DatabaseSync) {}

	begin(upload: Omit<Upload, 'id'>, username: string): string {
		const id = randomBytes(48).toString('base64url');
		const { path, started, contentType, algorithm, checksumType } = upload;
		this.database
			.prepare(
				'INSERT INTO uploads (id, space, name, username, started, content_type, checksum_algorithm, checksum_type) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
			)
			.run(
				id,
				path.slice(0, 3).join('/'),
				path[3]!,
				username,
				started.getTime(),
				contentType ?? null,
				algorithm ?? null,
				checksumType ?? null,
			);
		return id;
	}

	/** The upload of that id, if it is one of that path. */
	find(id: string, path: string[]): Upload | undefined {
		const row = this.database
			.prepare('SELECT * FROM uploads WHERE id = ? AND space = ? AND name = ?')
			.get(id, path.slice(0, 3).join('/'), path[3]!);
		return row && uploadOf(row as unknown as UploadRow);
	}

	/** The uploads of a sub-space, by name and age. @param space `{org}/{application}/{subSpace}` */
	inSpace(space: string): Upload[] {
		const rows = this.database.prepare('SELECT * FROM uploads WHERE space = ? ORDER BY name, started, id').all(space);
		return (rows as unknown as UploadRow[]).map(uploadOf);
	}

	/** Parts by number. */
	parts(id: string): Part[] {
		const rows = this.database.prepare('SELECT * FROM parts WHERE upload = ? ORDER BY number').all(id);
		return (rows as unknown as PartRow[]).map(partOf);
	}

	/** Records a part; gives the content that it replaces, or false where the upload is gone. */
	putPart(
		id: string,
		{ number, content, size, etag, checksum, lastModified }: Part,
	): { replaced: string | undefined } | false {
		return inTransaction(this.database, () => {
			if (!this.database.prepare('SELECT 1 FROM uploads WHERE id = ?').get(id)) return false;
			const before = this.database.prepare('SELECT content FROM parts WHERE upload = ? AND number = ?').get(id, number);
			this.database
				.prepare(
					'INSERT OR REPLACE INTO parts (upload, number, content, size, etag, checksum, last_modified) VALUES (?, ?, ?, ?, ?, ?, ?)',
				)
				.run(id, number, content, size, etag, checksum ?? null, lastModified.getTime());
			return { replaced: before?.content as string | undefined };
		});
	}

	/** Ends the uploads that began before a time; gives the contents of their parts, to be released. */
	endOlder(than: Date): string[] {
		const rows = this.database.prepare('SELECT id FROM uploads WHERE started < ?').all(than.getTime()) as Array<{
			id: string;
		}>;
		return rows.flatMap(({ id }) => this.end(id));
	}

	/** Ends an upload, and with it the records of its parts; gives their contents, to be released. */
	end(id: string): string[] {
		const contents = this.parts(id).map(({ content }) => content);
		this.database.prepare('DELETE FROM uploads WHERE id = ?').run(id);
		return contents;
	}
}

interface UploadRow {
	id: string;
	space: string;
	name: string;
	started: number;
	content_type: string | null;
	checksum_algorithm: ChecksumAlgorithm | null;
	checksum_type: ChecksumType | null;
}

interface PartRow {
	number: number;
	content: string;
	size: number;
	etag: string;
	checksum: string | null;
	last_modified: number;
}

function uploadOf(row: UploadRow): Upload {
	return {
		id: row.id,
		path: [...row.space.split('/'), row.name],
		started: new Date(row.started),
		contentType: row.content_type ?? undefined,
		algorithm: row.checksum_algorithm ?? undefined,
		checksumType: row.checksum_type ?? undefined,
	};
}

function partOf({ number, content, size, etag, checksum, last_modified }: PartRow): Part {
	return { number, content, size, etag, checksum: checksum ?? undefined, lastModified: new Date(last_modified) };
}
