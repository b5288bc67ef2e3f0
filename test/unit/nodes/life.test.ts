import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LIFE } from '../../../nodes/shared/life';
import { ROOT } from '../../../scripts/run';
import { runProgram } from '../../support/program';

/** How a process ended, to the one that comes after it. */
describe('a process that gave something out', () => {
	const before = process.env.N8N_USER_FOLDER;
	let folder: string;

	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), 'filex-life-'));
		process.env.N8N_USER_FOLDER = folder;
	});
	afterEach(async () => {
		if (before === undefined) delete process.env.N8N_USER_FOLDER;
		else process.env.N8N_USER_FOLDER = before;
		await rm(folder, { recursive: true });
	});

	/** Lets a process end. Gives its id. */
	const ending = async (end: string): Promise<string> => {
		const script = `
			const { LIFE, tellEnd } = require('./nodes/shared/life.ts');
			tellEnd();
			process.stdout.write(LIFE.id, () => { ${end} });`;
		const env = { N8N_USER_FOLDER: folder };
		return (await runProgram(process.execPath, ['--import', 'tsx', '-e', script], { cwd: ROOT, env })).stdout;
	};

	it.each([
		['by itself', '', true],
		['as n8n does after SIGTERM', 'process.exit()', true],
		['with an error', 'process.exit(1)', false],
		['by a kill', "process.kill(process.pid, 'SIGKILL')", false],
	])('and ended %s', async (_, end, isWell) => {
		await mkdir(join(folder, '.n8n'));
		const id = await ending(end);
		expect(id).toMatch(/^[0-9a-f-]{36}$/);
		expect(LIFE.hasEndedWell(id)).toBe(isWell);
	});

	it('is remembered beside others', async () => {
		await mkdir(join(folder, '.n8n'));
		const ids = [await ending(''), await ending('')];
		expect(ids.map((id) => LIFE.hasEndedWell(id))).toEqual([true, true]);
	});

	it('counts as killed where nothing could be written, or what was written is torn', async () => {
		expect(LIFE.hasEndedWell(await ending(''))).toBe(false);
		await mkdir(join(folder, '.n8n'));
		const id = await ending('');
		await writeFile(join(folder, '.n8n', 'filex-good-ends.json'), `["${id}`);
		expect(LIFE.hasEndedWell(id)).toBe(false);
	});
});
