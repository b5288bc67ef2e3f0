import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import ssh2 from 'ssh2';
import type { ICredentialTestFunctions, IDataObject } from 'n8n-workflow';
import { axiosHttp, requestToken } from '../../filex';
import { type EnvironmentName, ENVIRONMENTS } from '../../filex/account/environments';
import { fipApiTest } from '../../nodes/shared/credential-test';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { newKeyPair } from '../../sandbox/sftp/keys';
import { credentialFields } from '../support/accounts';
import { byName } from '../support/by-name';
import { Engine, fileItem, type NodeRun, type NodeUnderTest } from '../support/engine';
import { type ForeignAnswer, type Interloper, PAGE, startInterloper } from '../support/interloper';
import { startOddServer } from '../support/odd-sftp-server';

const CONTINUE = { onError: 'continueRegularOutput' } as const;
const PLACE = { application: byName('crd'), subSpace: byName('reports') };

/** What a user does with an account whose password is wrong. */
class User {
	constructor(
		readonly sandbox: Sandbox,
		readonly engine: Engine,
	) {}

	/** Changes fields of the credential. */
	sets(fields: object): void {
		Object.assign(this.engine.credentials.stored, { accessToken: '' }, fields);
	}

	async runs(
		type: string,
		parameters: object = {},
		items = 1,
		more: Partial<NodeUnderTest> = CONTINUE,
	): Promise<NodeRun> {
		return await this.engine.run(
			{ type, parameters: parameters as never, ...more },
			Array.from({ length: items }, (_, index) => ({ index })),
		);
	}

	async lists(accessMethod: string, items = 1, more?: Partial<NodeUnderTest>): Promise<NodeRun> {
		return await this.runs('fileXList', { accessMethod, operation: 'files', ...PLACE }, items, more);
	}

	async downloads(accessMethod: string, items = 1): Promise<NodeRun> {
		return await this.runs(
			'fileXDownload',
			{ accessMethod, selectBy: 'path', filePath: '0001/crd/reports/a.pdf', binaryPropertyName: 'data' },
			items,
		);
	}

	async uploads(accessMethod: string, files = 1): Promise<NodeRun> {
		const parameters = {
			accessMethod,
			application: byName('focus'),
			subSpace: byName('in'),
			binaryPropertyName: 'data',
			ifAlreadyFiled: 'fail',
			options: { settleTime: 0 },
		};
		const items = await Promise.all(
			Array.from({ length: files }, async (_, index) => await fileItem(`${index}.zip`, Buffer.from('x'))),
		);
		return await this.engine.runOn({ type: 'fileXUpload', parameters: parameters as never, ...CONTINUE }, items);
	}

	async tracks(operation: string, items = 1): Promise<NodeRun> {
		return await this.runs('fileXTrack', { operation, trackingId: randomUUID(), timeLimit: 0.01 }, items);
	}

	async takesToken(items = 1): Promise<NodeRun> {
		return await this.runs('fileXS3Token', { application: byName('crd') }, items);
	}

	async polls(type: string, times: number, budget?: number): Promise<IDataObject[]> {
		const parameters =
			type === 'fileXTrackingTrigger'
				? { events: ['received'], coldStart: 'fromNow' }
				: { watch: 'subSpace', ...PLACE, coldStart: 'fromNow' };
		const trigger = this.engine.activate(parameters as never, 'trigger', randomUUID(), type);
		const emitted: IDataObject[] = [];
		for (let time = 0; time < times; time++) emitted.push(...(await trigger.poll(budget).catch(() => [])));
		return emitted;
	}

	async looksInto(accessMethod: string): Promise<void> {
		for (const method of ['applications', 'uploadApplications', 'subSpaces']) {
			await this.engine
				.search(method, { type: 'fileXList', parameters: { accessMethod, ...PLACE } as never })
				.catch(() => {});
		}
	}

	async tests(times = 1): Promise<Array<{ status: string; message: string }>> {
		const results = [];
		for (let time = 0; time < times; time++) {
			results.push(
				await fipApiTest.call({} as ICredentialTestFunctions, {
					id: '1',
					name: 'FIP',
					type: 'fipApi',
					data: { ...this.engine.credentials.stored } as never,
				}),
			);
		}
		return results;
	}
}

/** Ways to use a wrong password. */
const WAYS: Array<[name: string, way: (user: User) => Promise<unknown>]> = [
	['fileX List over REST, 10 items', async (user) => await user.lists('rest', 10)],
	['fileX List over S3 Direct, 10 items', async (user) => await user.lists('s3', 10)],
	['fileX List over SFTP, 10 items', async (user) => await user.lists('sftp', 10)],
	['fileX Download over REST, 10 items at once', async (user) => await user.downloads('rest', 10)],
	['fileX Download over SFTP, 10 items at once', async (user) => await user.downloads('sftp', 10)],
	['fileX Upload over REST, 4 files at once', async (user) => await user.uploads('rest', 4)],
	['fileX Upload over S3 Direct, 4 files at once', async (user) => await user.uploads('s3', 4)],
	['fileX Upload over SFTP, whose guard asks tracking', async (user) => await user.uploads('sftp', 4)],
	['fileX Track, Get, 5 items', async (user) => await user.tracks('get', 5)],
	['fileX Track, Wait, 15 items', async (user) => await user.tracks('wait', 15)],
	['fileX S3 Token, 5 items', async (user) => await user.takesToken(5)],
	['fileX SFTP Trigger, 10 polls', async (user) => await user.polls('fileXSftpTrigger', 10)],
	['fileX Tracking Trigger, 10 polls', async (user) => await user.polls('fileXTrackingTrigger', 10)],
	[
		"the editor's lists, of each method",
		async (user) => await Promise.all(['rest', 's3', 'sftp'].map(async (method) => await user.looksInto(method))),
	],
	["the credential's test, 5 times in a row", async (user) => await user.tests(5)],
	[
		'Retry On Fail, 5 times',
		async (user) => await user.lists('rest', 1, { retryOnFail: true, maxTries: 5, waitBetweenTries: 0 }),
	],
	[
		'Retry On Fail, 5 times, over SFTP',
		async (user) => await user.lists('sftp', 1, { retryOnFail: true, maxTries: 5, waitBetweenTries: 0 }),
	],
	[
		'8 executions at once',
		async (user) =>
			await Promise.all(
				['rest', 'sftp', 's3', 'rest', 'sftp', 's3', 'rest', 'sftp'].map(async (method) => await user.lists(method, 2)),
			),
	],
	['SFTP, then REST', async (user) => [await user.lists('sftp'), await user.lists('rest')]],
	['REST, then SFTP', async (user) => [await user.lists('rest'), await user.lists('sftp')]],
	[
		'hosts spelled in another way',
		async (user) => {
			const { restUrl, fipUrl } = user.engine.credentials.stored;
			for (const host of ['127.0.0.1', 'localhost', 'LOCALHOST', 'localhost.']) {
				user.sets({
					restUrl: String(restUrl).replace('127.0.0.1', host),
					fipUrl: String(fipUrl).replace('127.0.0.1', host),
					sftpHost: host,
				});
				await user.lists('rest');
				await user.lists('sftp');
			}
		},
	],
	[
		'Production and Customer Test',
		async ({ sandbox, engine }) => {
			// As far as they can be played: FINRA's addresses, and the sandbox's FIP behind them.
			const http = {
				...axiosHttp,
				text: async (request: { url: string }) =>
					await axiosHttp.text({ ...request, url: request.url.replace(/^https:\/\/[^/]+/, sandbox.info.fip) } as never),
			};
			for (const environment of ['production', 'customerTest', 'production'] as EnvironmentName[]) {
				await requestToken(http, {
					endpoints: ENVIRONMENTS[environment],
					username: 'demo',
					password: String(engine.credentials.stored.password),
				}).catch(() => {});
			}
		},
	],
	[
		'a password that was changed, while a token is cached and then revoked',
		async (user) => {
			const wrong = user.engine.credentials.stored.password;
			const demo = user.sandbox.accounts.find('demo')!;
			const right = demo.password;
			demo.password = String(wrong);
			expect((await user.lists('rest')).error).toBeUndefined();
			demo.password = right;
			user.engine.credentials.stored.accessToken = String(user.engine.credentials.stored.accessToken).replace(
				/:.*/,
				':revoked',
			);
			for (let time = 0; time < 3; time++) await user.lists('rest', 3);
			await user.tracks('get', 3);
			await user.polls('fileXTrackingTrigger', 3);
			await user.lists('sftp');
		},
	],
	[
		'a right key beside it',
		async (user) => {
			const pair = newKeyPair('ed25519');
			user.sandbox.accounts.find('demo')!.publicKeys.push(pair.public);
			user.sets({ privateKey: pair.private });
			await user.uploads('sftp', 3);
			await user.lists('rest', 3);
			expect((await user.lists('sftp')).error).toBeUndefined();
			await user.takesToken();
		},
	],
	[
		'every node, one after the other, twice',
		async (user) => {
			for (let time = 0; time < 2; time++) {
				for (const method of ['rest', 's3', 'sftp'])
					await Promise.all([user.lists(method), user.downloads(method), user.uploads(method), user.looksInto(method)]);
				await user.tracks('get');
				await user.tracks('wait');
				await user.takesToken();
				await user.polls('fileXSftpTrigger', 2);
				await user.polls('fileXTrackingTrigger', 2);
			}
		},
	],
];

/** Ways to lose FIP's answer to a login; and whether FIP gets it. */
const LOSSES: Array<[name: string, answer: ForeignAnswer, forwards: boolean]> = [
	['a reset after it', 'reset', true],
	['a reset in its place', 'reset', false],
	['a page (200)', { status: 200 }, true],
	['a page (403)', { status: 403 }, true],
	['a page (502)', { status: 502 }, true],
	['a login page (302)', { status: 302, headers: { Location: 'https://login.example.com/' } }, true],
	['a page (401)', { status: 401, headers: { 'Content-Type': 'text/html' }, body: PAGE }, true],
	['nothing (200)', { status: 200, headers: {}, body: '' }, true],
	[
		'JSON of another (200)',
		{ status: 200, headers: { 'Content-Type': 'application/json' }, body: '{"result":"blocked"}' },
		true,
	],
	[
		'JSON of another (401)',
		{ status: 401, headers: { 'Content-Type': 'application/json' }, body: '{"blocked":true}' },
		true,
	],
	[
		'half of an answer, and then a cut',
		{
			status: 200,
			headers: { 'Content-Type': 'application/json', 'Content-Length': '500' },
			body: '{"access_token":"',
		},
		true,
	],
];

const tables: string[] = [];

describe('logins', () => {
	let sandbox: Sandbox;
	let user: User;

	beforeEach(async () => {
		sandbox = await startSandbox({ settings: { lockAfter: 5 } });
		user = new User(sandbox, await Engine.start(credentialFields(sandbox.info, { password: `wrong ${randomUUID()}` })));
	});
	afterEach(async () => await sandbox.close());
	afterAll(() => {
		// Only where it is read: with others, it would be lost among theirs.
		if (process.env.LOGINS_TABLE) process.stderr.write(`\n${tables.join('\n')}\n`);
	});

	const logins = () =>
		sandbox.log
			.all()
			.filter(
				({ service, request }) =>
					(service === 'fip' && request === 'token') || (service === 'sftp' && request === 'login'),
			);
	const refused = () => logins().filter(({ outcome }) => !/^(?:200|ok)$/.test(outcome));

	async function expectRightPasswordToWork(): Promise<void> {
		user.sets({ ...credentialFields(sandbox.info), privateKey: '' });
		const before = refused().length;
		for (const method of ['rest', 'sftp']) expect((await user.lists(method, 1, {})).error).toBeUndefined();
		expect(refused()).toHaveLength(before);
	}

	it.each(WAYS)('with a wrong password, refused once: %s', async (name, way) => {
		await way(user);
		tables.push(
			`${name.padEnd(75)} ${refused().length} refused (${refused()
				.map(({ service }) => service)
				.join(', ')})`,
		);
		expect(refused().map(({ service, outcome }) => `${service} ${outcome}`)).toHaveLength(1);
		expect(sandbox.accounts.record('demo').locked).toBe(false);
		await expectRightPasswordToWork();
	});

	describe('of which the answer is lost', () => {
		let interloper: Interloper;

		beforeEach(async () => {
			interloper = await startInterloper(sandbox.info.fip);
			user.sets({ fipUrl: interloper.url });
		});
		afterEach(async () => await interloper.close());

		it.each(LOSSES)('go out twice at most: %s', async (name, answer, forwards) => {
			interloper.rules = [{ matches: /access_token/, answer, forwards }];
			await user.lists('rest', 10);
			await user.downloads('rest', 5);
			await user.takesToken(3);
			await user.tracks('wait', 3);
			await user.polls('fileXTrackingTrigger', 10);
			await user.looksInto('rest');
			// Uploads wait for places that they cannot see: of one way, that is enough.
			if (name === LOSSES[0]![0])
				await Promise.all(['rest', 's3', 'sftp'].map(async (method) => await user.uploads(method)));
			await user.polls('fileXSftpTrigger', 3);
			await user.lists('sftp', 3);
			const sent = interloper.struck + sandbox.log.count('sftp', 'login');
			tables.push(`${`lost: ${name}`.padEnd(75)} ${sent} sent (${interloper.struck} to FIP)`);
			expect(sent).toBeLessThanOrEqual(2);
			expect(sandbox.accounts.record('demo').locked).toBe(false);
			interloper.rules = [];
			await expectRightPasswordToWork();
		});
	});

	it.each(['reset', 'end', 'silence'] as const)(
		'over SFTP whose answer is lost go out twice at most: %s',
		async (hangUp) => {
			const server = await startOddServer(Buffer.from('x'), { hangUp });
			try {
				user.sets({ sftpHost: '127.0.0.1', sftpPort: server.port, hostKeys: '' });
				if (hangUp !== 'silence') {
					await user.lists('sftp', 10);
					await user.downloads('sftp', 5);
				}
				await user.polls('fileXSftpTrigger', 10, 400);
				await user.lists('rest', 3);
				await user.polls('fileXTrackingTrigger', 3);
				const sent = server.logins() + logins().length;
				tables.push(`${`lost over SFTP: ${hangUp}`.padEnd(75)} ${sent} sent (${logins().length} to FIP)`);
				expect(sent).toBeLessThanOrEqual(2);
				await expectRightPasswordToWork();
			} finally {
				await server.close();
			}
		},
	);

	it.each(['publickey', 'keyboard-interactive'])(
		'of a method that the server does not take are reported as that, and refuse nothing: it needs %s',
		async (method) => {
			let asked = 0;
			const server = new ssh2.Server({ hostKeys: [newKeyPair('ed25519').private] }, (connection) => {
				connection.on('error', () => {}).on('authentication', (login) => (asked++, login.reject([method] as never)));
			});
			await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
			try {
				user.sets({
					...credentialFields(sandbox.info),
					sftpHost: '127.0.0.1',
					sftpPort: (server.address() as AddressInfo).port,
					hostKeys: '',
				});
				for (let time = 0; time < 3; time++)
					expect(String((await user.lists('sftp', 1, {})).error?.message)).toMatch(
						/accepts no login by password, only by: (publickey|keyboard-interactive)|was refused before/,
					);
				// A prompt would be another way to send the password.
				expect(asked).toBe(method === 'publickey' ? 1 : 2);
				expect((await user.lists('rest', 1, {})).error).toBeUndefined();
				expect((await user.uploads('rest')).items[0]!.json).toMatchObject({ outcome: 'accepted' });
			} finally {
				await new Promise((resolve) => server.close(resolve));
			}
		},
	);

	it('with a wrong password are let through once more when a person has the credential tested, however often', async () => {
		await user.lists('rest', 10);
		await user.tests(5);
		await user.lists('sftp', 10);
		await user.tests(5);
		tables.push(
			`${"nodes, and then the credential's test, 5 times, twice".padEnd(75)} ${refused().length} refused (a person asked once)`,
		);
		expect(refused()).toHaveLength(2);
		await expectRightPasswordToWork();
	});

	it.each(['rest', 'sftp'])(
		"of an account that was locked and is not any more continue after the credential's test, without a restart: %s",
		async (method) => {
			user.sets(credentialFields(sandbox.info));
			for (let time = 0; time < 5; time++) sandbox.accounts.login('demo', 'somebody else guesses');
			expect(sandbox.accounts.record('demo').locked).toBe(true);
			expect((await user.lists(method, 3)).items[0]!.json.error).toMatch(/was refused by/);
			expect(refused()).toHaveLength(1);
			sandbox.accounts.unlock('demo');
			expect((await user.lists(method, 3)).items[0]!.json.error).toMatch(/was refused before/);
			expect(refused()).toHaveLength(1);
			expect(await user.tests()).toMatchObject([{ status: 'OK' }]);
			for (const each of ['rest', 'sftp']) expect((await user.lists(each, 1, {})).error).toBeUndefined();
			expect(refused()).toHaveLength(1);
		},
	);
});
