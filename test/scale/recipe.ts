import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../../scripts/run';

interface Service {
	command?: string;
	volumes: string[];
	environment: Record<string, string>;
}

/** What examples/deploy/compose.yml gives to n8n's processes. */
export interface Recipe {
	settings: NodeJS.ProcessEnv;
	/** Arguments of a worker. */
	worker: string[];
	/** The database's user, and its database. */
	database: { user: string; name: string };
	/** Arguments of Redis. */
	redis: string[];
	/** Paths that volumes are mounted at, of main and of workers. */
	mounts: string[];
}

/** Reads the recipe as it stands. What is the machine's own, hosts and secrets, the caller sets. */
export async function readRecipe(): Promise<Recipe> {
	const text = await readFile(join(ROOT, 'examples', 'deploy', 'compose.yml'), 'utf8');
	const { services } = parse(text, { merge: true }) as { services: Record<string, Service> };
	const { main, worker, postgres, redis } = services as Record<'main' | 'worker' | 'postgres' | 'redis', Service>;
	const { POSTGRES_USER, POSTGRES_DB } = postgres.environment;
	return {
		settings: main.environment,
		worker: argumentsOf(worker),
		database: { user: POSTGRES_USER!, name: POSTGRES_DB! },
		redis: argumentsOf(redis),
		mounts: [...main.volumes, ...worker.volumes].map((volume) => volume.split(':')[1]!),
	};
}

/** Without the program's name. */
function argumentsOf({ command = '' }: Service): string[] {
	return command.split(' ').slice(1);
}
