import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../scripts/n8n/until';
import { credentialFields, loginOf } from '../support/accounts';
import { control } from '../support/control';
import { startWebhookSink, type WebhookSink } from '../support/sinks';
import { peakMemory, resetPeak } from '../support/process-memory';
import { writeTable } from '../support/written-table';
import { Pickups } from './pickups';
import { type QueueRig, startQueueRig } from './queue-rig';
import { type Size, sizeOf } from './sizes';
import { Submissions } from './submissions';
import { downloaded, hashed, MISTYPED, mistyped, pickup, registered, saved, submission } from './workflows';

/** A first run also installs n8n. */
const PREPARATION_LIMIT = 15 * 60_000;

const METHODS = ['rest', 's3', 'sftp'] as const;

/** Files of each burst, and of each batch that is submitted: `FILEX_SCALE=10` for ten times as many. */
const COUNT = 20 * Number(process.env.FILEX_SCALE ?? 1);

/** How long it goes on and on: `FILEX_SOAK=20` for 20 minutes. */
const SOAK = Number(process.env.FILEX_SOAK ?? 1) * 60_000;

/** Ways on which no two file the same at once, by their workflows. */
const WAYS: Record<string, string> = {
	'submit-rest': 'HTTPS REST',
	'registered-s3': 'S3 Direct, registered over REST',
	'registered-sftp': 'SFTP, registered over REST',
};

const REPORTS = '0001/crd/reports';

/** Bytes of a large file. */
const LARGE = 64 * 2 ** 20;

/** What n8n can give back from PostgreSQL. */
const LARGEST = 268_435_443;

/** n8n in queue mode. */
describe('n8n with PostgreSQL, Redis and two workers, as examples/deploy/compose.yml sets them', () => {
	const over = new AbortController();
	const { signal } = over;
	let files: string;
	let hook: WebhookSink;
	let rig: QueueRig;
	let pickups: Pickups;
	let submissions: Submissions;
	const rows: string[][] = [];
	const sizes: string[][] = [];

	beforeAll(async () => {
		files = await mkdtemp(join(tmpdir(), 'filex-files-'));
		hook = await startWebhookSink();
		rig = await startQueueRig({
			workflows: [
				pickup('reports', hook.url),
				...METHODS.map((method) => submission(method)),
				registered('s3'),
				registered('sftp'),
				...METHODS.map(mistyped),
				hashed(REPORTS),
				downloaded(REPORTS),
				saved(REPORTS, files),
			],
			credentials: (sandbox) => {
				const { username } = loginOf(sandbox, MISTYPED.username);
				const data = credentialFields(sandbox, { username, password: 'wrong' });
				return [{ ...MISTYPED, type: 'fipApi', data }];
			},
			files,
			signal,
		});
		pickups = new Pickups(rig, hook, signal);
		submissions = new Submissions(rig, signal);
	}, PREPARATION_LIMIT);
	afterAll(async () => {
		over.abort();
		await rig?.close();
		await hook?.close();
		await rm(files, { recursive: true, force: true });
	});

	const ONCE = Array.from({ length: COUNT }, () => 1);
	/** Counts what happened once, for the table. */
	const note = (what: string, counts: number[]): number[] => {
		rows.push([what, String(counts.length), String(counts.filter((count) => count === 1).length)]);
		return counts;
	};
	/** Delivers files, and waits until each was told of. */
	const pickUp = async (label: string, count = COUNT): Promise<number[]> => {
		const paths = await pickups.deliver(['reports'], label, count);
		await pickups.fired(paths);
		return pickups.counts(paths);
	};
	const named = (label: string) => Array.from({ length: COUNT }, (_, index) => `${label}-${index}.bin`);
	/** Submits files of 20 kB, each as often at once as is said. Gives how often each arrived. */
	const submitAll = async (path: string, names: string[], times = 1): Promise<number[]> => {
		const sent = names.flatMap((name) => {
			const content = randomBytes(20_000);
			return Array.from({ length: times }, async () => await submissions.submit(path, name, content));
		});
		await Promise.all(sent);
		return await submissions.arrivals(names);
	};

	/** What a workflow answers that is told the name of a file. */
	const ask = async (path: string, name: string) =>
		await fetch(`${rig.n8n.url}/webhook/${path}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ name }),
		}).then(async (response) => (await response.json()) as Record<string, unknown>);

	it(
		`picks up ${COUNT} files of each of two bursts once, by way of its workers`,
		async () => {
			const counts = [await pickUp('first'), await pickUp('second')];
			expect(note('two bursts, picked up by the SFTP Trigger', counts.flat())).toEqual([...ONCE, ...ONCE]);
		},
		PREPARATION_LIMIT,
	);

	it(
		`files ${COUNT} filings once over each access method`,
		async () => {
			const counts = [];
			for (const method of METHODS) counts.push(...(await submitAll(`submit-${method}`, named(method))));
			expect(note('submissions over HTTPS REST, S3 Direct and SFTP', counts)).toEqual([...ONCE, ...ONCE, ...ONCE]);
		},
		PREPARATION_LIMIT,
	);

	/** Requests of senders that gave way, or were killed, run out sooner: fileX's time leaps past them every 20 s. */
	const leaping = async <T>(work: () => Promise<T>): Promise<T> => {
		const timer = setInterval(() => {
			void control(rig.sandbox, 'clock', 'POST', JSON.stringify({ advanceSeconds: 150 }));
		}, 20_000);
		return await work().finally(() => clearInterval(timer));
	};

	it.each(Object.entries(WAYS).map(([path, how]) => [how, path]))(
		`files ${COUNT} filings once over %s, each sent by two at once`,
		async (how, path) => {
			const counts = await leaping(async () => await submitAll(path, named(`twice-${path}`), 2));
			expect(note(`over ${how}, each sent by two at once`, counts)).toEqual(ONCE);
		},
		PREPARATION_LIMIT,
	);

	it.each([
		['workers', 'submit-rest', 3],
		['workers', 'registered-s3', 2],
		['workers', 'registered-sftp', 2],
		['main', 'submit-rest', 2],
	])(
		`files ${COUNT} filings once, each sent by two at once, killed meanwhile: %s (%s, %i times)`,
		async (who, path, kills) => {
			let isDone = false;
			let killed = 0;
			const killing = (async () => {
				for (; !isDone && killed < kills; killed++) {
					await sleep(2000);
					if (who === 'main') {
						await rig.n8n.kill();
						rig.n8n = await rig.home.start(signal);
					} else {
						await rig.workers[killed % 2]!.kill();
						await rig.startWorker(killed % 2);
					}
				}
			})();
			const counts = await leaping(async () => await submitAll(path, named(`kill-${who}-${path}`), 2));
			isDone = true;
			await killing;
			const what = `over ${WAYS[path]}, each sent by two at once, ${who === 'main' ? 'the main process' : 'a worker'} killed ${killed} times`;
			expect(note(what, counts)).toEqual(ONCE);
			expect(killed).toBeGreaterThan(0);
		},
		2 * PREPARATION_LIMIT,
	);

	it(
		'picks up every file although the main process is killed between two of them, and repeats none under another eventId',
		async () => {
			const paths = await pickups.deliver(['reports'], 'main-killed', COUNT);
			await until(async () => (pickups.counts(paths).some((count) => count > 0) ? true : undefined), {
				what: 'the first of them',
				signal,
				limit: PREPARATION_LIMIT,
			});
			await rig.n8n.kill();
			rig.n8n = await rig.home.start(signal);
			await pickups.fired(paths);
			const events = paths.map(
				(path) => new Set(hook.posts.filter((post) => post.path === path).map(({ eventId }) => eventId)),
			);
			expect(
				note(
					'files of one burst, the main process killed within it (events)',
					events.map(({ size }) => size),
				),
			).toEqual(ONCE);
		},
		PREPARATION_LIMIT,
	);

	it(
		'goes on after Redis and PostgreSQL were started anew',
		async () => {
			await rig.redis.restart();
			await rig.postgres.restart();
			expect(note('files after Redis and PostgreSQL were started anew', await pickUp('after'))).toEqual(ONCE);
		},
		PREPARATION_LIMIT,
	);

	it(
		'sends a wrong password once from each worker, over FIP and SFTP together',
		async () => {
			await control(rig.sandbox, 'settings', 'PATCH', JSON.stringify({ lockAfter: 0 }));
			const calls = Array.from({ length: 8 }, () => METHODS.map((method) => `mistyped-${method}`)).flat();
			const answers = await Promise.all(calls.map(async (path) => await submissions.call(path)));
			expect(answers.filter((answer) => answer?.error === undefined)).toEqual([]);
			const accounts = JSON.parse(await control(rig.sandbox, 'accounts')) as Array<{
				username: string;
				refusals: number;
			}>;
			const { refusals } = accounts.find(({ username }) => username === MISTYPED.username)!;
			rows.push([`steps with a wrong password: ${calls.length}; refused logins: ${refusals}`, '', '']);
			expect(refusals).toBeGreaterThanOrEqual(1);
			expect(refusals).toBeLessThanOrEqual(rig.workers.length);
		},
		PREPARATION_LIMIT,
	);

	it(
		'lets an upload say what is known of it when its worker is told to end',
		async () => {
			await rig.workers[1]!.kill();
			await rig.workers[0]!.kill();
			await rig.startWorker(0, { N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '8' });
			await control(rig.sandbox, 'faults', 'POST', JSON.stringify({ where: 's3.put', effect: 'delay', seconds: 60 }));
			const answer = submissions.post('submit-s3', 'told.bin', randomBytes(20_000));
			await until(
				async () => {
					const { active } = JSON.parse(await control(rig.sandbox, 'faults')) as { active: unknown[] };
					return active.length === 0 ? true : undefined;
				},
				{ what: 'the upload', signal, limit: 60_000 },
			);
			const worker = rig.workers[0]!;
			await worker.stop();
			expect(await answer).toMatchObject({ message: { outcome: 'unknown' } });
			expect(worker.exitCode()).toBe(0);
			for (const index of rig.workers.keys()) await rig.startWorker(index);
			await submissions.submit('submit-s3', 'told.bin', randomBytes(20_000));
		},
		PREPARATION_LIMIT,
	);

	it(
		'downloads 20 files of 64 MiB at a time to disk',
		async () => {
			const content = randomBytes(LARGE);
			const names = Array.from({ length: 20 }, (_, index) => `large-${index}.bin`);
			for (const name of names) await control(rig.sandbox, `files/${REPORTS}/${name}`, 'PUT', content);
			for (const { pid } of rig.workers) await resetPeak(pid);
			const began = performance.now();
			const answers = await Promise.all(names.map(async (name) => await ask('saved', name)));
			const seconds = Math.round((performance.now() - began) / 1000);
			const most = Math.max(...(await Promise.all(rig.workers.map(async ({ pid }) => await peakMemory(pid)))));
			const sha256 = createHash('sha256').update(content).digest('hex');
			const whole = answers.map((answer) => (answer.sha256 === sha256 ? 1 : 0));
			const what = `downloads of 64 MiB to disk, all at a time: ${seconds} s, ${Math.round(most)} MiB of memory in a worker at most`;
			expect(note(what, whole)).toEqual(names.map(() => 1));
		},
		PREPARATION_LIMIT,
	);

	it(
		`gives back a file of ${LARGEST} bytes from PostgreSQL, and refuses a larger one`,
		async () => {
			const content = randomBytes(LARGEST + 1);
			const deliver = async (name: string, size: number) =>
				await control(rig.sandbox, `files/${REPORTS}/${name}`, 'PUT', content.subarray(0, size));
			await deliver('largest.bin', LARGEST);
			const hash = createHash('sha256').update(content.subarray(0, LARGEST)).digest('hex');
			expect(await ask('hashed', 'largest.bin')).toMatchObject({ hash });
			await deliver('larger.bin', LARGEST + 1);
			expect(JSON.stringify(await ask('downloaded', 'larger.bin'))).toContain(String(LARGEST));
		},
		PREPARATION_LIMIT,
	);

	it(
		'holds no more files and connections the longer it goes on',
		async () => {
			const processes = () => ({
				'main process': rig.n8n.pid,
				'worker 1': rig.workers[0]!.pid,
				'worker 2': rig.workers[1]!.pid,
			});
			const measure = async (): Promise<Record<string, Size>> =>
				Object.fromEntries(
					await Promise.all(Object.entries(processes()).map(async ([name, pid]) => [name, await sizeOf(pid)] as const)),
				);
			const turn = async (label: string): Promise<number[]> => {
				const picked = pickUp(label);
				const sent = await Promise.all(
					METHODS.map(async (method) => await submitAll(`submit-${method}`, named(`${label}-${method}`))),
				);
				return [...(await picked), ...sent.flat()];
			};
			// What is loaded at the first use is not what grows.
			await turn('warm');
			const before = await measure();
			const counts: number[] = [];
			const began = Date.now();
			for (let round = 0; round === 0 || Date.now() - began < SOAK; round++)
				counts.push(...(await turn(`soak-${round}`)));
			const minutes = Math.round((Date.now() - began) / 60_000);
			let after = before;
			await until(
				async () => {
					after = await measure();
					// Connections are kept for a while; what only grows stays above.
					const grown = Object.entries(after).filter(([name, { files: open }]) => open > before[name]!.files + 25);
					return grown.length === 0 ? true : undefined;
				},
				{
					what: 'as few open files as before',
					signal,
					limit: 60_000,
					details: () => JSON.stringify({ before, after }),
				},
			);
			const mib = (size: number) => `${Math.round(size)} MiB`;
			for (const [name, { memory, peak, files: open }] of Object.entries(after)) {
				const first = before[name]!;
				sizes.push([name, mib(first.memory), mib(memory), mib(peak), String(first.files), String(open)]);
			}
			expect(note(`picked up and submitted for ${minutes} minutes`, counts)).toEqual(counts.map(() => 1));
			await writeTable('queue-mode.md', 'npm run test:scale', [['what', 'files', 'exactly once'], ...rows]);
			await writeTable('queue-mode.md', 'npm run test:scale: sizes', [
				['process', 'memory before', 'after', 'most', 'open files before', 'after'],
				...sizes,
			]);
		},
		SOAK + 2 * PREPARATION_LIMIT,
	);
});
