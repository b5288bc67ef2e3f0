import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import spawn from 'cross-spawn';
import { cachedN8n } from '../scripts/n8n/cache';
import { ROOT } from '../scripts/run';
import { startSandboxProcess } from '../scripts/n8n/sandbox-process';
import { Teardown } from '../scripts/n8n/teardown';
import type { SandboxInfo } from '../sandbox/sandbox';
import { credentialFields } from '../test/support/accounts';
import { MODERN, startSshd, type Sshd } from '../test/support/sshd';
import type { Result, Task } from './worker';

const MIB = 1024 * 1024;
const FOLDER = '0001/crd/reports/';
const OPENSSH = 'OpenSSH';
const PEER = `n8n's FTP node, SFTP, ${OPENSSH}`;

interface Contender {
	name: string;
	task: Omit<Task, 'n8n' | 'file' | 'folder'>;
}

/**
 * `npm run bench -- [--mib 1024] [--peer-mib 128] [--runs 3]`: downloads one file in n8n's engine, filesystem mode, by
 * our node from the sandbox, and by our node and n8n's own FTP node from one OpenSSH server, in one
 * run, and prints medians, ratios of speed and memory. The FTP node gets a smaller file, or a run would
 * take an hour. Every download has a process of its own. (Against the
 * sandbox, n8n's FTP node makes under 1 MiB/s: it leaves Nagle's algorithm on, and Node's side waits.)
 */
async function main(): Promise<void> {
	const { values } = parseArgs({
		options: { mib: { type: 'string', default: '1024' }, 'peer-mib': { type: 'string', default: '128' }, runs: { type: 'string', default: '3' } },
	});
	const sizes = { big: Number(values.mib), peer: Number(values['peer-mib']) };
	const n8n = await cachedN8n(new AbortController().signal);
	const dataDir = await mkdtemp(join(tmpdir(), 'filex-bench-'));
	const teardown = new Teardown();
	teardown.add(dataDir, async () => await rm(dataDir, { recursive: true, force: true }));
	try {
		const sandbox = await startSandboxProcess(dataDir, teardown, new AbortController().signal);
		const sshd = process.getuid?.() === 0 ? teardown.add(await startSshd(MODERN), async ({ close }) => await close()) : undefined;
		for (const root of [join(dataDir, 'files'), sshd?.root]) if (root) await writeFiles(root, sizes);
		const contenders = contendersFor(sandbox, sshd);
		const results = new Map<string, Result[]>();
		for (let round = 0; round < Number(values.runs); round++) {
			for (const { name, task } of contenders) {
				const result = await measure({ ...task, folder: FOLDER, file: `${sizeOf(name)}.bin`, n8n });
				if (result.bytes !== sizes[sizeOf(name)] * MIB) throw new Error(`${name} stored ${result.bytes} bytes`);
				results.set(name, [...(results.get(name) ?? []), result]);
				say(`  ${name}: ${result.seconds.toFixed(2)} s`);
			}
		}
		report(sizes, results);
	} finally {
		await teardown.run();
	}
}

type Sizes = Record<'big' | 'peer', number>;

function sizeOf(contender: string): keyof Sizes {
	return contender === PEER ? 'peer' : 'big';
}

async function writeFiles(root: string, { big, peer }: Sizes): Promise<void> {
	const folder = join(root, FOLDER);
	await mkdir(folder, { recursive: true });
	const block = randomBytes(MIB);
	for (const [name, blocks] of [['big.bin', big], ['peer.bin', peer], ['warm.bin', 1]] as const) {
		const file = createWriteStream(join(folder, name));
		for (let written = 0; written < blocks; written++) {
			block.writeUInt32BE(written);
			if (!file.write(Buffer.from(block))) await once(file, 'drain');
		}
		await finished(file.end());
	}
}

function contendersFor(info: SandboxInfo, sshd: Sshd | undefined): Contender[] {
	const ours = credentialFields(info);
	const contenders: Contender[] = [
		{ name: 'fileX Download, REST, sandbox', task: { who: 'rest', credential: ours } },
		{ name: 'fileX Download, SFTP, sandbox', task: { who: 'sftp', credential: ours } },
	];
	if (!sshd) return contenders;
	const login = { username: 'root', privateKey: sshd.privateKey };
	const openssh = { ...ours, ...login, sftpPort: sshd.port, hostKeys: sshd.hostKeys.join(',') };
	return [
		...contenders,
		{ name: `fileX Download, SFTP, ${OPENSSH}`, task: { who: 'sftp', credential: openssh } },
		{ name: PEER, task: { who: 'n8n-ftp', credential: { host: '127.0.0.1', port: sshd.port, ...login } } },
	];
}

async function measure(task: Task): Promise<Result> {
	const child = spawn('node', ['--expose-gc', '--import', 'tsx', join(ROOT, 'bench', 'worker.ts'), JSON.stringify(task)], {
		cwd: ROOT,
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	let out = '';
	child.stdout!.on('data', (chunk) => (out += String(chunk)));
	const code = await new Promise((resolve) => child.once('exit', resolve));
	if (code !== 0) throw new Error(`the worker for ${task.who} ended with ${String(code)}`);
	return JSON.parse(out.trim().split('\n').at(-1)!) as Result;
}

function report(sizes: Sizes, results: Map<string, Result[]>): void {
	say(`\nDownloads of ${sizes.big} MiB (${sizes.peer} MiB for n8n's FTP node) in n8n's engine, filesystem mode; medians\n`);
	say('| who | MiB/s | memory growth, MiB | times n8n\'s FTP node |');
	say('|---|---|---|---|');
	const speed = (name: string) => sizes[sizeOf(name)] / median((results.get(name) ?? []).map(({ seconds }) => seconds));
	for (const [name, runs] of results) {
		const ratio = speed(name) / speed(PEER);
		const comparable = name.endsWith(OPENSSH) ? ratio.toFixed(1) : '';
		say(`| ${name} | ${speed(name).toFixed(1)} | ${median(runs.map(({ growth }) => growth)).toFixed(0)} | ${comparable} |`);
	}
}

function median(values: number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? NaN;
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
