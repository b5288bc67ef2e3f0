import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoFiles } from '../../scripts/demo/files';
import { drop } from '../../scripts/demo/pickup';
import { example, EXAMPLES } from '../../scripts/n8n/example';
import { printedProgress } from '../../scripts/n8n/progress';
import { type Rig, startRig } from '../../scripts/n8n/rig';
import { CHROMIUM, describeWith } from '../support/needs';
import { Editor } from './editor';
import { exampleCredentials, NO_SERVICES } from './examples/credentials';
import { NODES } from '../support/workflow';
import { diagnosticsByHand, downloadByHand, FILE, firstOpened } from './workflows';

/** A first run also installs n8n. */
const PREPARATION_LIMIT = 15 * 60_000;

const PICTURE_LIMIT = 250_000;

describeWith(CHROMIUM, 'the packed pack in a real n8n', () => {
	const files = demoFiles();
	const preparation = new AbortController();
	let folder: string;
	let rig: Rig | undefined;
	let editor: Editor | undefined;

	function running(): { rig: Rig; editor: Editor } {
		if (!rig || !editor) throw new Error('n8n did not start; see above');
		return { rig, editor };
	}

	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), 'filex-editor-'));
		const workflows = [
			...(await Promise.all(EXAMPLES.map(example))),
			downloadByHand('downloadByHand', 'Download by hand', FILE.path),
			downloadByHand('toDisk', 'Download to disk', FILE.path, { destination: 'disk', folder }),
			firstOpened('firstOpened'),
			diagnosticsByHand('diagnostics'),
			downloadByHand('badPath', 'A path that cannot be', '0001/crd/reports/report#2.pdf'),
		];
		rig = await startRig({
			workflows,
			credentials: () => exampleCredentials(NO_SERVICES),
			published: [],
			files: folder,
			progress: printedProgress(process),
			signal: preparation.signal,
		});
		await drop(rig.sandbox, files);
		editor = await Editor.open(rig.n8n.url, rig.api.owner);
	}, PREPARATION_LIMIT);

	afterAll(async () => {
		// Also ends a preparation that outlived its limit.
		preparation.abort();
		await editor?.close();
		await rig?.close();
		await rm(folder, { recursive: true, force: true });
	});

	it('offers all nodes when someone searches for fileX', async () => {
		const { editor } = running();
		await editor.go('/workflow/new');
		await editor.page.getByTestId('canvas-add-button').locator('button').first().click();
		await editor.page.getByTestId('node-creator-search-bar').fill('fileX');
		const names = editor.page.getByTestId('node-creator-item-name');
		for (const name of [
			'fileX List',
			'fileX Download',
			'fileX Upload',
			'fileX Track',
			'fileX Reconcile',
			'fileX S3 Token',
			'fileX SFTP Trigger',
			'fileX Tracking Trigger',
		]) {
			await names.getByText(name, { exact: true }).waitFor();
		}
		expect(await editor.picture('node-panel')).toBeLessThan(PICTURE_LIMIT);
	});

	it.each(EXAMPLES)('opens the example %s on the canvas, with all that it needs', async (name) => {
		const { editor } = running();
		await editor.go(`/workflow/${name}`);
		for (const { name: step, type } of (await example(name)).nodes) {
			if (!type.endsWith('.stickyNote')) await editor.node(step).waitFor();
		}
		const note = editor.page.getByTestId('sticky');
		await note.getByText('Before you publish it').waitFor();
		expect(await editor.hidden(note)).toBe(0);
		expect(await editor.nodesOn(note)).toEqual([]);
		expect(await editor.page.getByTestId('node-issues').count()).toBe(0);
		await editor.uncover();
		expect(await editor.picture(name)).toBeLessThan(PICTURE_LIMIT);
	});

	it('shows on the canvas what our nodes are set to', async () => {
		const { editor } = running();
		const shows = async (node: string, text: string) =>
			await editor.node(node).getByText(text, { exact: true }).waitFor();
		await editor.go('/workflow/report-pickup');
		await shows('fileX SFTP Trigger', 'crd / reports');
		await editor.go('/workflow/submit-and-alert');
		await shows('fileX Upload', 'focus / in');
		await shows('fileX Tracking Trigger', 'accepted, partially rejected, rejected');
	});

	it('shows what fileX Reconcile can be set to', async () => {
		const { editor } = running();
		await editor.go('/workflow/missing-report-alert');
		await editor.openNode('fileX Reconcile');
		await editor.page.getByTestId('ndv').getByText('Due Time').waitFor();
		expect(await editor.picture('reconcile')).toBeLessThan(PICTURE_LIMIT);
	});

	it('shows what fileX Upload can be set to', async () => {
		const { editor } = running();
		await editor.go('/workflow/submit-and-alert');
		await editor.openNode('fileX Upload');
		await editor.page.getByTestId('ndv').getByText('If Already Filed').waitFor();
		expect(await editor.picture('upload')).toBeLessThan(PICTURE_LIMIT);
	});

	it.each(Object.keys(NODES))('asks for the account first where %s is opened for the first time', async (name) => {
		const { editor } = running();
		await editor.go('/workflow/firstOpened');
		await editor.openNode(name);
		const ndv = editor.page.getByTestId('ndv');
		const account = await ndv.getByTestId('node-credentials-select').first().boundingBox();
		const field = ndv.locator('[data-test-id^="parameter-input-"]').first();
		await field.waitFor();
		expect(account!.y).toBeLessThan((await field.boundingBox())!.y);
		expect(await editor.picture(`first-opened/${NODES[name as keyof typeof NODES]}`)).toBeLessThan(PICTURE_LIMIT);
	});

	it('runs the diagnostics and shows what each check met', async () => {
		const { editor } = running();
		await editor.go('/workflow/diagnostics');
		await editor.page.getByTestId('execute-workflow-button').click();
		await editor.node('fileX List').getByTestId('canvas-node-status-success').waitFor();
		await editor.openNode('fileX List');
		await editor.page.getByTestId('ndv').getByText('addresses.rest').first().waitFor();
		await editor.closeMessages();
		expect(await editor.picture('diagnostics')).toBeLessThan(PICTURE_LIMIT);
	});

	it('downloads a file by hand and shows it in the output panel', async () => {
		const { editor } = running();
		await editor.go('/workflow/downloadByHand');
		await editor.page.getByTestId('execute-workflow-button').click();
		await editor.node('fileX Download').getByTestId('canvas-node-status-success').waitFor();
		await editor.openNode('fileX Download');
		const shown = await editor.page.getByTestId('ndv-binary-data_0').innerText();
		expect(shown).toContain(FILE.name);
		expect(shown).toContain('application/pdf');
		expect(shown).toContain(`${files[FILE.name]!.length} B`);
		await editor.closeMessages();
		expect(await editor.picture('download-output')).toBeLessThan(PICTURE_LIMIT);
	});

	it('downloads a file to a folder that n8n allows', async () => {
		const { editor } = running();
		await editor.go('/workflow/toDisk');
		await editor.page.getByTestId('execute-workflow-button').click();
		await editor.node('fileX Download').getByTestId('canvas-node-status-success').waitFor();
		expect((await readFile(join(folder, FILE.name))).equals(files[FILE.name]!)).toBe(true);
		expect(await readdir(folder)).toEqual([FILE.name]);
	});

	it("asks for a bucket's credential only where one is wanted", async () => {
		const { editor } = running();
		await editor.go('/workflow/downloadByHand');
		await editor.openNode('fileX Download');
		const credentials = editor.page.getByTestId('ndv').getByText('Credential for S3 Bucket API');
		expect(await credentials.count()).toBe(0);
		await editor.page.getByTestId('parameter-input-destination').click();
		await editor.page.getByRole('option', { name: 'S3 Bucket' }).click();
		await credentials.waitFor();
		await editor.page.getByTestId('ndv').getByText('Key Prefix').waitFor();
		expect(await editor.picture('destination')).toBeLessThan(PICTURE_LIMIT);
	});

	it('says what is wrong with a file path, and what to do', async () => {
		const { editor } = running();
		await editor.go('/workflow/badPath');
		await editor.openNode('fileX Download');
		await editor.page.getByTestId('node-execute-button').click();
		const message = await editor.page.getByTestId('node-error-message').innerText();
		expect(message).toContain("'File Path' holds a '#' ('report#2.pdf')");
		const description = await editor.page.getByTestId('node-error-description').innerText();
		expect(description).toContain("Use the 'path' exactly as the listing gives it");
		await editor.closeMessages();
		expect(await editor.picture('error')).toBeLessThan(PICTURE_LIMIT);
	});

	it('tests the credential when it is opened', async () => {
		const { editor } = running();
		await editor.go('/home/credentials');
		const answer = editor.page.waitForResponse(/\/rest\/credentials\/test$/);
		await editor.page.getByTestId('resources-list-item').getByText('FINRA FIP account').click();
		// n8n shows its own words for a test that worked; ours are in its answer.
		const { data } = (await (await answer).json()) as { data: { status: string; message: string } };
		expect(data).toMatchObject({ status: 'OK' });
		expect(data.message).toMatch(
			/^Connected: \d+ applications \(FIP and REST work\); SFTP works, host key SHA256:\S+ is pinned$/,
		);
		const verdict = editor.page.getByTestId('credentials-config-container-test-success');
		await verdict.getByText('Retry', { exact: true }).waitFor();
		// Its button fades in.
		await verdict.locator('[class*=n8n-button-fade]').waitFor({ state: 'detached' });
		expect(await editor.picture('credential')).toBeLessThan(PICTURE_LIMIT);
	});

	it('leaves no password, token or signed URL in the log', () => {
		const { rig } = running();
		expect(rig.n8n.log()).not.toMatch(/X-Amz-Signature|Bearer [\w-]{10}/);
		for (const { password } of rig.sandbox.accounts) expect(rig.n8n.log()).not.toContain(password);
	});
});
