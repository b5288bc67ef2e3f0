import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import {
	CompleteMultipartUploadCommand,
	CreateMultipartUploadCommand,
	GetObjectCommand,
	ListObjectsV2Command,
	S3Client,
	UploadPartCommand,
	type CompletedPart,
} from '@aws-sdk/client-s3';
import type { SandboxInfo } from '../../../sandbox/info';
import type { S3Session } from '../../../sandbox/s3/keys';
import { startSandboxProcess } from '../../../scripts/n8n/sandbox-process';
import { Teardown } from '../../../scripts/n8n/teardown';
import { Random } from '../../support/random';

const SPACE = ['0001', 'crd', 'incoming_filings'];

/** How often the sandbox is killed while files arrive. */
const KILLS = 5;

/** When it is killed while it puts a file together, in parts of the time that it takes to. */
const MOMENTS = [0.3, 0.6, 0.8, 0.9, 1];

/** So many parts that it takes a while to put them together. */
const PARTS = 8;

interface Arrival {
	name: string;
	size: number;
	sha256: string;
	archiveName: string;
}

/** `RESTART_SEED` repeats the moments of the kills. */
const SEED = Number(process.env.RESTART_SEED ?? Date.now() % 2 ** 31);

describe(`a sandbox that is killed (RESTART_SEED=${SEED})`, () => {
	const random = new Random(SEED);
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
		const answer = await fetch(`${fip}/fip/rest/ews/oauth2/access_token?grant_type=client_credentials`, {
			method: 'POST',
			headers: { Authorization: `Basic ${basic}` },
		});
		return ((await answer.json()) as { access_token: string }).access_token;
	}

	async function s3TokenOf({ rest }: SandboxInfo, token: string): Promise<S3Session> {
		return (await (
			await fetch(`${rest}/S3TransferTokens/0001/crd`, { headers: { Authorization: `Bearer ${token}` } })
		).json()) as S3Session;
	}

	function s3Client({ s3 }: SandboxInfo, { region, credentials }: S3Session): S3Client {
		const { accessKeyId, secretAccessKey, sessionToken } = credentials;
		return new S3Client({
			endpoint: s3,
			region,
			credentials: { accessKeyId, secretAccessKey, sessionToken },
			forcePathStyle: true,
			maxAttempts: 1,
		});
	}

	async function arrivalsOf({ control }: SandboxInfo): Promise<Arrival[]> {
		return (await (await fetch(`${control}/arrivals`)).json()) as Arrival[];
	}

	it('continues where it ended: tokens, keys, files, settings and locks', async () => {
		const first = await start();
		const token = await tokenOf(first);
		const headers = { Authorization: `Bearer ${token}` };
		const control = async (method: string, path: string, body?: string) =>
			await (await fetch(`${first.control}${path}`, { method, body })).json();
		await control('PUT', '/files/0001/crd/reports/kept.csv', 'a,b,c');
		await control('PATCH', '/settings', '{"urlShape":"hal","lockAfter":1}');
		await fetch(`${first.fip}/fip/rest/ews/oauth2/access_token?grant_type=client_credentials`, {
			method: 'POST',
			headers: { Authorization: `Basic ${Buffer.from('third:wrong').toString('base64')}` },
		});
		const s3Token = await s3TokenOf(first, token);
		await kill(first);

		const second = await start();
		expect(second.sftp.hostKeys).toEqual(first.sftp.hostKeys);
		const listing = (await (await fetch(`${second.rest}/files/0001/crd/reports`, { headers })).json()) as {
			children: Array<{ name: string }>;
		};
		expect(listing.children.map(({ name }) => name)).toEqual(['kept.csv']);
		expect(await (await fetch(`${second.control}/settings`)).json()).toMatchObject({
			values: { urlShape: 'hal', lockAfter: 1 },
		});
		const accounts = (await (await fetch(`${second.control}/accounts`)).json()) as Array<{
			username: string;
			locked: boolean;
		}>;
		expect(accounts.filter(({ locked }) => locked).map(({ username }) => username)).toEqual(['third']);
		const client = s3Client(second, s3Token);
		const { Contents } = await client.send(
			new ListObjectsV2Command({ Bucket: 'bucket-filex', Prefix: '0001/crd/reports/' }),
		);
		expect(Contents).toMatchObject([{ Size: 5 }]);
		const { Body } = await client.send(new GetObjectCommand({ Bucket: 'bucket-filex', Key: Contents![0]!.Key }));
		expect(await Body!.transformToString()).toBe('a,b,c');
		client.destroy();
		const handed = (await (await fetch(`${second.rest}/files/0001/crd/reports/kept.csv`, { headers })).json()) as {
			_links: { download: { href: string } };
		};
		expect(await (await fetch(handed._links.download.href)).text()).toBe('a,b,c');
		await fetch(`${second.control}/settings`, { method: 'PATCH', body: '{"urlShape":"url"}' });
		await kill(second);
	});

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
					const handed = await fetch(`${sandbox.rest}/files/${[...SPACE, name].join('/')}`, {
						method: 'PUT',
						headers,
					}).catch(() => undefined);
					if (!handed) return;
					const { url } = (await handed.json()) as { url: string };
					if ((await put(url, content).catch(() => 0)) === 200) accepted.set(name, sha256(content));
				}
			});
			// In the middle of what the others send.
			const enough = accepted.size + random.between(2, 12);
			while (accepted.size < enough) await turn();
			await kill(sandbox);
			running = false;
			await Promise.all(senders);
		}

		const last = await start();
		const arrivals = await arrivalsOf(last);
		const archived = (await (await fetch(`${last.control}/files/0001/crd/incoming_filings_arcv`)).json()) as Array<{
			name: string;
		}>;
		expect(accepted.size).toBeGreaterThan(KILLS);
		expect(archived.map(({ name }) => name).sort()).toEqual(arrivals.map(({ archiveName }) => archiveName).sort());
		expect(new Set(arrivals.map(({ name }) => name)).size).toBe(arrivals.length);
		for (const [name, hash] of accepted)
			expect(arrivals.find((each) => each.name === name)).toMatchObject({ sha256: hash });
		for (const { archiveName, sha256: hash } of arrivals) {
			const answer = await fetch(`${last.control}/files/0001/crd/incoming_filings_arcv/${archiveName}`);
			expect(sha256(Buffer.from(await answer.arrayBuffer()))).toBe(hash);
		}
		const tracking = (await (await fetch(`${last.control}/submissions`)).json()) as Array<{
			name: string;
			status: string;
		}>;
		const received = tracking.filter(({ status }) => status === 'Received by FINRA').map(({ name }) => name);
		expect(received.sort()).toEqual(arrivals.map(({ name }) => name).sort());
		await kill(last);
		expect((await readdir(join(dataDir, 'content'))).sort()).toEqual(namedContents(dataDir));
	});

	it(`files a file of ${PARTS} parts once, killed ${MOMENTS.length} times while it puts such a one together`, async () => {
		let sandbox = await start();
		const session = await s3TokenOf(sandbox, await tokenOf(sandbox));

		/** Sends all parts; gives the command that ends the upload. */
		async function upload(name: string, content: Buffer): Promise<CompleteMultipartUploadCommand> {
			const client = s3Client(sandbox, session);
			const object = { Bucket: 'bucket-filex', Key: [...SPACE, name].join('/') };
			const { UploadId } = await client.send(new CreateMultipartUploadCommand(object));
			const Parts: CompletedPart[] = [];
			for (let PartNumber = 1; PartNumber <= PARTS; PartNumber++) {
				const Body = content.subarray((PartNumber - 1) * (5 << 20), PartNumber * (5 << 20));
				Parts.push({
					PartNumber,
					ETag: (await client.send(new UploadPartCommand({ ...object, UploadId, PartNumber, Body }))).ETag,
				});
			}
			client.destroy();
			return new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload: { Parts } });
		}

		async function complete(command: CompleteMultipartUploadCommand): Promise<string> {
			const client = s3Client(sandbox, session);
			const outcome = await client.send(command).then(
				() => 'done',
				(error: Error) => error.name,
			);
			client.destroy();
			return outcome;
		}

		const content = randomBytes(PARTS * (5 << 20) - 1);
		const untouched = await upload('untouched.bin', content);
		const sent = Date.now();
		expect(await complete(untouched)).toBe('done');
		const took = Date.now() - sent;

		for (const [round, moment] of MOMENTS.entries()) {
			const name = `parts-${round}.bin`;
			const command = await upload(name, content);
			const answer = complete(command);
			await wait(took * moment);
			await kill(sandbox);
			const before = await answer;
			sandbox = await start();
			const filed = (await arrivalsOf(sandbox)).filter((each) => each.name === name);
			// What was answered was done; what was not, is done whole or not at all.
			if (before === 'done') expect(filed).toHaveLength(1);
			expect(await complete(command)).toBe(filed.length === 1 ? 'NoSuchUpload' : 'done');
			expect(await complete(command)).toBe('NoSuchUpload');
			const arrivals = (await arrivalsOf(sandbox)).filter((each) => each.name === name);
			expect(arrivals).toEqual([expect.objectContaining({ size: content.length, sha256: sha256(content) })]);
			const archived = await fetch(
				`${sandbox.control}/files/0001/crd/incoming_filings_arcv/${arrivals[0]!.archiveName}`,
			);
			expect(sha256(Buffer.from(await archived.arrayBuffer()))).toBe(sha256(content));
		}
		await kill(sandbox);
		expect(count(dataDir, 'uploads') + count(dataDir, 'parts')).toBe(0);
		expect((await readdir(join(dataDir, 'content'))).sort()).toEqual(namedContents(dataDir));
	});

	it('keeps nothing of what was removed, replaced or has expired', async () => {
		const first = await start();
		const control = async (method: string, path: string, body?: string) =>
			await fetch(`${first.control}${path}`, { method, body });
		const files = Array.from({ length: 20 }, (_, number) => `/files/0001/crd/results/result-${number}.csv`);
		for (const file of files) await control('PUT', file, `of ${file}`);
		for (const file of files.slice(0, 5)) await control('PUT', file, `again ${file}`);
		for (const file of files.slice(5, 10)) expect((await control('DELETE', file)).status).toBe(200);
		// The kill comes while these are removed.
		const removals = files.slice(10, 15).map(async (file) => await control('DELETE', file).catch(() => undefined));
		await Promise.race(removals);
		await kill(first);
		await Promise.all(removals);

		const second = await start();
		const left = (await (await fetch(`${second.control}/files/0001/crd/results`)).json()) as Array<{ name: string }>;
		expect(left.length).toBeGreaterThanOrEqual(10);
		expect((await readdir(join(dataDir, 'content'))).sort()).toEqual(namedContents(dataDir));
		await fetch(`${second.control}/clock`, { method: 'POST', body: `{"advanceSeconds":${31 * 86_400}}` });
		// Everything is a month old by now; the kill comes while it is swept away.
		const swept = fetch(`${second.control}/spaces`).catch(() => undefined);
		await wait(random.between(0, 20));
		await kill(second);
		await swept;

		const third = await start();
		expect(await (await fetch(`${third.control}/files/0001/crd/results`)).json()).toEqual([]);
		expect(await readdir(join(dataDir, 'content'))).toEqual([]);
		await kill(third);
		expect(namedContents(dataDir)).toEqual([]);
	});
});

/** Ends the process as a power cut would, and waits until it is gone. */
async function kill({ pid }: SandboxInfo): Promise<void> {
	process.kill(pid, 'SIGKILL');
	while (
		await readFile(`/proc/${pid}/stat`, 'utf8').then(
			(stat) => !/\) Z /.test(stat),
			() => false,
		)
	)
		await wait(20);
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

function count(dataDir: string, table: 'uploads' | 'parts'): number {
	const database = new DatabaseSync(join(dataDir, 'records.db'));
	const row = database.prepare(`SELECT count(*) AS count FROM ${table}`).get();
	database.close();
	return Number(row!.count);
}

function sha256(content: Buffer): string {
	return createHash('sha256').update(content).digest('hex');
}
