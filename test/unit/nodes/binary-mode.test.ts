import { binaryLimit } from '../../../nodes/shared/binary-mode';

const GIB = 2 ** 30;

describe('what a binary mode of n8n holds in one file', () => {
	it.each([
		['filesystem', {}, Infinity],
		['filesystem-v2', {}, Infinity],
		['database', {}, GIB / 2],
		['database', { N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE: '1024' }, GIB],
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
