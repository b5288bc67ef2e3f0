import { createHash, randomBytes } from 'node:crypto';
import type { Desk } from './desk';

const FORM = 'filex-submit-with-receipt';

/** `receipts-to-postgres` and `daily-archive-audit`. @param report picked up before */
export function receipts(running: () => Desk, report: { name: string; content: Buffer }): void {
	const filing = { name: 'with-receipt.zip', content: randomBytes(4000) };
	const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');

	/** Waits for a row; gives its columns. */
	async function row(where: string): Promise<string[]> {
		let found = '';
		await running().reached(`the receipt ${where}`, async () => {
			found = await running().sql(
				`SELECT direction, outcome, sha256, receipt->>'fileName', receipt->>'receiptHash' = receipt_hash FROM filex_receipts WHERE ${where}`,
			);
			return found !== '';
		});
		return found.split('|');
	}

	it('store the receipt of each submission, also of one that was refused', async () => {
		const desk = running();
		await desk.submit(FORM, filing.name, filing.content);
		expect(await row("outcome = 'accepted'")).toEqual(['upload', 'accepted', sha256(filing.content), filing.name, 't']);
		await desk.submit(FORM, filing.name, filing.content);
		expect(await row("outcome = 'duplicate'")).toEqual(['upload', 'duplicate', sha256(filing.content), filing.name, 't']);
		await desk.hears(/^fileX: .*with-receipt\.zip/);
	});

	it('store the receipt of each report that is picked up', async () => {
		const where = `direction = 'download' AND receipt->>'fileName' = '${report.name}'`;
		expect(await row(where)).toEqual(['download', 'downloaded', sha256(report.content), report.name, 't']);
	});

	it('send a receipt by e-mail that the database does not take', async () => {
		const desk = running();
		await desk.sql('ALTER TABLE filex_receipts RENAME TO elsewhere');
		await desk.submit(FORM, 'not-stored.zip', 'content');
		const mail = await desk.receives(/^Subject: fileX: a receipt was not stored[^]*not-stored\.zip/m);
		await desk.sql('ALTER TABLE elsewhere RENAME TO filex_receipts');
		expect(mail).toMatch(/execution \d+ of this workflow/);
		expect(mail).toMatch(/"outcome":"accepted".*"receiptHash":"[0-9a-f]{64}"/);
		expect(await desk.arrivals('not-stored.zip')).toHaveLength(1);
	});

	it('tell of yesterday what fileX no longer has as the receipt says, and of nothing else', async () => {
		const desk = running();
		await desk.sql("UPDATE filex_receipts SET ended_at = ended_at - interval '1 day'");
		await desk.run('daily-archive-audit', 'Every Morning');
		expect(desk.told(/^fileX audit/)).toEqual([]);
		await desk.sql(`UPDATE filex_receipts SET receipt = jsonb_set(receipt, '{size}', '1') WHERE outcome = 'accepted'`);
		await desk.control(`files/0001/crd/reports/${report.name}`, 'DELETE');
		await desk.run('daily-archive-audit', 'Every Morning');
		expect(desk.told(/^fileX audit/).map((text) => text.split(':')[0]).sort()).toEqual([
			'fileX audit, changed',
			'fileX audit, missing',
		]);
		await desk.receives(new RegExp(`^Subject: fileX audit, missing: 0001/crd/reports/${report.name}`, 'm'));
		expect(desk.mailed(/^Subject: fileX audit/m)).toHaveLength(2);
	});

	it('tell that an audit could not run', async () => {
		const desk = running();
		await desk.sql('DROP TABLE filex_receipts');
		await desk.run('daily-archive-audit', 'Every Morning');
		await desk.hears(/^fileX audit, check failed: .*filex_receipts/);
	});
}
