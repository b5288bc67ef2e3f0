import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import spawn from 'cross-spawn';
import { chromium, type Browser, type Page } from 'playwright-core';
import { ROOT } from '../../scripts/run';

/** Chromium as Debian has it, without the calls that it makes by itself. */
const ARGUMENTS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

const PATIENCE = 20_000;

export async function openBrowser(): Promise<Browser> {
	const executablePath = spawn.sync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).stdout.trim();
	return await chromium.launch({ executablePath, args: ARGUMENTS });
}

export async function openPage(browser: Browser): Promise<Page> {
	const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' });
	page.setDefaultTimeout(PATIENCE);
	return page;
}

/**
 * Takes a picture; gives its size. It is kept, in docs/images, only when UPDATE_SCREENSHOTS is 1,
 * so that a test run leaves the tree as it was.
 */
export async function takePicture(page: Page, name: string): Promise<number> {
	const picture = await page.screenshot({ animations: 'disabled', caret: 'hide' });
	if (process.env.UPDATE_SCREENSHOTS === '1') {
		const path = join(ROOT, 'docs', 'images', `${name}.png`);
		await mkdir(dirname(path), { recursive: true });
		await writeFile(path, picture);
	}
	return picture.length;
}
