import assert from 'node:assert/strict';
import type { Agent } from 'node:http';
import type { SandboxInfo } from '../../../sandbox/info';
import { type ContentPool, type Random, sha256 } from '../../support/random';
import { fetchClient, type HttpOptions, type HttpReply, nodeClient } from './http-clients';
import type { Ledger, Sent } from './ledger';

export const READ_SPACE = '0001/crd/reports';
export const WRITE_SPACES = ['0001/crd/incoming_filings', '0001/focus/in'] as const;

const MAX_UPLOAD = 500_000;

/** Deviations after which no more work is begun: the sandbox may be gone. */
const GIVE_UP = 1000;

/** A file that FINRA delivered. */
export interface Published {
	name: string;
	content: Buffer;
	/** Hex. */
	sha256: string;
}

/** What all workers share. */
export interface World {
	sandbox: SandboxInfo;
	published: Published[];
	contents: ContentPool;
	ledger: Ledger;
	/** Of all clients but fetch, which has its own. */
	agent: Agent;
}

/** A file to be uploaded. */
export interface Draft extends Omit<Sent, 'method'> {
	content: Buffer;
}

/** Something that a worker does. It throws where an answer is not as expected. */
export interface Kind {
	name: string;
	weight: number;
	run(worker: Worker): Promise<void>;
}

/** One of many that use the sandbox at a time, one request after the other. */
export class Worker {
	token = '';
	private uploads = 0;

	constructor(
		readonly world: World,
		readonly number: number,
		readonly random: Random,
		/** Its own. */
		readonly folder: string,
	) {}

	/** @param milliseconds for how long it begins new work */
	async work(kinds: Kind[], milliseconds: number): Promise<void> {
		const { ledger } = this.world;
		const begin = performance.now();
		while (performance.now() - begin < milliseconds && ledger.deviationCount < GIVE_UP) {
			const kind = this.random.weighed(kinds);
			await kind.run(this).catch((error: Error) => {
				const seconds = ((performance.now() - begin) / 1000).toFixed(1);
				ledger.deviates(`${kind.name} (worker ${this.number}, second ${seconds}): ${inWords(error)}`);
			});
			ledger.did(kind.name);
		}
	}

	/** One exchange, by whichever client. */
	async http(url: string, options?: HttpOptions): Promise<HttpReply> {
		const client = this.random.chance(0.5) ? fetchClient : nodeClient(this.world.agent);
		return await this.world.ledger.during(async () => await client(url, options));
	}

	async rest(path: string, method = 'GET', token = this.token): Promise<HttpReply> {
		return await this.http(`${this.world.sandbox.rest}/${path}`, {
			method,
			headers: { Authorization: `Bearer ${token}` },
		});
	}

	/** What REST answers where all is well. */
	async json<Answer>(path: string, method?: string): Promise<Answer> {
		const { status, body } = await this.rest(path, method);
		assert.equal(status, 200, `${path} answered ${status}: ${body.toString()}`);
		return JSON.parse(body.toString()) as Answer;
	}

	async login(username: string, password: string): Promise<HttpReply> {
		const basic = Buffer.from(`${username}:${password}`).toString('base64');
		return await this.http(`${this.world.sandbox.fip}/fip/rest/ews/oauth2/access_token?grant_type=client_credentials`, {
			method: 'POST',
			headers: { Authorization: `Basic ${basic}` },
		});
	}

	/** A file of a name and a content that there is only once. */
	draft(size = this.random.between(0, MAX_UPLOAD)): Draft {
		const name = `w${this.number}-${++this.uploads}.bin`;
		const content = this.world.contents.cut(this.random, size, name);
		return { space: this.random.pick(WRITE_SPACES), name, content, size, sha256: sha256(content) };
	}

	accepted(method: Sent['method'], { space, name, size, sha256: hash }: Draft): void {
		this.world.ledger.accepted.push({ method, space, name, size, sha256: hash });
	}

	cutOff({ name }: Draft): void {
		this.world.ledger.cutOff.add(name);
	}
}

/** fetch tells what went wrong in the cause only. */
function inWords({ name, message, cause }: Error): string {
	return `${name}: ${message}${cause === undefined ? '' : ` (${String(cause)})`}`.slice(0, 400);
}
