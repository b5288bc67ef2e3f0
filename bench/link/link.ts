import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import spawn from 'cross-spawn';
import { isInstalled, must, ROOT } from '../../scripts/run';

/** One way, in ms; and Mbit/s. */
const DELAY = 20;
const RATE = 1000;

export const LINK = `a link of ${2 * DELAY} ms and 1 Gbit/s`;

/** The title of a piece of work, done over the link. */
export function overLink(title: string): string {
	return `${title}, over ${LINK}`;
}

const DEVICE = 'link0';

/** Why there can be no link here; undefined where there can. */
export function noLink(): string | undefined {
	if (process.getuid?.() !== 0) return 'it needs root';
	const missing = [
		...['unshare', 'ip', 'python3'].filter((program) => !isInstalled(program)),
		...(existsSync('/dev/net/tun') ? [] : ['/dev/net/tun']),
	];
	return missing.length > 0 ? `there is no ${missing.join(', ')}` : undefined;
}

/** Runs a script of the benchmark in a network of its own, where {@link setUpLink} must be called. Gives its last line. */
export async function inOwnNetwork(script: string, args: string[]): Promise<string> {
	const child = spawn('unshare', ['-n', 'node', '--import', 'tsx', join(ROOT, 'bench', script), ...args], {
		cwd: ROOT,
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	let out = '';
	child.stdout!.on('data', (chunk) => (out += String(chunk)));
	const [code] = (await once(child, 'exit')) as [number | null];
	if (code !== 0) throw new Error(`${script} ended with ${String(code)}`);
	return out.trim().split('\n').at(-1)!;
}

/**
 * Sends all that goes to 127.0.0.1 over the link, from here on: out by a TUN device whose packets come back in late.
 * So servers and clients need not know of it. Jumbo frames, or the link itself would take a core.
 */
export async function setUpLink(): Promise<ChildProcess> {
	const link = spawn('python3', [join(__dirname, 'delay.py'), DEVICE, String(DELAY), String(RATE)], {
		stdio: ['pipe', 'pipe', 'inherit'],
	});
	await once(link.stdout!, 'data');
	const ip = async (command: string) => await must('ip', command.split(' '));
	await ip('link set lo up');
	await ip(`link set ${DEVICE} mtu 9000 txqueuelen 10000 up`);
	for (const name of [
		'all/rp_filter=0',
		`${DEVICE}/rp_filter=0`,
		`${DEVICE}/accept_local=1`,
		`${DEVICE}/route_localnet=1`,
	]) {
		const [path, value] = name.split('=') as [string, string];
		await writeFile(`/proc/sys/net/ipv4/conf/${path}`, value);
	}
	// What came by the link is for here; all else takes the link.
	await ip(`rule add pref 10 iif ${DEVICE} lookup local`);
	await ip(`route add default dev ${DEVICE} src 127.0.0.1 table 100`);
	await ip('rule add pref 20 lookup 100');
	await ip('rule del pref 0');
	return link;
}
