import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../free-port';
import type { N8nProgram } from './cache';
import { type Child, startChild, tail } from './child';
import { childEnvironment } from './environment';
import { until } from './until';

/** A running n8n. */
export interface N8nServer extends Child {
	/** The editor's address. */
	url: string;
}

const START_LIMIT = 120_000;
const COMMAND_LIMIT = 120_000;

/** An n8n of one's own: a user folder, an encryption key, and settings that keep it from calling out. */
export class N8nHome {
	private readonly settings: NodeJS.ProcessEnv;

	/**
	 * @param program from {@link cachedRelease}
	 * @param files the folder on disk that workflows may use; n8n's default where absent
	 * @param more settings
	 */
	constructor(
		private readonly program: N8nProgram,
		readonly folder: string,
		files?: string,
		more: NodeJS.ProcessEnv = {},
	) {
		this.settings = {
			N8N_USER_FOLDER: folder,
			N8N_ENCRYPTION_KEY: randomBytes(24).toString('base64url'),
			N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
			...(files && { N8N_RESTRICT_FILE_ACCESS_TO: files }),
			N8N_LISTEN_ADDRESS: '127.0.0.1',
			N8N_HOST: '127.0.0.1',
			N8N_SECURE_COOKIE: 'false',
			N8N_DIAGNOSTICS_ENABLED: 'false',
			N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
			N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
			N8N_DYNAMIC_BANNERS_ENABLED: 'false',
			N8N_HIRING_BANNER_ENABLED: 'false',
			N8N_TEMPLATES_ENABLED: 'false',
			N8N_PERSONALIZATION_ENABLED: 'false',
			N8N_VERIFIED_PACKAGES_ENABLED: 'false',
			NO_PROXY: ['127.0.0.1', 'localhost', process.env.NO_PROXY ?? ''].join(','),
			...more,
		};
	}

	/** Imports credentials or workflows: plain JSON, as n8n exports it. Not while the server runs. */
	async import(what: 'credentials' | 'workflow', records: object[], signal: AbortSignal): Promise<void> {
		const file = join(this.folder, `${what}.json`);
		await writeFile(file, JSON.stringify(records));
		const log = await this.command([`import:${what}`, `--input=${file}`], signal);
		// n8n ends with 0 also when it imported nothing.
		if (!log.includes(`Successfully imported ${records.length} `)) {
			throw new Error(`n8n did not import the ${what}:\n${tail(log)}`);
		}
	}

	/** Publishes a workflow: it is active from the next start on. */
	async publish(workflowId: string, signal: AbortSignal): Promise<void> {
		await this.command(['publish:workflow', `--id=${workflowId}`], signal).catch(async (error: Error) => {
			// n8n 1 says that it is active.
			if (!/command .*not found|not a n8n command/i.test(error.message)) throw error;
			await this.command(['update:workflow', `--id=${workflowId}`, '--active=true'], signal);
		});
	}

	/** Runs one of n8n's commands to its end; gives what it printed. */
	private async command(args: string[], signal: AbortSignal): Promise<string> {
		const child = await this.launch(args);
		const what = `The end of 'n8n ${args.join(' ')}'`;
		try {
			const ended = async (): Promise<number | undefined> => child.exitCode();
			const code = await until(ended, { what, signal, limit: COMMAND_LIMIT, details: () => tail(child.log()) });
			if (code !== 0) throw new Error(`n8n ${args.join(' ')} ended with ${code}:\n${tail(child.log())}`);
			return child.log();
		} finally {
			await child.stop();
		}
	}

	/** Starts the server and waits until its API answers. @param more settings */
	async start(signal: AbortSignal, more: NodeJS.ProcessEnv = {}): Promise<N8nServer> {
		const port = await freePort();
		const url = `http://127.0.0.1:${port}`;
		const child = await this.launch(['start'], { N8N_PORT: String(port), ...more });
		try {
			await until(
				async () => {
					if (child.exitCode() !== undefined) throw new Error(`n8n ended at once:\n${tail(child.log())}`);
					return (await answers(`${url}/healthz/readiness`)) && (await answers(`${url}/rest/settings`))
						? true
						: undefined;
				},
				{ what: 'n8n', signal, limit: START_LIMIT, details: () => tail(child.log()) },
			);
			return { ...child, url };
		} catch (error) {
			await child.stop();
			throw error;
		}
	}

	/** Starts a worker of queue mode, and waits until it takes executions. @param args further ones @param more settings */
	async startWorker(signal: AbortSignal, args: string[] = [], more: NodeJS.ProcessEnv = {}): Promise<Child> {
		const child = await this.launch(['worker', ...args], more);
		const ready = async () => {
			if (child.exitCode() !== undefined) throw new Error(`n8n's worker ended at once:\n${tail(child.log())}`);
			return /worker is now ready/i.test(child.log()) ? true : undefined;
		};
		await until(ready, { what: "n8n's worker", signal, limit: START_LIMIT, details: () => tail(child.log()) });
		return child;
	}

	private async launch(args: string[], more: NodeJS.ProcessEnv = {}): Promise<Child> {
		const env = { ...this.settings, N8N_RUNNERS_BROKER_PORT: String(await freePort()), ...more };
		return startChild(this.program.node, [this.program.script, ...args], { env: childEnvironment(env) });
	}
}

/** Whether n8n itself answers: before it is up, it sends a text page, or refuses the connection. */
async function answers(url: string): Promise<boolean> {
	const response = await fetch(url).catch(() => undefined);
	return response?.ok === true && (response.headers.get('content-type') ?? '').includes('json');
}
