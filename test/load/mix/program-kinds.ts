import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSshSftp } from '../../support/openssh-sftp';
import { output } from '../../support/program';
import { REQUEST_LIMIT } from './http-clients';
import { sha256 } from '../../support/random';
import { checkTracking, downloadUrl, uploadUrl } from './rest-kinds';
import { READ_SPACE, type Kind, type Worker } from './worker';

async function curl(worker: Worker, ...args: string[]): Promise<void> {
	await worker.world.ledger.during(
		async () => await output('curl', ['-sSf', ...args], { cwd: worker.folder, limit: REQUEST_LIMIT }),
	);
}

async function curlDownload(worker: Worker): Promise<void> {
	const { name, sha256: expected } = worker.random.pick(worker.world.published);
	const to = join(worker.folder, 'curl-down');
	await curl(worker, '-o', to, await downloadUrl(worker, `${READ_SPACE}/${name}`));
	// curl creates no file where there is nothing to write.
	const content = await readFile(to).catch(() => Buffer.alloc(0));
	await rm(to, { force: true });
	assert.equal(sha256(content), expected, `wrong bytes in ${name}`);
}

async function curlUpload(worker: Worker): Promise<void> {
	const draft = worker.draft();
	const from = join(worker.folder, 'curl-up');
	await writeFile(from, draft.content);
	const { url, trackingId } = await uploadUrl(worker, `${draft.space}/${draft.name}`);
	await curl(worker, '-T', from, url);
	worker.accepted('rest', draft);
	await checkTracking(worker, trackingId, draft.name, draft.size);
}

/** A session that gets a file, and puts one. */
async function sftp(worker: Worker): Promise<void> {
	const { random, world, folder } = worker;
	const file = random.pick(world.published);
	const draft = worker.draft();
	await writeFile(join(folder, 'sftp-up'), draft.content);
	const commands = [`get ${READ_SPACE}/${file.name} sftp-down`, `put sftp-up ${draft.space}/${draft.name}`];
	const { code, stderr } = await world.ledger.during(
		async () => await openSshSftp(world.sandbox, folder, commands, REQUEST_LIMIT),
	);
	assert.equal(code, 0, `sftp ended with ${code}: ${stderr}`);
	worker.accepted('sftp', draft);
	assert.equal(sha256(await readFile(join(folder, 'sftp-down'))), file.sha256, `wrong bytes in ${file.name}`);
}

export const CURL_KINDS: Kind[] = [
	{ name: 'curl download', weight: 0.4, run: curlDownload },
	{ name: 'curl upload', weight: 0.4, run: curlUpload },
];

/** For a few workers only: a session takes a process of its own, and much of the machine. */
export const SFTP_KINDS: Kind[] = [{ name: 'SFTP get and put', weight: 60, run: sftp }];
