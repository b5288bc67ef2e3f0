import { selectors, type Browser, type Locator, type Page } from 'playwright-core';
import type { Owner } from '../../scripts/n8n/api';
import { openBrowser, openPage, takePicture } from './browser';

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
		const browser = await openBrowser();
		try {
			const page = await openPage(browser);
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
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
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

	/** Takes a picture, the pointer out of the way; gives its size. */
	async picture(name: string): Promise<number> {
		await this.page.mouse.move(720, 2);
		return await takePicture(this.page, name);
	}

	async close(): Promise<void> {
		await this.browser.close();
	}
}
