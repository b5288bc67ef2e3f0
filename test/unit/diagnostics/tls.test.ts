import { connect as tcpConnect } from 'node:net';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as tls from 'node:tls';
import { UNRESTRICTED_EGRESS } from '../../../filex';
import { targetOf } from '../../../filex/diagnostics/addresses';
import { judgeTls, meetTls } from '../../../filex/diagnostics/tls';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox';

const now = () => new Date();
const patient = () => new AbortController().signal;

describe('a TLS server', () => {
	let sandbox: Sandbox;
	beforeAll(async () => (sandbox = await startSandbox({ tls: true })));
	afterAll(async () => await sandbox.close());

	it('that Node.js does not trust is described anyway', async () => {
		const met = await meetTls(targetOf(sandbox.info.rest), UNRESTRICTED_EGRESS, patient());
		expect(met).toMatchObject({
			protocol: 'TLSv1.3',
			distrust: 'DEPTH_ZERO_SELF_SIGNED_CERT',
			hasPublicRoot: false,
			chain: [{ subject: 'fileX sandbox', issuer: 'fileX sandbox' }],
		});
	});

	it('whose CA is trusted, but brought along by no one, is reported as one that a firm inspects', async () => {
		const before = tls.getCACertificates('default');
		tls.setDefaultCACertificates([...before, sandbox.info.certificate!]);
		try {
			const met = await meetTls(targetOf(sandbox.info.rest), UNRESTRICTED_EGRESS, patient());
			expect(met).toMatchObject({ hasPublicRoot: false });
			expect(met.distrust).toBeUndefined();
			expect(judgeTls(met, now())).toMatchObject({
				verdict: 'warning',
				met: expect.stringContaining('a proxy of your firm may inspect TLS'),
			});
		} finally {
			tls.setDefaultCACertificates(before);
		}
	});

	it('behind a proxy is met through it', async () => {
		const asked: string[] = [];
		const proxy = createServer().on('connect', (request, client) => {
			asked.push(request.url!);
			const server = tcpConnect(Number(request.url!.split(':')[1]), '127.0.0.1', () => {
				client.write('HTTP/1.1 200 OK\r\n\r\n');
				server.pipe(client).pipe(server);
			});
			for (const side of [client, server]) side.on('error', () => {});
		});
		await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
		const { port } = proxy.address() as AddressInfo;
		const target = targetOf(sandbox.info.rest, {
			title: 'the proxy',
			url: `http://127.0.0.1:${port}`,
			username: '',
			password: '',
			field: 'HTTPS_PROXY',
		});
		expect((await meetTls(target, UNRESTRICTED_EGRESS, patient())).protocol).toBe('TLSv1.3');
		expect(asked).toEqual([new URL(sandbox.info.rest).host]);
		proxy.closeAllConnections();
		await new Promise((resolve) => proxy.close(resolve));
	});

	it('that speaks no TLS, or is not there, is reported', async () => {
		const plain = await startSandbox();
		await expect(
			meetTls(targetOf(plain.info.rest.replace('http:', 'https:')), UNRESTRICTED_EGRESS, patient()),
		).rejects.toMatchObject({ kind: 'unavailable' });
		await plain.close();
		await expect(meetTls(targetOf('https://127.0.0.1:1'), UNRESTRICTED_EGRESS, patient())).rejects.toMatchObject({
			message: expect.stringContaining('nothing listens there'),
		});
	});

	it('in a chain of three is reported by each issuer', () => {
		// Of the public web, as `openssl x509 -text` prints it.
		const names = ['filex.example', 'Example CA', 'Example Root'];
		const chain = [0, 1, 2].map((index) => ({
			subject: names[index]!,
			issuer: names[Math.min(index + 1, 2)]!,
			validTo: new Date('2099-01-01'),
		}));
		expect(judgeTls({ place: 'h:443', protocol: 'TLSv1.3', chain, hasPublicRoot: true }, now()).met).toContain(
			'issued by Example CA ← Example Root, valid until 2099-01-01, 2099-01-01, 2099-01-01',
		);
	});
});
