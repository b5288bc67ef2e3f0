import type { DatabaseSync } from 'node:sqlite';
import { checksumHeader, type ChecksumAlgorithm } from './checksums';
import type { ChecksumType } from './uploads';

export interface StoredChecksum {
	algorithm: ChecksumAlgorithm;
	/** In Base64; of a composite one, with the number of parts behind it. */
	value: string;
	type: ChecksumType;
}

/** The checksums that came with files, by their content: they stay with it wherever fileX moves the file. */
export class StoredChecksums {
	constructor(private readonly database: DatabaseSync) {
		database.exec(
			`CREATE TABLE IF NOT EXISTS s3_checksums (content TEXT PRIMARY KEY, algorithm TEXT NOT NULL, value TEXT NOT NULL, type TEXT NOT NULL) STRICT;
				DELETE FROM s3_checksums WHERE content NOT IN (SELECT content FROM files)`,
		);
	}

	keep(content: string, { algorithm, value, type }: StoredChecksum): void {
		this.database
			.prepare('INSERT OR REPLACE INTO s3_checksums (content, algorithm, value, type) VALUES (?, ?, ?, ?)')
			.run(content, algorithm, value, type);
	}

	find(content: string): StoredChecksum | undefined {
		return this.database
			.prepare('SELECT algorithm, value, type FROM s3_checksums WHERE content = ?')
			.get(content) as unknown as StoredChecksum | undefined;
	}
}

/** The headers that give a checksum back. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export function storedHeaders(checksum: StoredChecksum | undefined): Record<string, string> {
	return checksum ? { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type } : {};
}
