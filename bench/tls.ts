import { once } from 'node:events';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import spawn from 'cross-spawn';
import type { SandboxInfo } from '../sandbox/info';
import { tlsIdentity } from '../sandbox/tls';
import type { Teardown } from '../scripts/n8n/teardown';
import { isInstalled } from '../scripts/run';

/** fileX whose storage is nginx with TLS: its URLs lead there. */
export interface TlsStorage {
	/** Base URL of its REST API. */
	rest: string;
	/** A file with the certificate that clients must trust. */
	certificate: string;
}

/**
 * Starts nginx with a certificate, as storage that no one here wrote: it serves the benchmark's files, and takes uploads to
 * its disk. What it answers has what S3's answers have. undefined where there is no nginx.
 */
export async function startTlsStorage(
	{ rest, s3 }: SandboxInfo,
	folder: string,
	teardown: Teardown,
): Promise<TlsStorage | undefined> {
	if (!isInstalled('nginx')) return undefined;
	const root = join(folder, 'nginx');
	const served = join(root, 'files/bucket-filex/0001/crd/reports');
	await mkdir(served, { recursive: true });
	await Promise.all(['big.bin', 'warm.bin'].map(async (name) => await symlink(join(folder, name), join(served, name))));
	const { cert, key } = await tlsIdentity(root, '127.0.0.1');
	const certificate = join(root, 'cert.pem');
	await writeFile(certificate, cert);
	await writeFile(join(root, 'key.pem'), key, { mode: 0o600 });
	const [port, taker] = [await freePort(), await freePort()];
	await writeFile(join(root, 'nginx.conf'), configuration(root, port, taker));
	const nginx = spawn('nginx', ['-e', join(root, 'error.log'), '-c', join(root, 'nginx.conf')], {
		stdio: ['ignore', 'ignore', 'inherit'],
	});
	teardown.add(nginx, async () => void nginx.kill());
	const desk = createServer((request, response) => {
		void (async () => {
			const { authorization = '', accept = '' } = request.headers;
			const answer = await fetch(`${rest}${request.url!}`, {
				method: request.method!,
				headers: { authorization, accept },
			});
			const text = await answer.text();
			response.writeHead(answer.status, { 'Content-Type': answer.headers.get('content-type') ?? 'application/json' });
			response.end(text.replaceAll(s3, `https://127.0.0.1:${port}`));
		})();
	});
	await once(desk.listen(0, '127.0.0.1'), 'listening');
	teardown.add(desk, async () => void desk.close());
	return { rest: `http://127.0.0.1:${(desk.address() as AddressInfo).port}`, certificate };
}

function configuration(root: string, port: number, taker: number): string {
	return `
daemon off; pid ${root}/pid; worker_processes 1; user root;
events {}
http {
	access_log off; sendfile on; client_max_body_size 0;
	client_body_temp_path ${root}/taken; proxy_temp_path ${root}/proxy;
	fastcgi_temp_path ${root}/f; uwsgi_temp_path ${root}/u; scgi_temp_path ${root}/s;
	server {
		listen 127.0.0.1:${port} ssl;
		ssl_certificate ${root}/cert.pem; ssl_certificate_key ${root}/key.pem;
		add_header x-amz-request-id bench always;
		location / {
			root ${root}/files;
			if ($request_method = PUT) { rewrite ^ /taken last; }
		}
		location = /taken {
			internal; client_body_in_file_only clean;
			proxy_pass_request_body off; proxy_set_header Content-Length 0; proxy_method GET;
			proxy_pass http://127.0.0.1:${taker}/;
		}
	}
	server {
		listen 127.0.0.1:${taker};
		location / { add_header ETag '"bench-1"'; return 200 ''; }
	}
}`;
}

async function freePort(): Promise<number> {
	const server = createTcpServer();
	await once(server.listen(0, '127.0.0.1'), 'listening');
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return port;
}
