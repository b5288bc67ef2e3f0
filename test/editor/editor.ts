import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import spawn from 'cross-spawn';
import { chromium, selectors, type Browser, type Locator, type Page } from 'playwright-core';
import type { Owner } from '../../scripts/n8n/api';
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

/** n8n's editor in a browser, as its owner sees it. */
export class Editor {
	private constructor(
		private readonly browser: Browser,
		readonly page: Page,
		private readonly url: string,
	) {}

	/** Opens a browser and logs in by n8n's form. */
	static async open(url: string, { email, password }: Owner): Promise<Editor> {
		selectors.setTestIdAttribute('data-test-id');
		const browser = await chromium.launch({ executablePath: chromiumPath(), args: ARGUMENTS });
		try {
			const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' });
			page.setDefaultTimeout(20_000);
			const editor = new Editor(browser, page, url);
			await editor.go('/signin');
			await page.locator('input[type=email]').fill(email);
			await page.locator('input[type=password]').fill(password);
			await page.getByTestId('form-submit-button').click();
			await page.getByTestId('project-name').waitFor();
			return editor;
		} catch (error) {
			await browser.close();
			throw error;
		}
	}

	async go(path: string): Promise<void> {
		await this.page.goto(`${this.url}${path}`);
	}

	/** A node on the canvas. */
	node(name: string): Locator {
		return this.page.getByTestId('canvas-node').filter({ hasText: name });
	}

	/** Opens a node's window. */
	async openNode(name: string): Promise<void> {
		await this.node(name).dblclick();
		await this.page.getByTestId('ndv').waitFor();
	}

	/** Closes the messages that n8n lays over its corner. */
	async closeMessages(): Promise<void> {
		const button = this.page.locator('.el-notification__closeBtn');
		await button.first().waitFor();
		for (const one of await button.all()) await one.click();
		await this.page.locator('.el-notification').first().waitFor({ state: 'detached' });
	}

	/**
	 * Takes a picture; gives its size. It is kept, in docs/images, only when UPDATE_SCREENSHOTS is 1,
	 * so that a test run leaves the tree as it was.
	 */
	async picture(name: string): Promise<number> {
		await this.page.mouse.move(720, 2);
		const picture = await this.page.screenshot({ animations: 'disabled', caret: 'hide' });
		if (process.env.UPDATE_SCREENSHOTS === '1') {
			const folder = join(ROOT, 'docs', 'images');
			await mkdir(folder, { recursive: true });
			await writeFile(join(folder, `${name}.png`), picture);
		}
		return picture.length;
	}

	async close(): Promise<void> {
		await this.browser.close();
	}
}

function chromiumPath(): string {
	return spawn.sync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).stdout.trim();
}
