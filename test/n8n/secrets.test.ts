import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import type { ICredentialTestFunctions } from 'n8n-workflow';
import { fipApiTest } from '../../nodes/shared/credential-test';
import type { Fault } from '../../sandbox/faults';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { credentialFields } from '../support/accounts';
import { byName } from '../support/by-name';
import { Engine, fileItem } from '../support/engine';
import { requestUpload } from '../support/submissions';

/** Runs all nodes but fileX S3 Token, whose output is one, through many kinds of failure, and reads all that comes out for what must not. */
describe('no secret, token or signed URL', () => {
	let sandbox: Sandbox;
	const written: string[] = [];
	const secrets = new Set<string>();

	beforeAll(async () => {
		sandbox = await startSandbox();
		await sandbox.store.publish(['0001', 'crd', 'reports', 'a.pdf'], Readable.from([Buffer.alloc(500_000)]));
		for (const stream of [process.stdout, process.stderr]) {
			jest.spyOn(stream, 'write').mockImplementation((chunk) => Boolean(written.push(String(chunk))));
		}
	});
	afterAll(async () => {
		jest.restoreAllMocks();
		await sandbox.close();
	});

	async function engineWith(overrides: object): Promise<Engine> {
		const engine = await Engine.start(credentialFields(sandbox.info, overrides));
		const { username, password, sftpProxyPassword } = engine.credentials.stored;
		secrets.add(String(password));
		if (sftpProxyPassword) secrets.add(String(sftpProxyPassword));
		secrets.add(Buffer.from(`${String(username)}:${String(password)}`).toString('base64'));
		return engine;
	}

	async function tryEverything(engine: Engine): Promise<void> {
		const place = { application: byName('crd'), subSpace: byName('reports') };
		const filePath = '0001/crd/reports/a.pdf';
		const trackingId = requestUpload(sandbox, '0001/crd/incoming/a.zip');
		for (const accessMethod of ['rest', 'sftp']) {
			for (const onError of [undefined, 'continueRegularOutput'] as const) {
				const download = { accessMethod, selectBy: 'path', filePath, binaryPropertyName: 'data' };
				for (const [type, parameters] of [
					['fileXDownload', download],
					['fileXList', { operation: 'files', accessMethod, ...place }],
					['fileXList', { operation: 'files', accessMethod, ...place, options: { output: 'xml' } }],
					['fileXReconcile', { operation: 'expectedFiles', accessMethod, ...place, namePattern: '*' }],
					[
						'fileXReconcile',
						{
							operation: 'compareListings',
							accessMethod,
							...place,
							fileName: 'a.pdf',
							options: { compareContent: true },
						},
					],
					['fileXTrack', { operation: 'getAll' }],
					['fileXTrack', { operation: 'getAll', output: 'xml' }],
					['fileXTrack', { operation: 'wait', trackingId, timeLimit: 0 }],
					['fileXTrack', { operation: 'wait', trackingId, timeLimit: 0, whenTimeIsUp: 'output' }],
				] as const) {
					const { everything, error } = await engine.run({ type, parameters, onError });
					written.push(everything, inspect(error, { depth: 12 }));
				}
				const target = {
					accessMethod,
					application: byName('focus'),
					subSpace: byName('in'),
					binaryPropertyName: 'data',
					ifAlreadyFiled: 'allow',
					options: { settleTime: 0 },
				};
				const { everything, error } = await engine.runOn({ type: 'fileXUpload', parameters: target, onError }, [
					await fileItem('a.zip', Buffer.from('x')),
				]);
				written.push(everything, inspect(error, { depth: 12 }));
			}
		}
		for (const mode of ['trigger', 'manual'] as const) {
			for (const trigger of [
				engine.activate({ watch: 'subSpace', coldStart: 'existing', ...place }, mode),
				engine.activate({ coldStart: 'existing', events: ['requested'] }, mode, undefined, 'fileXTrackingTrigger'),
			]) {
				written.push(
					await trigger.poll().then(JSON.stringify, (error: unknown) => inspect(error, { depth: 12 })),
					trigger.state,
				);
			}
		}
		written.push(
			await engine
				.search('files', { type: 'fileXList', parameters: { accessMethod: 'rest', ...place } })
				.then(JSON.stringify, (error: unknown) => inspect(error, { depth: 12 })),
		);
		const data = engine.credentials.stored as never;
		written.push(
			JSON.stringify(
				await fipApiTest.call({} as ICredentialTestFunctions, { id: '1', name: 'FIP', type: 'fipApi', data }),
			),
		);
		const token = String(engine.credentials.stored.accessToken).split(':')[1];
		if (token) secrets.add(token);
	}

	it('is in any output, error or log', async () => {
		const faults: Array<Fault | undefined> = [
			undefined,
			{ where: 's3.get', effect: 'expired', times: 99 },
			{ where: 's3.get', effect: 'truncated', times: 99 },
			{ where: 's3.get', effect: 'drop', times: 99 },
			{ where: 's3.get', effect: 'fail', times: 99 },
			{ where: 'rest.list', effect: 'cut', times: 99 },
			{ where: 'rest.list', effect: 'fail', times: 99 },
			{ where: 'sftp.list', effect: 'cut', times: 99 },
			{ where: 'sftp.read', effect: 'fail', times: 99 },
			{ where: 's3.put', effect: 'expired', times: 99 },
			{ where: 's3.put', effect: 'fail', times: 99 },
			{ where: 's3.put', effect: 'lose', times: 99 },
			{ where: 'sftp.write', effect: 'lose', times: 99 },
			{ where: 'rest.tracking', effect: 'fail', times: 99 },
			{ where: 'rest.tracking', effect: 'drop', times: 99 },
			{ where: 'fip.token', effect: 'fail', times: 99 },
		];
		for (const fault of faults) {
			sandbox.faults.clear();
			if (fault) sandbox.faults.add(fault);
			await tryEverything(await engineWith({}));
		}
		sandbox.faults.clear();
		for (const overrides of [
			{ password: 'S3cret-and-wrong!' },
			{ hostKeys: `SHA256:${'A'.repeat(43)}` },
			{ restUrl: 'http://127.0.0.1:1' },
			{ fipUrl: 'http://127.0.0.1:1' },
			{ sftpPort: 1 },
			{ orgId: '4711' },
			{ privateKey: 'not a key at all' },
			{ sftpProxyUrl: 'http://127.0.0.1:1', sftpProxyUsername: 'way', sftpProxyPassword: 'pr0xy-Secret' },
		]) {
			await tryEverything(await engineWith(overrides));
		}
		jest.restoreAllMocks();

		const all = written.join('\n');
		expect(all.length).toBeGreaterThan(100_000);
		expect(secrets.size).toBeGreaterThan(5);
		for (const secret of secrets) expect(all.includes(secret)).toBe(false);
		expect(all).not.toMatch(/X-Amz-(Signature|Credential)|Bearer [\w-]{10}|Basic [\w+/=]{10}|not a key at all/);
	});
});

/** The same over S3 Direct, whose tokens are secrets of their own. */
describe('an S3 token', () => {
	it('is in any output, error or log but that of fileX S3 Token', async () => {
		const sandbox = await startSandbox();
		const secrets = new Set<string>();
		const written: string[] = [];
		const issue = sandbox.s3Keys.issue.bind(sandbox.s3Keys);
		jest.spyOn(sandbox.s3Keys, 'issue').mockImplementation((...args) => {
			const session = issue(...args);
			const { accessKeyId, secretAccessKey, sessionToken } = session.credentials;
			for (const secret of [accessKeyId, secretAccessKey, sessionToken]) secrets.add(secret);
			return session;
		});
		for (const stream of [process.stdout, process.stderr]) {
			jest.spyOn(stream, 'write').mockImplementation((chunk) => Boolean(written.push(String(chunk))));
		}
		try {
			await sandbox.store.publish(['0001', 'crd', 'reports', 'a.pdf'], Readable.from([Buffer.alloc(500_000)]));
			const engine = await Engine.start(credentialFields(sandbox.info));
			const place = { accessMethod: 's3', application: byName('crd'), subSpace: byName('reports') };
			const target = {
				accessMethod: 's3',
				application: byName('focus'),
				subSpace: byName('in'),
				binaryPropertyName: 'data',
				ifAlreadyFiled: 'allow',
				options: { settleTime: 0 },
			};
			const faults: Array<Fault | undefined> = [
				undefined,
				{ where: 'rest.s3-token', effect: 'fail', times: 9 },
				...(['s3.list', 's3.get', 's3.put'] as const).flatMap((where) =>
					(['expired', 'fail', 'drop'] as const).map((effect) => ({ where, effect, times: 9 })),
				),
			];
			for (const fault of faults) {
				sandbox.faults.clear();
				if (fault) sandbox.faults.add(fault);
				for (const { type, parameters } of [
					{ type: 'fileXList', parameters: { operation: 'files', ...place } },
					{
						type: 'fileXDownload',
						parameters: { ...place, selectBy: 'path', filePath: '0001/crd/reports/a.pdf', binaryPropertyName: 'data' },
					},
					{ type: 'fileXUpload', parameters: target },
				]) {
					for (const onError of [undefined, 'continueRegularOutput'] as const) {
						const { everything, error } = await engine.runOn({ type, parameters: parameters as never, onError }, [
							await fileItem('a.zip', Buffer.from('x')),
						]);
						written.push(everything, inspect(error, { depth: 12 }));
					}
				}
			}
		} finally {
			jest.restoreAllMocks();
			await sandbox.close();
		}
		const all = written.join('\n');
		expect(all).toMatch(/HTTP 400 ExpiredToken/);
		expect(all).toMatch(/HTTP 500 InternalError/);
		expect(secrets.size).toBeGreaterThan(20);
		for (const secret of secrets) expect(all.includes(secret)).toBe(false);
	});
});
