import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../free-port';
import { type Child, tail } from '../n8n/child';
import type { Teardown } from '../n8n/teardown';
import { until } from '../n8n/until';
import { cephConf } from './ceph-conf';
import { output, startInside } from './inside';

/** A running Ceph with an S3 gateway. */
export interface Cluster {
	endpoint: string;
	domain: string;
	/** Runs one of Ceph's commands on it; gives what that printed. */
	command(program: string, ...args: string[]): Promise<string>;
}

const START_LIMIT = 120_000;

/** Resolved by everybody to this machine itself. */
const DOMAIN = 's3.localhost';

/** Starts a cluster without data inside the chroot; `teardown` ends it and removes its data. */
export async function startCluster(chroot: string, teardown: Teardown, signal: AbortSignal): Promise<Cluster> {
	const folder = await dataFolder(chroot, teardown);
	const conf = join(folder, 'ceph.conf');
	const [fsid, monitorPort, gatewayPort] = [randomUUID(), await freePort(), await freePort()];
	const sessionKey = randomBytes(8).toString('hex');
	const settings = { fsid, folder, monitorPort, gatewayPort, domain: DOMAIN, sessionKey };
	await writeFile(join(chroot, conf), cephConf(settings));

	const command = async (program: string, ...args: string[]): Promise<string> =>
		await output('chroot', [chroot, program, '-c', conf, ...args], signal);
	const start = (program: string, ...args: string[]): Child =>
		teardown.add(startInside(chroot, program, ['-c', conf, '-f', ...args]), async (child) => await child.stop());

	const map = join(folder, 'monmap');
	await command('monmaptool', '--create', '--fsid', fsid, '--addv', 'a', `[v2:127.0.0.1:${monitorPort}]`, map);
	await command('ceph-mon', '--mkfs', '-i', 'a', '--monmap', map);
	start('ceph-mon', '-i', 'a');
	// It waits for the monitor itself.
	const disk = randomUUID();
	await command('ceph', '--connect-timeout', String(START_LIMIT / 1000), 'osd', 'new', disk);
	await command('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', disk);
	start('ceph-osd', '-i', '0');
	const endpoint = `http://127.0.0.1:${gatewayPort}`;
	await answering(endpoint, start('radosgw', '-n', 'client.gateway'), signal);
	return { endpoint, domain: DOMAIN, command };
}

/** A folder inside the chroot, so that nothing has to be mounted there; its path as the chroot has it. */
async function dataFolder(chroot: string, teardown: Teardown): Promise<string> {
	const parent = join(chroot, 'srv');
	await removeLeftOvers(parent);
	const folder = await mkdtemp(join(parent, `peer-${process.pid}-`));
	teardown.add(folder, async () => await rm(folder, { recursive: true, force: true, maxRetries: 5 }));
	for (const name of ['mon', 'osd', 'gateway']) await mkdir(join(folder, name));
	return folder.slice(chroot.length);
}

/** A run that was killed leaves gigabytes behind, in a cache that no one looks into. */
async function removeLeftOvers(parent: string): Promise<void> {
	for (const name of await readdir(parent)) {
		const owner = /^peer-(\d+)-/.exec(name)?.[1];
		if (owner !== undefined && !isRunning(Number(owner)))
			await rm(join(parent, name), { recursive: true, force: true });
	}
}

function isRunning(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}

async function answering(endpoint: string, gateway: Child, signal: AbortSignal): Promise<void> {
	const answer = async (): Promise<true | undefined> => {
		if (gateway.exitCode() !== undefined) throw new Error(`Ceph's gateway ended at once:\n${tail(gateway.log())}`);
		const response = await fetch(endpoint, { signal }).catch(() => undefined);
		await response?.arrayBuffer();
		return response?.ok ? true : undefined;
	};
	await until(answer, { what: "Ceph's gateway", signal, limit: START_LIMIT, details: () => tail(gateway.log()) });
}
