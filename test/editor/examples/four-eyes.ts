import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Desk } from './desk';

const FORM = 'filex-four-eyes';

/** `four-eyes-submission`. */
export function fourEyes(running: () => Desk): void {
	/** Fills in the form; gives the link that the approver gets by e-mail. */
	async function askFor(name: string, content: Buffer): Promise<string> {
		const desk = running();
		await desk.submit(FORM, name, content);
		const mail = await desk.receives(new RegExp(`^Subject: Approve a filing to FINRA: ${name}`, 'm'));
		expect(mail).toMatch(/^To: approver@example\.com/m);
		expect(mail).toContain(`Size: ${content.length} bytes`);
		expect(mail).toContain(`SHA-256: ${createHash('sha256').update(content).digest('hex')}`);
		// n8n sends the mail before it has stored that it waits, and answers no one until then.
		await desk.reached('the wait for an answer', async () =>
			(await desk.rig.api.executions('four-eyes-submission')).some(({ status }) => status === 'waiting'),
		);
		return /href="([^"]+)"/.exec(mail)![1]!.replaceAll('&amp;', '&');
	}

	it('submit what a second person has approved, and only then', async () => {
		const desk = running();
		const content = randomBytes(5000);
		const link = await askFor('approved.zip', content);
		// As mail filters do, which open every link.
		const page = await fetch(link, { headers: { 'User-Agent': 'Mozilla/5.0' } });
		expect(await page.text()).toContain('Submit this filing to FINRA?');
		expect(await desk.arrivals('approved.zip')).toEqual([]);
		await desk.fillIn(link, ['Approve', 'Jane Roe']);
		const text = await desk.hears(/^Submitted to FINRA: approved\.zip/);
		expect(text).toMatch(/, approved by Jane Roe$/);
		expect(await desk.arrivals('approved.zip')).toMatchObject([
			{ sha256: createHash('sha256').update(content).digest('hex') },
		]);
	});

	it('submit nothing that the second person declines', async () => {
		const desk = running();
		await desk.fillIn(await askFor('declined.zip', randomBytes(100)), ['Decline', 'Jane Roe']);
		expect(await desk.hears(/declined\.zip/)).toBe('NOT sent to FINRA: declined.zip, declined by Jane Roe');
		expect(await desk.arrivals('declined.zip')).toEqual([]);
	});

	it('submit nothing that changed after it was approved', async () => {
		const desk = running();
		const content = randomBytes(3000);
		const link = await askFor('changed.zip', content);
		const stored = await fileOf(content, join(desk.rig.home.folder, '.n8n'));
		await writeFile(stored, randomBytes(content.length));
		await desk.fillIn(link, ['Approve', 'Jane Roe']);
		expect(await desk.hears(/^NOT sent to FINRA \(rejected\): .*changed\.zip/)).toMatch(/SHA-256/);
		expect(await desk.arrivals('changed.zip')).toEqual([]);
	});

	it('ask no one about what cannot be submitted', async () => {
		const desk = running();
		await desk.submit(FORM, 'approved 2.zip', randomBytes(10));
		await desk.hears(/^NOT sent to FINRA \(rejected\): .*space/);
		expect(desk.mailed(/approved 2\.zip/)).toEqual([]);
	});
}

/** Where n8n keeps a file. */
async function fileOf(content: Buffer, folder: string): Promise<string> {
	const entries = await readdir(folder, { recursive: true });
	for (const entry of entries) {
		const path = join(folder, entry);
		const seen = await stat(path);
		if (seen.isFile() && seen.size === content.length && content.equals(await readFile(path))) return path;
	}
	throw new Error('n8n keeps no such file on disk');
}
