import type { IExecuteFunctions } from 'n8n-workflow';
import { inputError } from '../../filex';
import { n8nNumber, n8nText } from './n8n-env';

const MIB = 2 ** 20;

/** Characters that one string of JavaScript's can have: `default` mode keeps files as base64. */
const LONGEST_STRING = 2 ** 29 - 24;

/**
 * Bytes that can be read back from PostgreSQL, which sends them as one string: `\x` and two hexadecimal digits each
 * (https://www.postgresql.org/docs/current/datatype-binary.html). It takes larger files, and whoever reads one hangs.
 */
const LARGEST_BYTEA = (LONGEST_STRING - 2) / 2;

/** A file up to this size, in bytes, every mode holds. */
const ALWAYS_HELD = LARGEST_BYTEA;

/**
 * How many bytes a file may have in n8n's binary store.
 *
 * @param mode of the instance: https://docs.n8n.io/hosting/scaling/binary-data/
 */
export function binaryLimit(mode: string, env: NodeJS.ProcessEnv = process.env): number {
	switch (mode) {
		case 'filesystem':
		case 'filesystem-v2':
			return Infinity;
		case 'database':
			return Math.min(
				n8nNumber('N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE', 512, env) * MIB,
				(n8nText('DB_TYPE', env) ?? 'sqlite') === 'sqlite' ? Infinity : LARGEST_BYTEA,
			);
		case 'default':
			return (LONGEST_STRING / 4) * 3;
		default:
			// `s3` and `azure`: n8n gathers the whole file in memory, twice, before it sends it on.
			return 1024 * MIB;
	}
}

/** Refuses a file that this instance's binary store cannot hold. @param size bytes */
export async function checkBinaryStore(context: IExecuteFunctions, name: string, size: number): Promise<void> {
	if (size <= ALWAYS_HELD) return;
	const mode = await binaryModeOf(context);
	const limit = binaryLimit(mode);
	if (size <= limit) return;
	throw inputError(
		'Destination',
		`'${name}' has ${size} bytes, and in its binary mode '${mode}' n8n stores at most ${limit} per file`,
		"Nothing was transferred. Choose 'File on Disk' or 'S3 Bucket' as 'Destination', or ask the n8n administrator to set N8N_DEFAULT_BINARY_DATA_MODE=filesystem (not in queue mode, where n8n does not support it).",
	);
}

/** The binary mode of this instance, e.g. `filesystem-v2`. */
export async function binaryModeOf(context: IExecuteFunctions): Promise<string> {
	// Only an id tells the mode: a byte is stored for it, which n8n removes with the execution.
	const { id } = await context.helpers.prepareBinaryData(Buffer.from('?'), 'probe.txt', 'text/plain');
	return id === undefined ? 'default' : id.split(':')[0]!;
}
