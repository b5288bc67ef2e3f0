import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Browser, Page } from 'playwright-core';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox';
import { CHROMIUM, describeWith } from '../support/needs';
import { openBrowser, openPage, takePicture } from './browser';

const PICTURE_LIMIT = 250_000;

describeWith(CHROMIUM, "the sandbox's console", () => {
	let sandbox: Sandbox;
	let browser: Browser;
	let page: Page;
	const trouble: string[] = [];

	beforeAll(async () => {
		sandbox = await startSandbox({ seeded: true });
		browser = await openBrowser();
		page = await openPage(browser);
		await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
		page.on('pageerror', (error) => trouble.push(error.message));
		page.on('console', (message) => message.type() === 'error' && trouble.push(message.text()));
		await page.goto(sandbox.info.control);
	});

	afterAll(async () => {
		await browser?.close();
		await sandbox?.close();
	});

	/** Opens the folders down to a sub-space, by keyboard. */
	async function open(org: string, application: string, subSpace: string) {
		const at = page.locator(`details[data-space="${org}/${application}/${subSpace}"]`);
		// Until the page has drawn them there are no folders above.
		await at.waitFor({ state: 'attached' });
		const above = page.locator('details', { has: at });
		for (const folder of [...(await above.all()), at]) {
			if (await folder.evaluate((each) => (each as HTMLDetailsElement).open)) continue;
			await folder.locator('summary').first().focus();
			await page.keyboard.press('Enter');
		}
		return at;
	}

	it('shows spaces and files as a tree', async () => {
		const reports = await open('0001', 'crd', 'reports');
		await reports.getByText('crd_reports_summary.pdf').waitFor();
		expect(await page.locator('#tree details[data-space^="0001/"]').count()).toBe(
			sandbox.store.directories(['0001'])!.flatMap((each) => sandbox.store.directories(['0001', each])!).length,
		);
	});

	it('delivers a file to a download sub-space, and takes one away', async () => {
		const reports = await open('0001', 'crd', 'reports');
		const content = randomBytes(100_000);
		await reports
			.locator('input[type=file]')
			.setInputFiles({ name: 'a new report.pdf', mimeType: 'application/pdf', buffer: content });
		await reports.getByText('a new report.pdf').waitFor();
		expect(sandbox.store.find(['0001', 'crd', 'reports', 'a new report.pdf'])).toMatchObject({ size: 100_000 });
		await reports.getByRole('button', { name: 'Take a new report.pdf away' }).press('Enter');
		await reports.getByText('a new report.pdf').waitFor({ state: 'detached' });
		expect(sandbox.store.find(['0001', 'crd', 'reports', 'a new report.pdf'])).toBeUndefined();
	});

	it('delivers a file that is dropped on a sub-space', async () => {
		const results = await open('0001', 'crd', 'results');
		const transfer = await page.evaluateHandle(() => {
			const dropped = new DataTransfer();
			dropped.items.add(new File(['dropped'], 'dropped.csv'));
			return dropped;
		});
		await results.dispatchEvent('drop', { dataTransfer: transfer });
		await results.getByText('dropped.csv').waitFor();
		expect(sandbox.store.find(['0001', 'crd', 'results', 'dropped.csv'])).toMatchObject({ size: 7 });
	});

	it('shows a submission as it arrives, and sets its downstream status', async () => {
		const path = ['0001', 'crd', 'incoming_filings', 'filing.zip'];
		const trackingId = sandbox.submissions.request('demo', path);
		const row = page.locator('#submission-rows tr', { hasText: 'incoming_filings/filing.zip' });
		await row.getByText('Request Received').waitFor();
		await sandbox.submissions.receive(path, await sandbox.contents.receive(Readable.from([Buffer.from('filing')])), {
			method: 'rest',
			username: 'demo',
			trackingId,
		});
		await row.getByText('Received by FINRA').waitFor();
		await row.getByRole('combobox').selectOption('REJECTED');
		await page.getByText('filing.zip: REJECTED.').waitFor();
		expect(sandbox.submissions.all().find((each) => each.trackingId === trackingId)).toMatchObject({
			downstream: 'REJECTED',
		});
	});

	it('shows requests by access method', async () => {
		await fetch(`${sandbox.info.rest}/files/0001`);
		await fetch(`${sandbox.info.fip}/fip/rest/ews/oauth2/access_token`, { method: 'POST' });
		const rows = page.locator('#request-rows tr');
		await rows.getByText('GET /files/0001').waitFor();
		await page.getByLabel('Access method').selectOption('fip');
		await rows.getByText('GET /files/0001').waitFor({ state: 'detached' });
		expect(await rows.allInnerTexts()).toEqual([expect.stringMatching(/FIP\s+token\s+400/)]);
		await page.getByLabel('Access method').selectOption('');
		await rows.getByText('GET /files/0001').waitFor();
		await page.evaluate(() => window.scrollTo(0, 0));
		expect(await takePicture(page, 'sandbox-console')).toBeLessThan(PICTURE_LIMIT);
	});

	it('switches faults on and off', async () => {
		await page.getByLabel('Where').selectOption('sftp.list');
		await page.locator('#effect').selectOption('empty');
		await page.getByLabel('Only at').fill('0001/crd/reports');
		await page.getByRole('button', { name: 'Switch on' }).press('Enter');
		await page.locator('#active-faults').getByText('sftp.list: empty, 1 more time, at 0001/crd/reports').waitFor();
		expect(sandbox.faults.all()).toEqual([
			expect.objectContaining({ where: 'sftp.list', effect: 'empty', times: 1, path: '0001/crd/reports' }),
		]);
		await page.getByRole('button', { name: 'Switch all off' }).press('Enter');
		await page.getByText('None is switched on.').waitFor();
		expect(sandbox.faults.all()).toEqual([]);
	});

	it('copies the fields of the credential, and unlocks an account', async () => {
		for (let attempt = 0; attempt < 5; attempt++) sandbox.accounts.login('crdonly', 'wrong');
		await page.getByLabel('Account').selectOption('crdonly');
		await page.getByRole('button', { name: 'Unlock crdonly' }).press('Enter');
		await page.getByText('crdonly is unlocked.').waitFor();
		expect(sandbox.accounts.record('crdonly')).toEqual({ refusals: 0, locked: false });
		await page.getByRole('button', { name: 'Copy Password' }).press('Enter');
		await page.getByText('Copied: Password.').waitFor();
		const { password } = sandbox.info.accounts.find(({ username }) => username === 'crdonly')!;
		expect(await page.evaluate(async () => await navigator.clipboard.readText())).toBe(password);
	});

	it('changes settings and moves the clock', async () => {
		await page.getByLabel('URL in answers').selectOption('hal');
		await page.getByText('URL in answers: hal.').waitFor();
		expect(sandbox.settings.get().urlShape).toBe('hal');
		await page.getByLabel('Move the clock by').fill('2');
		await page.getByRole('button', { name: 'Move', exact: true }).press('Enter');
		await page.getByText('(moved)').waitFor();
		expect(sandbox.clock.now().getTime() - Date.now()).toBeGreaterThan(1.9 * 86_400_000);
		await page.getByRole('button', { name: 'Back to now' }).press('Enter');
		await page.getByText('The clock shows the time of this machine.').waitFor();
		await page.locator('#connect').scrollIntoViewIfNeeded();
		expect(await takePicture(page, 'sandbox-console-connect')).toBeLessThan(PICTURE_LIMIT);
	});

	it('can be walked through by keyboard alone', async () => {
		await page.goto(sandbox.info.control);
		await page.locator('#tree summary').first().waitFor();
		const seen = new Set<string>();
		for (let step = 0; step < 200; step++) {
			await page.keyboard.press('Tab');
			const section = await page.evaluate(
				() =>
					document.activeElement?.closest('section, nav')?.id ?? document.activeElement?.closest('nav')?.tagName ?? '',
			);
			seen.add(section);
		}
		expect([...seen]).toEqual(
			expect.arrayContaining(['files', 'submissions', 'requests', 'faults', 'connect', 'settings']),
		);
	});

	it('shows what other people call their files as text', async () => {
		const results = await open('0001', 'crd', 'results');
		await sandbox.store.publish(['0001', 'crd', 'results', '<img src=x onerror=alert(1)>.csv'], Readable.from(['x']));
		await results.getByText('<img src=x onerror=alert(1)>.csv').waitFor();
		expect(await page.locator('#tree img').count()).toBe(0);
	});

	it('refuses pages of other sites, and names that are no address', async () => {
		const url = `${sandbox.info.control}/settings`;
		expect((await fetch(url, { headers: { Origin: 'https://elsewhere.example' } })).status).toBe(403);
		expect((await fetch(url, { headers: { Origin: sandbox.info.control } })).status).toBe(200);
	});

	it('had no error', () => {
		expect(trouble).toEqual([]);
	});
});
