import type { ICredentialTestFunctions, INodeCredentialDescription } from 'n8n-workflow';
import type { AccountFields } from '../../filex';
import { FileXDownload } from '../../nodes/FileXDownload/FileXDownload.node.ts';
import { FileXList } from '../../nodes/FileXList/FileXList.node.ts';
import { FileXReconcile } from '../../nodes/FileXReconcile/FileXReconcile.node.ts';
import { FileXS3Token } from '../../nodes/FileXS3Token/FileXS3Token.node.ts';
import { FileXSftpTrigger } from '../../nodes/FileXSftpTrigger/FileXSftpTrigger.node.ts';
import { FileXTrack } from '../../nodes/FileXTrack/FileXTrack.node.ts';
import { FileXTrackingTrigger } from '../../nodes/FileXTrackingTrigger/FileXTrackingTrigger.node.ts';
import { FileXUpload } from '../../nodes/FileXUpload/FileXUpload.node.ts';
import { s3BucketApiTest } from '../../nodes/shared/bucket';
import { fipApiTest } from '../../nodes/shared/credential-test';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { credentialFields, loginOf } from '../support/accounts';

describe("the credential's test", () => {
	let sandbox: Sandbox;

	const test = async (overrides: AccountFields = {}) =>
		await fipApiTest.call({} as ICredentialTestFunctions, {
			id: '1',
			name: 'FIP',
			type: 'fipApi',
			data: credentialFields(sandbox.info, overrides) as never,
		});

	beforeEach(async () => {
		sandbox = await startSandbox();
	});
	afterEach(async () => await sandbox.close());

	it('is the same function on every node, as n8n asks the first it finds', () => {
		const tests = { fipApi: { fipApiTest }, s3BucketApi: { s3BucketApiTest } } as Record<string, object>;
		for (const Node of [
			FileXDownload,
			FileXList,
			FileXReconcile,
			FileXS3Token,
			FileXSftpTrigger,
			FileXTrack,
			FileXTrackingTrigger,
			FileXUpload,
		]) {
			const { description, methods } = new Node();
			const credentials = description.credentials as INodeCredentialDescription[];
			expect(credentials[0]).toEqual({ name: 'fipApi', required: true, testedBy: 'fipApiTest' });
			const wanted = Object.assign({}, ...credentials.map(({ name }) => tests[name])) as Record<string, unknown>;
			expect(Object.entries(methods.credentialTest)).toEqual(Object.entries(wanted));
			expect(Object.keys(wanted)).toEqual(credentials.map(({ testedBy }) => testedBy));
		}
	});

	it.each([
		[' s3cret', true],
		['s3cret\n', true],
		['s3cret', false],
	])('points out what a form does to a refused password (%j), without showing it', async (password, hasEnds) => {
		const { status, message } = await test({ password });
		expect(status).toBe('Error');
		expect(message).toContain(
			"If the password begins with =, n8n takes it for an expression: enter it as ={{ '=…' }}.",
		);
		expect(/begins or ends with a space or a line break/.test(message)).toBe(hasEnds);
		expect(message).not.toContain('s3cret');
	});

	it('says what worked, in one line', async () => {
		expect(await test()).toEqual({
			status: 'OK',
			message: expect.stringMatching(
				/^Connected: 15 applications \(FIP and REST work\); SFTP works, host key SHA256:\S{43} is pinned$/,
			),
		});
		expect((await test(loginOf(sandbox.info, 'crdonly'))).message).toMatch(/^Connected: 1 application /);
	});

	it('shows the host key to pin', async () => {
		const { message } = await test({ hostKeys: '' });
		expect(message).toContain("to pin it, enter it in 'SFTP Host Key Fingerprints'");
		expect(sandbox.info.sftp.hostKeys.some((key) => message.includes(key))).toBe(true);
	});

	it('sends a wrong password to FIP once, and not to SFTP', async () => {
		for (let i = 0; i < 3; i++) {
			const { status, message } = await test({ password: 'wrong-in-test' });
			expect(status).toBe('Error');
			expect(message).toMatch(/^FIP refused the login, so SFTP was not tried: Authorization of 'demo'/);
		}
		expect(sandbox.log.count('fip', 'token')).toBe(1);
		expect(sandbox.log.count('sftp', 'login')).toBe(0);
	});

	it('says that it is REST that refused', async () => {
		const { status, message } = await test({ orgId: '4711' });
		expect(status).toBe('Error');
		expect(message).toMatch(/^FIP works, REST did not: This account is not entitled to '4711'.*\| SFTP works/);
	});

	it('says that it is SFTP that refused', async () => {
		const { message } = await test({ hostKeys: `SHA256:${'A'.repeat(43)}` });
		expect(message).toMatch(
			/^SFTP did not work: The SFTP server .* is not the pinned one.* \| Connected: 15 applications/,
		);
	});

	it('says that FIP cannot be reached, and tries SFTP anyway', async () => {
		const { message } = await test({ fipUrl: 'http://127.0.0.1:1' });
		expect(message).toMatch(/^FIP did not work: No usable connection to http:\/\/127\.0\.0\.1:1.*\| SFTP works/);
	});

	it.each([
		[{ orgId: '12ab' }, /^'Organization ID' must hold digits only/],
		[{ hostKeys: 'aa:bb:cc' }, /^'SFTP Host Key Fingerprints' holds 'aa:bb:cc', which is not a SHA-256 fingerprint/],
		[{ restUrl: 'filex.finra.org' }, /^'fileX REST URL' is not a plain http or https URL/],
		[{ username: '' }, /^'User Name' is empty/],
		[{ sftpPort: 0 }, /^'SFTP Port' must be a number/],
	])('names the field that cannot be right: %j', async (overrides, message) => {
		expect(await test(overrides)).toEqual({ status: 'Error', message: expect.stringMatching(message) });
	});
});
