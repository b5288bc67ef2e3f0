import dns from 'node:dns';
import { getDefaultAutoSelectFamily, setDefaultAutoSelectFamily } from 'node:net';
import { Readable } from 'node:stream';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { credentialFields } from '../support/accounts';
import { Engine, fileItem } from '../support/engine';
import { filing } from '../support/filing';

/** A host as FINRA publishes it, with two addresses, of which nothing listens at the first. */
describe("in n8n, which has Node try a host's first address only", () => {
	const { lookup } = dns;
	const before = getDefaultAutoSelectFamily();
	let sandbox: Sandbox;
	let engine: Engine;

	beforeAll(async () => {
		sandbox = await startSandbox();
		const atName = (url: string) => url.replace('127.0.0.1', 'filex.test');
		const { rest, fip, s3 } = sandbox.info;
		sandbox.s3Keys.baseUrl = atName(s3);
		setDefaultAutoSelectFamily(false);
		const two = (host: string, options: { all?: boolean }, done: (...found: unknown[]) => void) => {
			if (host !== 'filex.test') return lookup(host, options as never, done as never);
			if (!options.all) return done(null, '127.0.0.2', 4);
			done(
				null,
				['127.0.0.2', '127.0.0.1'].map((address) => ({ address, family: 4 })),
			);
		};
		Object.assign(dns, { lookup: two });
		engine = await Engine.start(
			credentialFields(sandbox.info, {
				restUrl: atName(rest),
				fipUrl: atName(fip),
				s3Url: atName(s3),
				sftpHost: 'filex.test',
			}),
		);
		await sandbox.store.publish(['0001', 'crd', 'reports', 'a.txt'], Readable.from([Buffer.from('a report')]));
	});
	afterAll(async () => {
		Object.assign(dns, { lookup });
		setDefaultAutoSelectFamily(before);
		await sandbox.close();
	});

	it.each(['rest', 's3', 'sftp'])('FIP, REST and %s are reached at the next one', async (accessMethod) => {
		const { items, error } = await engine.run({
			type: 'fileXDownload',
			parameters: {
				accessMethod,
				selectBy: 'path',
				filePath: '0001/crd/reports/a.txt',
				binaryPropertyName: 'data',
			} as never,
		});
		expect(error).toBeUndefined();
		expect(items[0]!.json.name).toBe('a.txt');
		const upload = await engine.runOn(filing({ accessMethod, ifAlreadyFiled: 'fail' }), [
			await fileItem(`${accessMethod}.txt`, Buffer.from(accessMethod)),
		]);
		expect(upload.items[0]!.json).toMatchObject({ outcome: 'accepted' });
	});
});
