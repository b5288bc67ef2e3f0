import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { cachedN8n, N8N_VERSION } from '../scripts/n8n/cache';
import { startSandboxProcess } from '../scripts/n8n/sandbox-process';
import { Teardown } from '../scripts/n8n/teardown';
import { provide } from '../scripts/system';
import type { SandboxInfo } from '../sandbox/sandbox';
import { credentialFields } from '../test/support/accounts';
import { MODERN, startSshd, type Sshd } from '../test/support/sshd';
import { median, MIB, type Result, type Row, type Section } from './contender';
import { measure } from './measure';
import { tables, writePage } from './report';
import { sections, type World } from './sections';

const HELP = `Measures this pack in n8n's engine beside what a user would pick instead, on this machine.

  npm run bench [-- --mib 1024] [--peer-mib 32] [--small 300] [--runs 3] [--only TEXT] [--write]

  --mib       size of the large file
  --peer-mib  size of the file for n8n's FTP node, which would take an hour for a large one
  --small     how many small files (64 KiB each)
  --runs      how often each is measured; medians are given
  --only      only pieces of work whose title holds this
  --write     put the tables and a plot into docs/performance.md`;

/** Everything in one run, side by side: contenders for one piece of work take turns. */
async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			mib: { type: 'string', default: '1024' },
			'peer-mib': { type: 'string', default: '32' },
			small: { type: 'string', default: '300' },
			runs: { type: 'string', default: '3' },
			only: { type: 'string', default: '' },
			write: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) return say(HELP);
	await provide('sshd', 'sftp', 'lftp', 'curl', '/usr/bin/aws');
	const teardown = new Teardown();
	try {
		const world = await build({ big: Number(values.mib), peer: Number(values['peer-mib']) }, Number(values.small), teardown);
		const wanted = sections(world).filter(({ title }) => title.includes(values.only));
		const rows: Row[] = [];
		for (const section of wanted) rows.push(...(await compare(section, Number(values.runs))));
		say(`\n${tables(rows)}`);
		const heading = `Measured on ${new Date().toISOString().slice(0, 10)} on ${cpus().length} virtual cores, Node.js ${process.versions.node}, n8n ${N8N_VERSION}, by \`npm run bench -- --mib ${values.mib} --peer-mib ${values['peer-mib']} --small ${values.small} --runs ${values.runs}${values.only && ` --only '${values.only}'`} --write\`; medians.`;
		if (values.write) await writePage(heading, rows, '');
	} finally {
		await teardown.run();
	}
}

async function compare({ title, contenders }: Section, runs: number): Promise<Row[]> {
	const results = contenders.map((): Result[] => []);
	for (let round = 0; round < runs; round++) {
		for (const [index, contender] of contenders.entries()) {
			const result = await measure(contender);
			results[index]!.push(result);
			say(`  ${title}: ${contender.name}: ${result.seconds.toFixed(2)} s`);
		}
	}
	const rows = contenders.map(({ name, mib }, index) => ({
		section: title,
		name,
		mib,
		seconds: median(results[index]!.map(({ seconds }) => seconds)),
		memory: median(results[index]!.map(({ memory }) => memory)),
		ratio: 1,
	}));
	const speed = ({ mib, seconds }: { mib: number; seconds: number }) => mib / seconds;
	return rows.map((row) => ({ ...row, ratio: speed(rows[0]!) / speed(row) }));
}

async function build(sizes: World['sizes'], count: number, teardown: Teardown): Promise<World> {
	const n8n = await cachedN8n(new AbortController().signal);
	const folder = await mkdtemp(join(tmpdir(), 'filex-bench-'));
	teardown.add(folder, async () => await rm(folder, { recursive: true, force: true }));
	const sandbox = await startSandboxProcess(join(folder, 'sandbox'), teardown, new AbortController().signal);
	const sshd = process.getuid?.() === 0 ? teardown.add(await startSshd(MODERN, { writable: true }), async ({ close }) => await close()) : undefined;
	const small = { count, bytes: 65_536 };
	for (const [name, mib] of [['big.bin', sizes.big], ['peer.bin', sizes.peer], ['warm.bin', 1]] as const) await writeFileOf(join(folder, name), mib);
	await deliver(sandbox, sshd, folder, small);
	await writeFile(join(folder, 'askpass'), `#!/bin/sh\necho '${sandbox.accounts[0]!.password}'\n`, { mode: 0o700 });
	if (sshd) await writeFile(join(folder, 'key'), sshd.privateKey, { mode: 0o600 });
	return { n8n, folder, sandbox, credential: credentialFields(sandbox), token: await tokenOf(sandbox), sshd, sizes, small, httpRequest: httpRequestVersion(n8n) };
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
async function deliver({ control }: SandboxInfo, sshd: Sshd | undefined, folder: string, { count, bytes }: World['small']): Promise<void> {
	const reports = sshd && join(sshd.root, '0001/crd/reports');
	if (reports) await mkdir(reports, { recursive: true });
	if (sshd) await mkdir(join(sshd.root, '0001/focus/in'), { recursive: true });
	const put = async (name: string, content: () => Readable) => {
		const body = Readable.toWeb(content()) as ReadableStream;
		const answer = await fetch(`${control}/files/0001/crd/reports/${name}`, { method: 'PUT', body, duplex: 'half' } as RequestInit);
		if (!answer.ok) throw new Error(`the sandbox answered ${answer.status} to ${name}`);
		if (reports) await finished(content().pipe(createWriteStream(join(reports, name))));
	};
	for (const name of ['big.bin', 'peer.bin', 'warm.bin']) await put(name, () => createReadStream(join(folder, name)));
	for (let index = 0; index < count; index++) {
		const content = randomBytes(bytes);
		await put(`small-${index}.bin`, () => Readable.from([content]));
	}
}

async function tokenOf({ fip, accounts }: SandboxInfo): Promise<string> {
	const { username, password } = accounts[0]!;
	const Authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
	const answer = await fetch(`${fip}/fip/rest/ews/oauth2/access_token?grant_type=client_credentials`, { method: 'POST', headers: { Authorization } });
	return ((await answer.json()) as { access_token: string }).access_token;
}

function httpRequestVersion(n8n: string): number {
	const path = createRequire(n8n).resolve('n8n-nodes-base/dist/nodes/HttpRequest/HttpRequest.node.js');
	const { HttpRequest } = createRequire(path)(path) as { HttpRequest: new () => { description: { defaultVersion: number } } };
	return new HttpRequest().description.defaultVersion;
}

function say(text: string): void {
	process.stdout.write(`${text}\n`);
}

main().then(
	() => process.exit(0),
	(error: Error) => {
		process.stderr.write(`${error.stack}\n`);
		process.exit(1);
	},
);
