import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Desk, POLL_LIMIT } from './desk';

/** `report-pickup`, `reports-to-own-bucket`, `missing-report-alert` and `catch-up-downloads`. @param report to be picked up */
export function reports(running: () => Desk, report: { name: string; content: Buffer }): void {
	const sha256 = createHash('sha256').update(report.content).digest('hex');

	it(
		'pick up a report, put it into your own bucket, and tell the team',
		async () => {
			const desk = running();
			await desk.deliver(report.name, report.content);
			const about = `^New FINRA report: ${report.name} \\(${report.content.length} bytes\\)`;
			await desk.hears(new RegExp(`${about}\nPath: 0001/crd/reports/${report.name}\nSHA-256: ${sha256}$`));
			await desk.hears(new RegExp(`${about}\nStored as: s3://bucket-filex/\\S+${report.name}\nSHA-256: ${sha256}$`));
			expect(desk.store.submissions.arrivals()).toMatchObject([{ name: report.name, sha256 }]);
		},
		POLL_LIMIT,
	);

	it('tell of a report that has not arrived', async () => {
		const desk = running();
		await desk.run('missing-report-alert', 'When It Is Due');
		expect(desk.told(/^fileX missing/)).toEqual([expect.stringMatching(/'report_20260303\*\.csv' .* due 2026-03-03 17:00/)]);
		expect(desk.mailed(/^Subject: fileX missing: report_20260303\*\.csv/m)).toEqual([
			expect.stringContaining('Late by: 30 minutes'),
		]);
	});

	it('catch up with what a folder lacks, and leave the rest as it is', async () => {
		const desk = running();
		const files = { 'lacking.csv': randomBytes(2000), 'cut.csv': randomBytes(3000), 'whole.csv': randomBytes(400) };
		for (const [name, content] of Object.entries(files)) await desk.deliver(name, content);
		const at = (name: string) => join(desk.folder, name);
		await writeFile(at('cut.csv'), files['cut.csv'].subarray(0, 1000));
		await writeFile(at('whole.csv'), files['whole.csv']);
		await writeFile(at('older.csv'), 'no longer at fileX');
		// A half of a download that a dead worker left.
		await writeFile(at('.lacking.csv.part'), 'half');

		await desk.run('catch-up-downloads', 'Every Hour');
		const caughtUp = () => desk.told(/^fileX: caught up with/).map((text) => text.split(' ')[4]!);
		expect(caughtUp().sort()).toEqual(['cut.csv', 'lacking.csv', report.name].sort());
		for (const [name, content] of Object.entries(files)) expect((await readFile(at(name))).equals(content)).toBe(true);
		expect((await readdir(desk.folder)).filter((name) => !name.startsWith('.')).sort()).toEqual(
			['cut.csv', 'lacking.csv', 'older.csv', report.name, 'whole.csv'].sort(),
		);

		await desk.run('catch-up-downloads', 'Every Hour');
		expect(caughtUp()).toHaveLength(3);
		expect(desk.mailed(/^Subject: fileX: catching up failed/m)).toEqual([]);
	});

	it('say that a comparison failed', async () => {
		const desk = running();
		await desk.control('faults', 'POST', { where: 'rest.list', effect: 'page', status: 403, times: 1000 });
		await desk.run('catch-up-downloads', 'Every Hour');
		await desk.control('faults', 'DELETE');
		await desk.receives(/^Subject: fileX: catching up failed/m);
	});
}
