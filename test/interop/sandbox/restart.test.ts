import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import type { SandboxInfo } from '../../../sandbox/sandbox';
import { startSandboxProcess } from '../../../scripts/n8n/sandbox-process';
import { Teardown } from '../../../scripts/n8n/teardown';

const SPACE = ['0001', 'crd', 'incoming_filings'];

/** How often the sandbox is killed while files arrive. */
const KILLS = 5;

describe('a sandbox that is killed', () => {
	let dataDir: string;
	const teardown = new Teardown();
	const start = async () => await startSandboxProcess(dataDir, teardown, new AbortController().signal);

	beforeAll(async () => {
		dataDir = await mkdtemp(join(tmpdir(), 'filex-restart-'));
	});
	afterAll(async () => {
		await teardown.run();
		await rm(dataDir, { recursive: true, force: true });
	});

	async function tokenOf({ fip, accounts }: SandboxInfo): Promise<string> {
		const basic = Buffer.from(`${accounts[0]!.username}:${accounts[0]!.password}`).toString('base64');
		const answer = await fetch(`${fip}/fip/rest/ews/oauth2/access_token?grant_type=client_credentials`, { method: 'POST', headers: { Authorization: `Basic ${basic}` } });
		return ((await answer.json()) as { access_token: string }).access_token;
	}

	it('goes on where it ended: tokens, keys, files, settings and locks', async () => {
		const first = await start();
		const token = await tokenOf(first);
		const headers = { Authorization: `Bearer ${token}` };
		const control = async (method: string, path: string, body?: string) => await (await fetch(`${first.control}${path}`, { method, body })).json();
		await control('PUT', '/files/0001/crd/reports/kept.csv', 'a,b,c');
		await control('PATCH', '/settings', '{"urlShape":"hal","lockAfter":1}');
		await fetch(`${first.fip}/fip/rest/ews/oauth2/access_token?grant_type=client_credentials`, {
			method: 'POST',
			headers: { Authorization: `Basic ${Buffer.from('third:wrong').toString('base64')}` },
		});
		const s3Token = await (await fetch(`${first.rest}/S3TransferTokens/0001/crd`, { headers })).json();
		await kill(first);

		const second = await start();
		expect(second.sftp.hostKeys).toEqual(first.sftp.hostKeys);
		const listing = (await (await fetch(`${second.rest}/files/0001/crd/reports`, { headers })).json()) as { children: Array<{ name: string }> };
		expect(listing.children.map(({ name }) => name)).toEqual(['kept.csv']);
		expect(await (await fetch(`${second.control}/settings`)).json()).toMatchObject({ values: { urlShape: 'hal', lockAfter: 1 } });
		const accounts = (await (await fetch(`${second.control}/accounts`)).json()) as Array<{ username: string; locked: boolean }>;
		expect(accounts.filter(({ locked }) => locked).map(({ username }) => username)).toEqual(['third']);
		expect(s3Token).toMatchObject({ credentials: { accessKeyId: expect.any(String) } });
		const handed = (await (await fetch(`${second.rest}/files/0001/crd/reports/kept.csv`, { headers })).json()) as { _links: { download: { href: string } } };
		expect(await (await fetch(handed._links.download.href)).text()).toBe('a,b,c');
		await fetch(`${second.control}/settings`, { method: 'PATCH', body: '{"urlShape":"url"}' });
		await kill(second);
	}, 60_000);

	it(`has whole records only, killed ${KILLS} times while files arrive`, async () => {
		const accepted = new Map<string, string>();
		for (let round = 0; round < KILLS; round++) {
			const sandbox = await start();
			const headers = { Authorization: `Bearer ${await tokenOf(sandbox)}` };
			let running = true;
			const senders = Array.from({ length: 4 }, async (_, sender) => {
				for (let number = 0; running; number++) {
					const name = `round-${round}-${sender}-${number}.bin`;
					const content = randomBytes(200_000 + sender * 300_000);
					const handed = await fetch(`${sandbox.rest}/files/${[...SPACE, name].join('/')}`, { method: 'PUT', headers }).catch(() => undefined);
					if (!handed) return;
					const { url } = (await handed.json()) as { url: string };
					if ((await put(url, content).catch(() => 0)) === 200) accepted.set(name, sha256(content));
				}
			});
			await wait(300 + Math.random() * 700);
			await kill(sandbox);
			running = false;
			await Promise.all(senders);
		}

		const last = await start();
		const arrivals = (await (await fetch(`${last.control}/arrivals`)).json()) as Array<{ name: string; sha256: string; archiveName: string }>;
		const archived = (await (await fetch(`${last.control}/files/0001/crd/incoming_filings_arcv`)).json()) as Array<{ name: string }>;
		expect(accepted.size).toBeGreaterThan(KILLS);
		expect(archived.map(({ name }) => name).sort()).toEqual(arrivals.map(({ archiveName }) => archiveName).sort());
		expect(new Set(arrivals.map(({ name }) => name)).size).toBe(arrivals.length);
		for (const [name, hash] of accepted) expect(arrivals.find((each) => each.name === name)).toMatchObject({ sha256: hash });
		for (const { archiveName, sha256: hash } of arrivals) {
			const answer = await fetch(`${last.control}/files/0001/crd/incoming_filings_arcv/${archiveName}`);
			expect(sha256(Buffer.from(await answer.arrayBuffer()))).toBe(hash);
		}
		const tracking = (await (await fetch(`${last.control}/submissions`)).json()) as Array<{ name: string; status: string }>;
		const received = tracking.filter(({ status }) => status === 'Received by FINRA').map(({ name }) => name);
		expect(received.sort()).toEqual(arrivals.map(({ name }) => name).sort());
		await kill(last);
		expect((await readdir(join(dataDir, 'content'))).sort()).toEqual(namedContents(dataDir));
	}, 120_000);
});

/** Ends the process as a power cut would, and waits until it is gone. */
async function kill({ pid }: SandboxInfo): Promise<void> {
	process.kill(pid, 'SIGKILL');
	while (await readFile(`/proc/${pid}/stat`, 'utf8').then((stat) => !/\) Z /.test(stat), () => false)) await wait(20);
}

/** A PUT that says honestly whether an answer came: 0 where the connection broke. */
async function put(url: string, content: Buffer): Promise<number> {
	return await new Promise((resolve) => {
		const sent = request(url, { method: 'PUT', headers: { 'Content-Length': content.length } }, (answer) => {
			answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
		});
		sent.on('error', () => resolve(0));
		sent.end(content);
	});
}

function namedContents(dataDir: string): string[] {
	const database = new DatabaseSync(join(dataDir, 'records.db'));
	const rows = database.prepare('SELECT content FROM files ORDER BY content').all() as Array<{ content: string }>;
	database.close();
	return rows.map(({ content }) => content).sort();
}

function sha256(content: Buffer): string {
	return createHash('sha256').update(content).digest('hex');
}
