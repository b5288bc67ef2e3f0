import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { n8nNumber, n8nText } from '../../../nodes/shared/n8n-env';

describe("a setting of n8n's", () => {
	const folder = mkdtempSync(join(tmpdir(), 'filex-env-'));
	const file = join(folder, 'secret');
	writeFileSync(file, '600\n');
	afterAll(() => rmSync(folder, { recursive: true }));

	it.each<[NodeJS.ProcessEnv, string | undefined, number]>([
		[{}, undefined, 30],
		[{ A: '' }, undefined, 30],
		[{ A: ' ' }, undefined, 30],
		[{ A: '600' }, '600', 600],
		[{ A: '0' }, '0', 0],
		[{ A: '600s' }, '600s', 30],
		[{ A: '"600"' }, '600', 30],
		[{ A: "'sqlite'" }, 'sqlite', 30],
		[{ A_FILE: file }, '600', 600],
		[{ A: '60', A_FILE: file }, '60', 60],
		[{ A_FILE: join(folder, 'missing') }, undefined, 30],
	])('is read as n8n reads it: %j', (env, text, number) =>
		expect([n8nText('A', env), n8nNumber('A', 30, env)]).toEqual([text, number]),
	);
});
