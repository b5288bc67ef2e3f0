import { readAccount } from '../../../filex/account/account';

const FIELDS = { environment: 'production', username: 'demo', password: 'x', orgId: '0001' };
describe('an account', () => {
	it.each([
		['production', 'https://filex.finra.org', 'https://ews.fip.finra.org', 'filex.finra.org'],
		['customerTest', 'https://filex.ct.finra.org', 'https://ews.fip.finra.org', 'filex.ct.finra.org'],
		['qa', 'https://filex-int.qa.finra.org', 'https://ews-qaint.fip.qa.finra.org', 'filex-int.qa.finra.org'],
	])('in %s lives where the guide says', (environment, rest, fip, host) => {
		expect(readAccount({ ...FIELDS, environment }).endpoints).toEqual({ rest, fip, sftp: { host, port: 22 } });
	});

	it('keeps blanks in a password, and none around a user name', () => {
		expect(readAccount({ ...FIELDS, username: ' demo ', password: ' p ' })).toMatchObject({
			username: 'demo',
			password: ' p ',
		});
	});

	it('has no key where the field is empty', () => {
		expect(readAccount({ ...FIELDS, privateKey: ' ' })).not.toHaveProperty('privateKey');
	});

	it.each([
		[{ environment: 'moon' }, 'Environment'],
		[
			{ environment: 'custom', restUrl: 'https://x/?a', fipUrl: 'https://x', sftpHost: 'x', sftpPort: 22 },
			'fileX REST URL',
		],
		[{ environment: 'custom', restUrl: 'https://x', fipUrl: 'x', sftpHost: 'x', sftpPort: 22 }, 'FIP URL'],
		[
			{ environment: 'custom', restUrl: 'https://x', fipUrl: 'https://x', sftpHost: 'sftp://x', sftpPort: 22 },
			'SFTP Host',
		],
		[{ environment: 'custom', restUrl: 'https://x', fipUrl: 'https://x', sftpHost: 'x', sftpPort: 70000 }, 'SFTP Port'],
		[{ username: 'a:b' }, 'User Name'],
		[{ orgId: 'x' }, 'Organization ID'],
		[{ hostKeys: 'MD5:aa' }, 'SFTP Host Key Fingerprints'],
	])('%j is refused at its field', (change, field) => {
		expect(() => readAccount({ ...FIELDS, ...change })).toThrow(expect.objectContaining({ kind: 'input', field }));
	});
});
