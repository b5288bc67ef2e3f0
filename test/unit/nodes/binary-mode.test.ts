import { binaryLimit } from '../../../nodes/shared/binary-mode';

const GIB = 2 ** 30;

describe('what a binary mode of n8n holds in one file', () => {
	it.each([
		['filesystem', {}, Infinity],
		['filesystem-v2', {}, Infinity],
		['database', {}, GIB / 2],
		['database', { N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE: '1024' }, GIB],
		// `\x` and two digits a byte must fit into one string.
		['database', { DB_TYPE: 'postgresdb' }, 268_435_443],
		['database', { DB_TYPE: 'postgresdb', N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE: '1024' }, 268_435_443],
		['database', { DB_TYPE: 'postgresdb', N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE: '100' }, 100 * 2 ** 20],
		['database', { DB_TYPE: 'sqlite' }, GIB / 2],
		['s3', {}, GIB],
		['azure', {}, GIB],
	])('%s with %j', (mode, env, limit) => {
		expect(binaryLimit(mode, env)).toBe(limit);
	});

	it('default: what fits into one string as base64', () => {
		const limit = binaryLimit('default', {});
		expect(Math.ceil(limit / 3) * 4).toBeLessThanOrEqual(2 ** 29 - 24);
		expect(Math.ceil((limit + 3) / 3) * 4).toBeGreaterThan(2 ** 29 - 24);
	});
});
