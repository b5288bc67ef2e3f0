import { selectors, type Browser, type Locator, type Page } from 'playwright-core';
import type { Owner } from '../../scripts/n8n/api';
import { openBrowser, openPage, takePicture } from './browser';

/** The height of a node's name and subtitle, in px. */
const LABEL = 40;

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

	/** Zooms out until n8n's button covers no node of the canvas. */
	async uncover(): Promise<void> {
		const button = this.page
			.getByTestId('execute-workflow-button')
			.or(this.page.getByTestId('workflow-chat-button'))
			.first();
		const { y } = (await button.boundingBox())!;
		while ((await this.lowestNode()) > y) {
			const before = await this.lowestNode();
			await this.page.getByTestId('zoom-out-button').click();
			let last = before;
			let now = await this.lowestNode();
			// It zooms in steps, and is done when nothing moves any more.
			while (now === before || now !== last) [last, now] = [now, await this.lowestNode()];
		}
	}

	/** Where the lowest name of a node ends, in px from above. */
	private async lowestNode(): Promise<number> {
		const boxes = await this.page
			.locator('[data-test-id="canvas-node"]')
			.evaluateAll(
				async (nodes) =>
					await new Promise<number[]>((resolve) =>
						requestAnimationFrame(() => resolve(nodes.map((node) => node.getBoundingClientRect().bottom))),
					),
			);
		return Math.max(...boxes) + LABEL;
	}

	/** The nodes that lie on a note. */
	async nodesOn(note: Locator): Promise<string[]> {
		const below = (await note.boundingBox())!;
		const nodes = await this.page.locator('[data-test-id="canvas-node"][data-node-name]').all();
		const on = nodes.map(async (node) => {
			const box = (await node.boundingBox())!;
			const isBeside = box.x > below.x + below.width || box.y > below.y + below.height;
			return isBeside ? [] : [(await node.getAttribute('data-node-name'))!];
		});
		return (await Promise.all(on)).flat();
	}

	/** How much of a note's text does not fit into it, in px. */
	async hidden(note: Locator): Promise<number> {
		return await note.evaluate((element) =>
			Math.max(...Array.from(element.querySelectorAll('*'), (each) => each.scrollHeight - each.clientHeight)),
		);
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
