import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { childEnvironment } from '../../scripts/n8n/environment';
import { output } from './program';

/** An npm registry on this machine. */
export interface NpmRegistry {
	url: string;
	/** How it answers, for who takes requests to it elsewhere. */
	answer: RequestListener;
	/** The paths that it was asked for. */
	asked: string[];
	close(): Promise<void>;
}

interface Manifest {
	name: string;
	version: string;
}

/** Serves packed packages; all others come from the registry that this machine uses. */
export async function startNpmRegistry(tarballs: string[]): Promise<NpmRegistry> {
	const own = await Promise.all(tarballs.map(readTarball));
	const upstream = (await output('npm', ['config', 'get', 'registry'], { env: npmEnvironment() })).trim();
	const asked: string[] = [];

	const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		// A proxy is asked by whole addresses.
		const scheme = (request.socket as TLSSocket).encrypted ? 'https' : 'http';
		const { origin, pathname } = new URL(request.url!, `${scheme}://${request.headers.host}`);
		asked.push(pathname);
		const found = own.map((each) => each.at(pathname, origin)).find((each) => each !== undefined);
		if (found !== undefined) return send(response, 200, found);
		// n8n itself asks other services by the same proxy.
		if (request.method !== 'GET' || !request.headers['user-agent']?.startsWith('npm/')) return send(response, 404, {});
		const given = await fetch(upstream + pathname.slice(1), { headers: { accept: request.headers.accept ?? '*/*' } });
		const isJson = given.headers.get('content-type')?.includes('json');
		const body = isJson
			? Buffer.from((await given.text()).replaceAll(upstream, `${origin}/`))
			: Buffer.from(await given.arrayBuffer());
		send(response, given.status, body);
	};
	const listener: RequestListener = (request, response) =>
		void answer(request, response).catch((error: Error) => send(response, 502, { error: error.message }));
	const server = createServer(listener);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
		answer: listener,
		asked,
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/** A packed package, and what a registry answers about it. */
async function readTarball(path: string) {
	const content = await readFile(path);
	const manifest = JSON.parse(await output('tar', ['-xzOf', path, 'package/package.json'])) as Manifest;
	const { name, version } = manifest;
	const integrity = `sha512-${createHash('sha512').update(content).digest('base64')}`;
	const file = `/${name}/-/${basename(path)}`;
	return {
		at(pathname: string, origin: string): object | undefined {
			const whole = { ...manifest, dist: { tarball: origin + file, integrity } };
			if (pathname === file) return content;
			if (pathname === `/${name}`) return { name, 'dist-tags': { latest: version }, versions: { [version]: whole } };
			return [version, 'latest'].some((each) => pathname === `/${name}/${each}`) ? whole : undefined;
		},
	};
}

function send(response: ServerResponse, status: number, body: object): void {
	const isBytes = Buffer.isBuffer(body);
	response.writeHead(status, { 'content-type': isBytes ? 'application/octet-stream' : 'application/json' });
	response.end(isBytes ? body : JSON.stringify(body));
}

function npmEnvironment(): Record<string, string> {
	return childEnvironment() as Record<string, string>;
}
