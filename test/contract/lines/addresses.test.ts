import { getDefaultAutoSelectFamily, setDefaultAutoSelectFamily, type LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import { type AccessMethod, axiosFileXHttp, CheckedReader, openFileSpace } from '../../../filex';
import { LoginGuard } from '../../../filex/account/login-guard';
import { httpBy } from '../../../filex/http/axios';
import { ConnectionSemaphore } from '../../../filex/sftp/connection-semaphore';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox';
import { sandboxAccount } from '../../support/accounts';
import { summary } from '../../support/content';

const FILINGS = { orgId: '0001', application: 'focus', subSpace: 'in' };

/** As DNS gives two addresses, of which nothing listens at the first. */
const TWO: LookupFunction = (_host, { all }, done) => {
	const found = ['127.0.0.2', '127.0.0.1'].map((address) => ({ address, family: 4 }));
	if (all) done(null, found);
	else done(null, found[0]!.address, 4);
};

/** FINRA publishes two addresses for each environment; n8n has Node try the first one only. */
describe.each<AccessMethod>(['rest', 's3', 'sftp'])('a host over %s whose first address is dead', (method) => {
	const before = getDefaultAutoSelectFamily();
	let sandbox: Sandbox;

	beforeAll(async () => {
		sandbox = await startSandbox();
		setDefaultAutoSelectFamily(false);
	});
	afterAll(async () => {
		setDefaultAutoSelectFamily(before);
		await sandbox.close();
	});

	it('is reached at its next one, for listings, downloads and uploads', async () => {
		const { info } = sandbox;
		const atName = (url: string) => url.replace('127.0.0.1', 'filex.test');
		sandbox.s3Keys.baseUrl = atName(info.s3);
		const account = sandboxAccount(info, {
			restUrl: atName(info.rest),
			s3Url: atName(info.s3),
			sftpHost: 'filex.test',
		});
		const egress = { check: async () => {}, lookup: TWO };
		const guard = new LoginGuard();
		const login = axiosFileXHttp(account, { guard, http: httpBy(egress) });
		const space = openFileSpace(account, method, { http: login, egress, guard, semaphore: new ConnectionSemaphore() });
		try {
			await sandbox.store.publish(['0001', 'crd', 'reports', 'a.txt'], Readable.from([Buffer.from('a report')]));
			const { stream } = await new CheckedReader(space).read({
				orgId: '0001',
				application: 'crd',
				subSpace: 'reports',
				name: 'a.txt',
			});
			expect(await summary(stream)).toMatchObject({ size: 8 });
			const request = await space.requestUpload({ ...FILINGS, name: 'b.txt' });
			const content = { size: 2, open: async () => Readable.from([Buffer.from('ab')]) };
			expect(await request.send(content, new AbortController().signal)).toMatchObject({ outcome: 'accepted' });
		} finally {
			await space.close();
		}
	});
});
