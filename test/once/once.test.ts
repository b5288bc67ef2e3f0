import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { credentialFields } from '../support/accounts';
import { Engine } from '../support/engine';
import { Random } from '../support/random';
import { batch, hurry, notFiled, table, tally, type Tally, uploadBatch } from './batch';
import { FAULTS, nameOf } from './faults';
import { SenderProcess } from './sender-process';

/** How often a process is killed: `ONCE_KILLS=200` for longer. */
const ROUNDS = Number(process.env.ONCE_KILLS ?? 50);
const BATCH = 20;
const MINUTES = 60_000;

/** `ONCE_SEED=123` repeats the moments of the kills. */
const SEED = Number(process.env.ONCE_SEED ?? randomInt(2 ** 31));

let sandbox: Sandbox;
let slowDown = () => {};
const tables: string[] = [];

beforeEach(async () => {
	sandbox = await startSandbox();
});
afterEach(async () => {
	slowDown();
	await sandbox.close();
});
afterAll(() => process.stderr.write(`\n${tables.join('\n\n')}\n`));

const NOT_TWICE_NOT_LOST = { twice: 0, lost: 0 };

describe("fileX Upload with Retry On Fail, in n8n's engine", () => {
	it(
		'files each file once, whatever goes wrong on the way',
		async () => {
			const engine = await Engine.start(credentialFields(sandbox.info));
			slowDown = hurry(sandbox);
			const rows: Array<[string, Tally, ...string[]]> = [];
			for (const [index, fault] of FAULTS.entries()) {
				const names = batch(`fault${index}`, 5);
				const before = sandbox.submissions.all().length;
				sandbox.faults.add({ times: 1, after: 1, ...fault });
				const run = await uploadBatch(engine, names);
				sandbox.faults.clear();
				const result = tally(sandbox, names, notFiled(run));
				rows.push([nameOf(fault), result, String(sandbox.submissions.all().length - before)]);
				expect({ fault, ...result }).toMatchObject({ fault, ...NOT_TWICE_NOT_LOST });
			}
			tables.push(table('fault', rows, ['upload requests']));
			// All of these pass by themselves: nothing may be left to a person.
			expect(rows.map(([name, { once }]) => [name, once])).toEqual(rows.map(([name]) => [name, 5]));
		},
		10 * MINUTES,
	);

	it(
		'files each file once when two executions send the same batch at once',
		async () => {
			const engine = await Engine.start(credentialFields(sandbox.info));
			const names = batch('executions', BATCH);
			const runs = await Promise.all([uploadBatch(engine, names), uploadBatch(engine, names)]);
			tables.push(table('two executions at once', [['one process', tally(sandbox, names, 'all')]]));
			expect(tally(sandbox, names, 'all')).toMatchObject({ once: BATCH });
			expect(runs.flatMap(({ items }) => items.map(({ json }) => json.outcome)).sort()).toEqual([
				...names.map(() => 'accepted'),
				...names.map(() => 'skipped'),
			]);
		},
		MINUTES,
	);

	const registered = (accessMethod: string) => ({ accessMethod, options: { registerOverRest: true } });

	it.each<[string, object, object]>([
		['over REST', {}, {}],
		['over S3 Direct, registered over REST', registered('s3'), registered('s3')],
		['over SFTP, registered over REST', registered('sftp'), registered('sftp')],
		['over SFTP and S3 Direct, registered over REST', registered('sftp'), registered('s3')],
		['over S3 Direct, registered over REST, and over REST', registered('s3'), {}],
	])(
		'files each file once when two processes send the same batch at once %s',
		async (how, ...parameters: object[]) => {
			slowDown = hurry(sandbox);
			const senders = [0, 1].map(() => SenderProcess.start(credentialFields(sandbox.info)));
			try {
				await Promise.all(senders.map(async (sender) => await sender.ready()));
				const names = batch('processes', BATCH);
				await Promise.all(
					senders.map(async (sender, index) => await sender.begin({ names, parameters: parameters[index] })),
				);
				const reports = await Promise.all(senders.map(async (sender) => await sender.report()));
				const result = tally(sandbox, names, 'all');
				tables.push(table(`two processes at once, ${how}`, [['', result]]));
				expect(result).toMatchObject(NOT_TWICE_NOT_LOST);
				expect(result.once).toBe(BATCH);
				expect(reports.flatMap(({ outcomes }) => outcomes).filter((outcome) => outcome === 'accepted')).toHaveLength(
					BATCH,
				);
			} finally {
				await Promise.all(senders.map(async (sender) => await sender.kill()));
			}
		},
		5 * MINUTES,
	);

	it(
		`files each file once when the process is killed in mid-batch, ${ROUNDS} times, and the batch is run again`,
		async () => {
			const random = new Random(SEED);
			const credential = credentialFields(sandbox.info);
			let sender = SenderProcess.start(credential);
			let next = SenderProcess.start(credential);
			let duration = 0;
			const total: Tally = { files: 0, once: 0, twice: 0, told: 0, lost: 0 };
			const moments: number[] = [];
			let cutShort = 0;
			try {
				await sender.ready();
				for (let round = 0; round < ROUNDS; round++) {
					// How long a batch takes, measured again each time: the kill is to fall into it.
					const whole = batch(`whole${round}`, BATCH);
					await sender.begin({ names: whole });
					const began = performance.now();
					expect((await sender.report()).notFiled).toEqual([]);
					duration = performance.now() - began;

					const names = batch(`killed${round}`, BATCH);
					await sender.begin({ names });
					const moment = random.next() * duration;
					await sleep(moment);
					await sender.kill();
					moments.push(moment / duration);
					const arrived = tally(sandbox, names, 'all').once;
					if (arrived < BATCH) cutShort++;

					sender = next;
					next = SenderProcess.start(credential);
					await sender.ready();
					// The requests of the dead process run out.
					sandbox.settings.change({ clockOffsetSeconds: sandbox.settings.get().clockOffsetSeconds + 150 });
					await sender.begin({ names });
					const { notFiled: said } = await sender.report();
					const result = tally(sandbox, names, said === 'all' ? said : new Set(said));
					for (const key of Object.keys(total) as Array<keyof Tally>) total[key] += result[key];
					expect({ round, seed: SEED, ...result }).toMatchObject(NOT_TWICE_NOT_LOST);
				}
			} finally {
				await sender.kill();
				await next.kill();
			}
			tables.push(
				table(`${ROUNDS} kills, then the batch again`, [[`seed ${SEED}; ${cutShort} batches cut short`, total]]),
			);
			expect(total.once).toBe(ROUNDS * BATCH);
			// Else the kills came too late to tell anything. All of a batch may have arrived long before its run ends.
			expect(cutShort).toBeGreaterThan(ROUNDS / 5);
		},
		20 * MINUTES,
	);
});
