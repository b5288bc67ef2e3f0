import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { TlsIdentity } from './http';

const DAY = 24 * 3600 * 1000;

/** A self-signed certificate for this host, localhost and any bucket host under it; kept in the data folder while it is good. */
export async function tlsIdentity(dataDir: string, host: string): Promise<TlsIdentity> {
	const path = join(dataDir, 'tls.json');
	if (!(await serves(path, host))) {
		await writeFile(`${path}.new`, JSON.stringify(await newIdentity(host)), { mode: 0o600 });
		await rename(`${path}.new`, path);
	}
	return JSON.parse(await readFile(path, 'utf8')) as TlsIdentity;
}

/** Whether there is a certificate that is still good, also for this host. */
async function serves(path: string, host: string): Promise<boolean> {
	if (!existsSync(path)) return false;
	const certificate = new X509Certificate((JSON.parse(await readFile(path, 'utf8')) as TlsIdentity).cert);
	const names = isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host);
	return names !== undefined && new Date(certificate.validTo).getTime() > Date.now() + DAY;
}

async function newIdentity(host: string): Promise<TlsIdentity> {
	// Only now: it holds 20 MiB of memory that a sandbox without TLS can do without.
	const { generate } = await import('selfsigned');
	const names = ['localhost', '*.localhost', ...(isIP(host) ? [] : [host, `*.${host}`])];
	const addresses = ['127.0.0.1', '::1', ...(isIP(host) && host !== '127.0.0.1' ? [host] : [])];
	const pems = await generate([{ name: 'commonName', value: 'fileX sandbox' }], {
		keyType: 'ec',
		algorithm: 'sha256',
		notAfterDate: new Date(Date.now() + 365 * DAY),
		extensions: [
			{ name: 'basicConstraints', cA: true, critical: true },
			{ name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
			{
				name: 'subjectAltName',
				altNames: [
					...names.map((value) => ({ type: 2 as const, value })),
					...addresses.map((ip) => ({ type: 7 as const, ip })),
				],
			},
		],
	});
	return { cert: pems.cert, key: pems.private };
}
