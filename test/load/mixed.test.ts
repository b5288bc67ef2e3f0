import { randomInt } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readlink, rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SandboxInfo } from '../../sandbox/info';
import type { Arrival, Submission } from '../../sandbox/submissions/submissions';
import type { LoginRecord } from '../../sandbox/world/accounts';
import { startSandboxProcess } from '../../scripts/n8n/sandbox-process';
import { Teardown } from '../../scripts/n8n/teardown';
import { until } from '../../scripts/n8n/until';
import { CURL, describeWith, OPENSSH } from '../support/needs';
import { ContentPool, Random, sha256 } from '../support/random';
import { wrongArrivals } from './mix/arrivals';
import { fetchClient, REQUEST_LIMIT } from './mix/http-clients';
import { Ledger } from './mix/ledger';
import { CURL_KINDS, SFTP_KINDS } from './mix/program-kinds';
import { LOCKED_ACCOUNT, REFUSED_KINDS } from './mix/refused-kinds';
import { downloadUrl, REST_KINDS, takeToken } from './mix/rest-kinds';
import { getObject, S3_KINDS, s3Client } from './mix/s3-kinds';
import { median, Watch } from './mix/watch';
import { type Published, READ_SPACE, Worker, type World } from './mix/worker';

const MILLISECONDS = 60_000;

const WORKERS = 200;

/** How many of them also use OpenSSH. */
const SFTP_WORKERS = 6;

/** MiB by which the memory of the last quarter may exceed that of the second. */
const MEMORY_GROWTH = 48;

/** Without a timeout of its own, Node's agent does not heed the `Keep-Alive` of an answer. */
const AGENT_OPTIONS = { keepAlive: true, maxSockets: WORKERS, maxFreeSockets: WORKERS, timeout: REQUEST_LIMIT };

/** Archived copies that are looked at. */
const SAMPLE = 300;

/** `MIX_SEED=123` repeats what the workers choose; not how their requests meet. */
const SEED = Number(process.env.MIX_SEED ?? randomInt(2 ** 31));

const KINDS = [...REST_KINDS, ...S3_KINDS, ...REFUSED_KINDS, ...CURL_KINDS];

/** Bytes: none, one, the largest, and what is between, the small ones more often. */
const SIZES = [0, 1, 2 << 20, ...Array.from({ length: 27 }, (_, index) => Math.round(10 * 1.55 ** index))];

describeWith(CURL, `${WORKERS} parallel clients, by curl and others`, () =>
	describeWith(OPENSSH, 'and by OpenSSH', () => {
		const teardown = new Teardown();
		let world: World;
		let workers: Worker[];
		let watch: Watch;
		let arrivals: Arrival[];

		const control = async <Answer>(path: string, method = 'GET', body?: Buffer) => {
			const answer = await fetchClient(`${world.sandbox.control}/${path}`, { method, body });
			if (answer.status > 299)
				throw new Error(`${method} /${path} answered ${answer.status}: ${answer.body.toString()}`);
			return JSON.parse(answer.body.toString()) as Answer;
		};

		async function publish(random: Random): Promise<void> {
			for (const [index, size] of SIZES.entries()) {
				const name = `report-${String(index).padStart(2, '0')}.bin`;
				const content = world.contents.cut(random, size, name);
				await control(`files/${READ_SPACE}/${name}`, 'PUT', content);
				world.published.push({ name, content, sha256: sha256(content) } satisfies Published);
			}
		}

		async function recruit(folder: string): Promise<Worker[]> {
			return await Promise.all(
				Array.from({ length: WORKERS }, async (_, number) => {
					const own = join(folder, `worker-${number}`);
					await mkdir(own);
					return new Worker(world, number, new Random(SEED + 1 + number), own);
				}),
			);
		}

		/** Files that the sandbox has open. Connections are the clients' to close. */
		async function openFiles(): Promise<string[]> {
			const folder = `/proc/${world.sandbox.pid}/fd`;
			const targets = await Promise.all(
				(await readdir(folder)).map(async (each) => await readlink(join(folder, each)).catch(() => '')),
			);
			return targets.filter((target) => target.startsWith(join(world.sandbox.dataDir, 'content')));
		}

		function report(seconds: number): void {
			const { requests, peak, accepted, cutOff, kinds } = world.ledger;
			const counts = [...kinds].sort(([, a], [, b]) => b - a).map(([kind, count]) => `${kind} ${count}`);
			process.stdout.write(
				`${[
					`seed ${SEED}: ${requests} requests in ${seconds.toFixed(0)} s, ${(requests / seconds).toFixed(0)}/s; in flight ${peak} at most, ${world.ledger.averageInFlight().toFixed(0)} on average`,
					`${accepted.length} files uploaded, ${cutOff.size} cut off; ${counts.join(', ')}`,
					`requests in each quarter: ${quarters(watch.requests)
						.map((each) => each.at(-1)! - each[0]!)
						.join(', ')}`,
					`memory: at most ${Math.max(...watch.memory).toFixed(0)} MiB; medians of the quarters ${quarters(watch.memory)
						.map((each) => median(each).toFixed(0))
						.join(', ')}`,
				].join('\n')}\n`,
			);
		}

		beforeAll(async () => {
			const folder = await mkdtemp(join(tmpdir(), 'filex-mixed-'));
			teardown.add(folder, async () => await rm(folder, { recursive: true, force: true }));
			const sandbox: SandboxInfo = await startSandboxProcess(
				join(folder, 'data'),
				teardown,
				new AbortController().signal,
			);
			const agent = teardown.add(new Agent(AGENT_OPTIONS), async (it) => it.destroy());
			world = { sandbox, published: [], contents: new ContentPool(SEED), ledger: new Ledger(), agent };
			await control('settings', 'PATCH', Buffer.from(JSON.stringify({ maxConnections: 300 })));
			await publish(new Random(SEED));
			workers = await recruit(folder);
			for (const worker of workers) await takeToken(worker);
			world.ledger = new Ledger();
			watch = new Watch(sandbox, () => world.ledger.requests);
			const begin = performance.now();
			await Promise.all(
				workers.map(
					async (worker) =>
						await worker.work(worker.number < SFTP_WORKERS ? [...KINDS, ...SFTP_KINDS] : KINDS, MILLISECONDS),
				),
			);
			const seconds = (performance.now() - begin) / 1000;
			report(seconds);
			await watch.stop();
			arrivals = await control('arrivals');
		}, MILLISECONDS + 150_000);

		afterAll(async () => await teardown.run(), 60_000);

		it('have as many requests in flight at a time', () => {
			expect(world.ledger.peak).toBeGreaterThanOrEqual(WORKERS);
		});

		it('get the answers that they expect', () => {
			expect([world.ledger.deviationCount, world.ledger.deviations]).toEqual([0, []]);
			expect([...world.ledger.kinds.keys()].sort()).toEqual([...KINDS, ...SFTP_KINDS].map(({ name }) => name).sort());
		});

		it('find each upload to have arrived once and whole, and nothing else', () => {
			expect(wrongArrivals(world.ledger, arrivals).slice(0, 20)).toEqual([]);
		});

		it('track what was cut off as not received', async () => {
			const { cutOff } = world.ledger;
			const tracked = (await control<Submission[]>('submissions')).filter(({ name }) => cutOff.has(name));
			expect(tracked.length).toBeGreaterThan(0);
			expect(tracked.filter(({ status }) => status !== 'Request Received')).toEqual([]);
		});

		it('find the right bytes in the archive, by REST and by S3', async () => {
			const random = new Random(SEED);
			const sample = Array.from({ length: SAMPLE }, () => random.pick(arrivals));
			const clients = new Map(
				await Promise.all(['crd', 'focus'].map(async (each) => [each, await s3Client(workers[0]!, each)] as const)),
			);
			const wrong = await Promise.all(
				sample.map(async ({ space: [org, application, subSpace], archiveName, sha256: expected }, index) => {
					const worker = workers[index % WORKERS]!;
					const path = `${org}/${application}/${subSpace}_arcv/${archiveName}`;
					const content =
						index % 2 === 0
							? (await worker.http(await downloadUrl(worker, path))).body
							: await getObject(worker, clients.get(application!)!, path);
					return sha256(content) === expected ? [] : [path];
				}),
			);
			expect(wrong.flat()).toEqual([]);
		});

		it('leave a sandbox that is alive and had no failure', async () => {
			expect(await control('info')).toMatchObject({ pid: world.sandbox.pid });
			expect((await fetchClient(`${world.sandbox.rest}/health`)).status).toBe(200);
			expect([watch.missed, watch.failures.slice(0, 20)]).toEqual([false, []]);
		});

		it('lock no account but the one with the wrong passwords', async () => {
			const accounts = await control<Array<LoginRecord & { username: string }>>('accounts');
			expect(accounts.filter(({ locked, refusals }) => locked || refusals > 0).map(({ username }) => username)).toEqual(
				[LOCKED_ACCOUNT],
			);
		});

		it('leave its memory flat', () => {
			const [, second, , last] = quarters(watch.memory);
			expect(median(last!) - median(second!)).toBeLessThanOrEqual(MEMORY_GROWTH);
		});

		it('leave no open file and no part of a file behind', async () => {
			const expected = world.published.length + arrivals.length;
			let left = '';
			await until(
				async () => {
					const kept = (await readdir(join(world.sandbox.dataDir, 'content'))).length;
					const open = await openFiles();
					left = `${kept} files, open: ${open.join(', ') || 'none'}`;
					return open.length === 0 && kept === expected ? true : undefined;
				},
				{
					what: `No open file, and ${expected} files`,
					signal: new AbortController().signal,
					limit: 20_000,
					details: () => left,
				},
			);
		});
	}),
);

function quarters(values: number[]): number[][] {
	return [0, 1, 2, 3].map((quarter) =>
		values.slice(Math.floor((quarter * values.length) / 4), Math.floor(((quarter + 1) * values.length) / 4)),
	);
}
