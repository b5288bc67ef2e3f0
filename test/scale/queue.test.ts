import { randomBytes } from 'node:crypto';
import type { Child } from '../../scripts/n8n/child';
import { printedProgress } from '../../scripts/n8n/progress';
import { type Rig, startRig } from '../../scripts/n8n/rig';
import { control } from '../support/control';
import { startWebhookSink, type WebhookSink } from '../support/sinks';
import { type Database, startPostgres, startRedis } from './databases';
import { Pickups } from './pickups';
import { pickup, submission } from './workflows';

/** A first run also installs n8n. */
const PREPARATION_LIMIT = 15 * 60_000;

const METHODS = ['rest', 's3', 'sftp'] as const;

/** Files of each burst, and of each batch that is submitted: `FILEX_SCALE=10` for ten times as many. */
const COUNT = 20 * Number(process.env.FILEX_SCALE ?? 1);

/** n8n in queue mode: one main process and two workers, with PostgreSQL and Redis. */
describe('n8n with PostgreSQL, Redis and two workers', () => {
	const over = new AbortController();
	const { signal } = over;
	let postgres: Database;
	let redis: Database;
	let hook: WebhookSink;
	let rig: Rig;
	let pickups: Pickups;
	const workers: Child[] = [];

	beforeAll(async () => {
		[postgres, redis, hook] = [await startPostgres(), await startRedis(), await startWebhookSink()];
		const workflows = [pickup('reports', hook.url), ...METHODS.map(submission)];
		rig = await startRig({
			workflows,
			published: workflows.map(({ id }) => id),
			settings: {
				EXECUTIONS_MODE: 'queue',
				QUEUE_BULL_REDIS_HOST: '127.0.0.1',
				QUEUE_BULL_REDIS_PORT: String(redis.port),
				DB_TYPE: 'postgresdb',
				DB_POSTGRESDB_HOST: '127.0.0.1',
				DB_POSTGRESDB_PORT: String(postgres.port),
				DB_POSTGRESDB_DATABASE: 'n8n',
				DB_POSTGRESDB_USER: 'postgres',
				N8N_DEFAULT_BINARY_DATA_MODE: 'database',
			},
			progress: printedProgress(process),
			signal,
		});
		pickups = new Pickups(rig, hook, signal);
		while (workers.length < 2) workers.push(await rig.home.startWorker(signal));
	}, PREPARATION_LIMIT);
	afterAll(async () => {
		over.abort();
		await Promise.all(workers.map(async (worker) => await worker.kill()));
		await rig?.n8n.kill();
		await rig?.close();
		await hook?.close();
		await redis?.close();
		await postgres?.close();
	});

	const arrivals = async (): Promise<string[]> =>
		(JSON.parse(await control(rig.sandbox, 'arrivals')) as Array<{ name: string }>).map(({ name }) => name);
	/** Delivers files, and waits until each was told of. */
	const pickUp = async (label: string): Promise<number[]> => {
		const paths = await pickups.deliver(['reports'], label, COUNT);
		await pickups.fired(paths);
		return pickups.counts(paths);
	};
	const ONCE = Array.from({ length: COUNT }, () => 1);

	it(
		`picks up ${COUNT} files of each of two bursts once, by way of its workers`,
		async () => {
			for (const burst of ['first', 'second']) {
				expect(await pickUp(burst)).toEqual(ONCE);
			}
		},
		PREPARATION_LIMIT,
	);

	/** Posts a file until n8n says what became of it, as a sender does that meets a worker's end. */
	const submit = async (method: string, name: string, content: Buffer): Promise<string> => {
		for (;;) {
			const form = new FormData();
			form.append('data', new File([new Uint8Array(content)], name));
			const answer = await fetch(`${rig.n8n.url}/webhook/submit-${method}`, { method: 'POST', body: form })
				.then(async (response) => (response.ok ? ((await response.json()) as { outcome?: string }) : undefined))
				.catch(() => undefined);
			if (answer?.outcome === 'accepted' || answer?.outcome === 'skipped') return answer.outcome;
			signal.throwIfAborted();
			await new Promise((resolve) => setTimeout(resolve, 500));
		}
	};

	it.each(METHODS)(
		`files ${COUNT} filings once over %s`,
		async (method) => {
			const names = Array.from({ length: COUNT }, (_, index) => `${method}-${index}.bin`);
			await Promise.all(names.map(async (name) => await submit(method, name, randomBytes(20_000))));
			const arrived = await arrivals();
			expect(names.map((name) => arrived.filter((each) => each === name).length)).toEqual(ONCE);
		},
		PREPARATION_LIMIT,
	);

	it(
		`files ${COUNT} filings once over REST, each sent by two at once, while workers are killed`,
		async () => {
			const files = Array.from({ length: COUNT }, (_, index) => ({
				name: `kill-${index}.bin`,
				content: randomBytes(20_000),
			}));
			let isDone = false;
			const killing = (async () => {
				for (let turn = 0; !isDone && turn < 3; turn++) {
					await new Promise((resolve) => setTimeout(resolve, 2000));
					await workers[turn % 2]!.kill();
					workers[turn % 2] = await rig.home.startWorker(signal);
				}
			})();
			const twice = files.flatMap((file) => [file, file]);
			await Promise.all(twice.map(async ({ name, content }) => await submit('rest', name, content)));
			isDone = true;
			await killing;
			const arrived = await arrivals();
			expect(files.map(({ name }) => arrived.filter((each) => each === name).length)).toEqual(ONCE);
		},
		PREPARATION_LIMIT,
	);

	it(
		'goes on after Redis and PostgreSQL were started anew',
		async () => {
			await redis.restart();
			await postgres.restart();
			expect(await pickUp('after')).toEqual(ONCE);
		},
		PREPARATION_LIMIT,
	);
});
