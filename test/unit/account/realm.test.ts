import { type Endpoints, ENVIRONMENTS } from '../../../filex/account/environments';
import { realmOf } from '../../../filex/account/realm';

const custom = (fip: string, more: Partial<Endpoints> = {}): Endpoints => ({
	fip,
	rest: 'http://127.0.0.1:8080',
	sftp: { host: '127.0.0.1', port: 2222 },
	...more,
});

describe('what counts refused logins together', () => {
	it('is FINRA for Production and Customer Test, which share their passwords, and another for QA', () => {
		expect(realmOf(ENVIRONMENTS.production)).toBe('FINRA');
		expect(realmOf(ENVIRONMENTS.customerTest)).toBe('FINRA');
		expect(realmOf(ENVIRONMENTS.qa)).toBe('FINRA QA');
	});

	it('is FINRA for custom addresses that lead there', () => {
		expect(realmOf(custom('https://gateway.example.com', { sftp: { host: 'FileX.FINRA.org', port: 22 } }))).toBe(
			'FINRA',
		);
		expect(realmOf(custom('https://ews.fip.finra.org'))).toBe('FINRA');
		expect(realmOf(custom('https://notfinra.org.example.com'))).toBe('notfinra.org.example.com:443');
	});

	it('is the host of the FIP URL elsewhere, however that is written', () => {
		const names = ['http://127.0.0.1:9', 'http://localhost:9', 'http://LOCALHOST.:9', 'http://[::1]:9'];
		expect(new Set(names.map((name) => realmOf(custom(name)))).size).toBe(1);
		expect(realmOf(custom('https://fip.example.com'))).toBe(realmOf(custom('https://FIP.example.com:443/')));
	});
});
