import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { SandboxInfo } from '../sandbox/info';
import { cachedN8n } from '../scripts/n8n/cache';
import { startSandboxProcess } from '../scripts/n8n/sandbox-process';
import type { Teardown } from '../scripts/n8n/teardown';
import { credentialFields } from '../test/support/accounts';
import { MODERN, type Sshd, startSshd } from '../test/support/sshd';
import { MIB } from './contender';
import type { World } from './sections';
import { startTlsStorage } from './tls';

/** Starts the servers, and puts the files where they are transferred from. */
export async function buildWorld(sizes: World['sizes'], count: number, teardown: Teardown): Promise<World> {
	const n8n = await cachedN8n(new AbortController().signal);
	const folder = await mkdtemp(join(tmpdir(), 'filex-bench-'));
	teardown.add(folder, async () => await rm(folder, { recursive: true, force: true }));
	const sandbox = await startSandboxProcess(join(folder, 'sandbox'), teardown, new AbortController().signal);
	const sshd =
		process.getuid?.() === 0
			? teardown.add(await startSshd(MODERN, { writable: true }), async ({ close }) => await close())
			: undefined;
	const small = { count, bytes: 65_536 };
	for (const [name, mib] of [
		['big.bin', sizes.big],
		['peer.bin', sizes.peer],
		// Large enough for what only large files need.
		['warm.bin', 64],
	] as const)
		await writeFileOf(join(folder, name), mib);
	await deliver(sandbox, sshd, folder, small);
	await writeFile(join(folder, 'askpass'), `#!/bin/sh\necho '${sandbox.accounts[0]!.password}'\n`, { mode: 0o700 });
	if (sshd) await writeFile(join(folder, 'key'), sshd.privateKey, { mode: 0o600 });
	const tls = await startTlsStorage(sandbox, folder, teardown);
	return {
		n8n,
		tls,
		folder,
		sandbox,
		credential: credentialFields(sandbox),
		token: await tokenOf(sandbox),
		sshd,
		sizes,
		small,
		httpRequest: httpRequestVersion(n8n),
	};
}

async function writeFileOf(path: string, mib: number): Promise<void> {
	const block = randomBytes(MIB);
	const file = createWriteStream(path);
	for (let written = 0; written < mib; written++) {
		block.writeUInt32BE(written);
		if (!file.write(Buffer.from(block))) await once(file, 'drain');
	}
	await finished(file.end());
}

/** Puts the files where they are downloaded from: into the sandbox, and below sshd's root. */
async function deliver(
	{ control }: SandboxInfo,
	sshd: Sshd | undefined,
	folder: string,
	{ count, bytes }: World['small'],
): Promise<void> {
	const reports = sshd && join(sshd.root, '0001/crd/reports');
	if (reports) await mkdir(reports, { recursive: true });
	if (sshd) await mkdir(join(sshd.root, '0001/focus/in'), { recursive: true });
	const put = async (name: string, content: () => Readable) => {
		const body = Readable.toWeb(content()) as ReadableStream;
		const answer = await fetch(`${control}/files/0001/crd/reports/${name}`, {
			method: 'PUT',
			body,
			duplex: 'half',
		} as RequestInit);
		if (!answer.ok) throw new Error(`the sandbox answered ${answer.status} to ${name}`);
		if (reports) await finished(content().pipe(createWriteStream(join(reports, name))));
	};
	for (const name of ['big.bin', 'peer.bin', 'warm.bin']) await put(name, () => createReadStream(join(folder, name)));
	for (let index = 0; index < count; index++) {
		const content = randomBytes(bytes);
		await writeFile(join(folder, `small-${index}.bin`), content);
		await put(`small-${index}.bin`, () => Readable.from([content]));
	}
}

async function tokenOf({ fip, accounts }: SandboxInfo): Promise<string> {
	const { username, password } = accounts[0]!;
	const Authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
	const answer = await fetch(`${fip}/fip/rest/ews/oauth2/access_token?grant_type=client_credentials`, {
		method: 'POST',
		headers: { Authorization },
	});
	return ((await answer.json()) as { access_token: string }).access_token;
}

function httpRequestVersion(n8n: string): number {
	const path = createRequire(n8n).resolve('n8n-nodes-base/dist/nodes/HttpRequest/HttpRequest.node.js');
	const { HttpRequest } = createRequire(path)(path) as {
		HttpRequest: new () => { description: { defaultVersion: number } };
	};
	return new HttpRequest().description.defaultVersion;
}
