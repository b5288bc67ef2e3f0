import type { Child } from '../../scripts/n8n/child';
import { printedProgress } from '../../scripts/n8n/progress';
import { type Rig, type RigOptions, startRig } from '../../scripts/n8n/rig';
import { Teardown } from '../../scripts/n8n/teardown';
import { type Database, startPostgres, startRedis } from '../support/databases';
import { readRecipe } from './recipe';

/** Workers of the recipe. */
const WORKERS = 2;

/** n8n in queue mode, set as examples/deploy/compose.yml says: one main process and two workers, with PostgreSQL and Redis. */
export interface QueueRig extends Rig {
	postgres: Database;
	redis: Database;
	workers: Child[];
	/** Starts one in the place of another, which has ended. @param more settings */
	startWorker(index: number, more?: NodeJS.ProcessEnv): Promise<void>;
}

/** @param files the folder in the place of the recipe's */
export async function startQueueRig(
	options: Pick<RigOptions, 'workflows' | 'credentials' | 'signal'> & { files: string },
): Promise<QueueRig> {
	const { files, signal } = options;
	const teardown = new Teardown();
	const close = async (database: Database) => await database.close();
	try {
		const recipe = await readRecipe();
		const postgres = teardown.add(await startPostgres(recipe.database), close);
		const redis = teardown.add(await startRedis(recipe.redis), close);
		const rig = await startRig({
			...options,
			published: options.workflows.map(({ id }) => id),
			settings: {
				...recipe.settings,
				QUEUE_BULL_REDIS_HOST: '127.0.0.1',
				QUEUE_BULL_REDIS_PORT: String(redis.port),
				DB_POSTGRESDB_HOST: '127.0.0.1',
				DB_POSTGRESDB_PORT: String(postgres.port),
				DB_POSTGRESDB_PASSWORD: 'of no matter on the loopback',
				N8N_ENCRYPTION_KEY: 'of these processes alone',
				N8N_RESTRICT_FILE_ACCESS_TO: files,
			},
			progress: printedProgress(process),
			signal,
		});
		teardown.add(rig, async () => await rig.close());
		const workers: Child[] = [];
		const started: QueueRig = {
			...rig,
			postgres,
			redis,
			workers,
			async startWorker(index, more) {
				workers[index] = await rig.home.startWorker(signal, recipe.worker, more);
			},
			close: async () => await teardown.run(),
		};
		// The main process may have been started anew by then.
		teardown.add(started, async ({ n8n }) => await n8n.kill());
		teardown.add(workers, async () => void (await Promise.all(workers.map(async (worker) => await worker.kill()))));
		for (let index = 0; index < WORKERS; index++) await started.startWorker(index);
		return started;
	} catch (error) {
		await teardown.run();
		throw error;
	}
}
