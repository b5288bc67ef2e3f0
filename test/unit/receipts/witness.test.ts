import { readAccount, sftpAddress, UNRESTRICTED_EGRESS, Witness } from '../../../filex';

const SERVICES = ['https://filex.finra.org', 'https://ews.fip.finra.org'];

describe('what a session saw of the way of its files', () => {
	const witness = new Witness();
	const { connected } = witness.egress(UNRESTRICTED_EGRESS);

	it('is nothing where only fileX itself was called', () => {
		connected!({ url: 'https://filex.finra.org:443', tlsCertificate: 'AA' });
		expect(witness.seen(SERVICES)).toEqual({
			transferHost: null,
			hostKey: null,
			tlsCertificate: null,
			proxy: null,
			clockDifferenceSeconds: null,
		});
	});

	it('keeps the certificate of a server whose TLS session is taken up again, and names each that it met', () => {
		for (const tlsCertificate of ['AB', undefined, 'CD'])
			connected!({ url: 'https://s3.amazonaws.com:443', tlsCertificate, proxy: 'http://proxy:3128' });
		expect(witness.seen(SERVICES)).toMatchObject({
			transferHost: 's3.amazonaws.com:443',
			tlsCertificate: 'AB CD',
			proxy: 'http://proxy:3128',
		});
	});

	it('has the SFTP server of an account, by its IPv6 address, too', () => {
		const custom = { environment: 'custom', restUrl: SERVICES[0], fipUrl: SERVICES[1], sftpHost: '::1', sftpPort: 22 };
		const account = readAccount({ ...custom, username: 'demo', password: 'p', orgId: '0001' });
		connected!({ url: `sftp://${sftpAddress(account)}`, hostKey: 'SHA256:abc' });
		expect(witness.seen(SERVICES)).toMatchObject({
			transferHost: 's3.amazonaws.com:443 [::1]:22',
			hostKey: 'SHA256:abc',
		});
	});
});
