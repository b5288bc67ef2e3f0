import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from '../../filex';
import { FAULTS, type Where } from '../../sandbox/faults';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { credentialFields } from '../support/accounts';
import { Engine } from '../support/engine';

const PAGE = join(__dirname, '..', '..', 'docs', 'diagnostics.md');

/** `FILEX_WRITE_DOCS=1` puts the results into the page; otherwise they are compared with it. */
const isWriting = process.env.FILEX_WRITE_DOCS === '1';

/** Variables that the environment check reports. */
const VARIABLES = [
	'HTTPS_PROXY',
	'HTTP_PROXY',
	'ALL_PROXY',
	'NO_PROXY',
	'https_proxy',
	'http_proxy',
	'all_proxy',
	'no_proxy',
	'NODE_EXTRA_CA_CERTS',
	'N8N_VERSION',
];

describe('docs/diagnostics.md shows what the sandbox gives:', () => {
	let sandbox: Sandbox;
	const kept: Record<string, string | undefined> = {};

	beforeAll(async () => {
		sandbox = await startSandbox({ seeded: true });
		for (const name of VARIABLES) {
			kept[name] = process.env[name];
			delete process.env[name];
		}
	});
	afterEach(() => sandbox.faults.clear());
	afterAll(async () => {
		for (const name of VARIABLES) if (kept[name] !== undefined) process.env[name] = kept[name];
		await sandbox.close();
	});

	async function run(overrides: object = {}): Promise<Check[]> {
		const engine = await Engine.start(credentialFields(sandbox.info, overrides));
		const { items } = await engine.run({ type: 'fileXList', parameters: { operation: 'diagnostics' } });
		return items.map(({ json }) => json as unknown as Check);
	}

	/** Ports, versions, times and keys are others each time. */
	function steady(text: string): string {
		const { rest, fip, s3, sftp } = sandbox.info;
		const ports = { 8080: rest, 8081: fip, 9000: s3, 2222: `x://x:${sftp.port}` };
		const shown = Object.entries(ports).reduce(
			(left, [port, url]) => left.replaceAll(`127.0.0.1:${new URL(url).port}`, `127.0.0.1:${port}`),
			text,
		);
		return shown
			.replace(/Node\.js [\d.]+/, 'Node.js 24')
			.replace(/filex \d+\.\d+\.\d+; (.*?); \w+ \w+;/, 'filex 0.1.0; $1; linux x64;')
			.replace(/connected in \d+ ms/g, 'connected in 1 ms')
			.replace(/agrees within \d+ s/g, 'agrees within 2 s')
			.replace(/SHA256:[\w+/]{43}/g, 'SHA256:…');
	}

	function table(checks: Check[]): string {
		const cell = (text: string) => steady(text).replace(/\|/g, '\\|').replace(/</g, '&lt;');
		return [
			'| check | verdict | met | advice |',
			'|---|---|---|---|',
			...checks.map(
				({ check, verdict, met, advice }) => `| \`${check}\` | ${verdict} | ${cell(met)} | ${cell(advice)} |`,
			),
		].join('\n');
	}

	function compare(name: string, content: string): void {
		const page = readFileSync(PAGE, 'utf8');
		const [begin, end] = [`<!-- run: ${name} -->\n`, `\n<!-- end: ${name} -->`];
		const from = page.indexOf(begin) + begin.length;
		const to = page.indexOf(end);
		expect(to).toBeGreaterThan(from - 1);
		if (isWriting) writeFileSync(PAGE, `${page.slice(0, from)}${content}${page.slice(to)}`);
		else expect(page.slice(from, to)).toBe(content);
	}

	/** Checks that came to something else than in a healthy run. */
	async function different(checks: Check[]): Promise<Check[]> {
		sandbox.faults.clear();
		const healthy = await run();
		return checks.filter(({ check, verdict }) => healthy.find((each) => each.check === check)!.verdict !== verdict);
	}

	it('a healthy run', async () => compare('healthy', table(await run())));

	it("a proxy's login page in place of fileX REST", async () => {
		for (const where of Object.keys(FAULTS).filter((each) => each.startsWith('rest.')))
			sandbox.faults.add({ where: where as Where, effect: 'page', times: 1000 });
		compare('page', table(await different(await run())));
	});

	it('a wrong password', async () => {
		compare('wrong password', table(await different(await run({ password: 'wrong-in-docs' }))));
		sandbox.accounts.unlock('demo');
	});
});
