import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { chmod, chown, mkdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { formatSpace, readAccount, type SpacePath } from '../../../filex';
import { summary } from '../../support/content';
import { missing, SSHD as NEED } from '../../support/needs';
import { openSpace } from '../../support/spaces';
import { MODERN, startSshd } from '../../support/sshd';
import type { Target, TargetSource } from './target';

/** OpenSSH's own server, with folders whose modes say what fileX's entitlements do. */
export const SSHD: TargetSource = {
	name: "sftp at OpenSSH's sshd",
	method: 'sftp',
	missing: missing(NEED),
	open: openSshd,
};

/** Owns nothing, on every Linux. */
const USER = { name: 'nobody', id: 65_534 };

const REPORTS = { orgId: '0001', application: 'crd', subSpace: 'reports' };

async function openSshd(): Promise<Target> {
	const sshd = await startSshd(MODERN, { writable: true, user: USER.name });
	const folderOf = (space: SpacePath) => join(sshd.root, formatSpace(space));
	const [empty, filings, foreign] = [
		{ ...REPORTS, subSpace: 'results' },
		{ ...REPORTS, application: 'focus', subSpace: 'in' },
		{ ...REPORTS, subSpace: 'others' },
	];
	for (const space of [REPORTS, empty, filings, foreign]) await mkdir(folderOf(space), { recursive: true });
	await chown(folderOf(filings), USER.id, USER.id);
	await chmod(folderOf(foreign), 0o700);
	const account = readAccount({
		environment: 'custom',
		restUrl: 'http://127.0.0.1:1',
		fipUrl: 'http://127.0.0.1:1',
		sftpHost: '127.0.0.1',
		sftpPort: sshd.port,
		username: USER.name,
		orgId: '0001',
		privateKey: sshd.privateKey,
		hostKeys: sshd.hostKeys.join(','),
	});
	let seconds = 1_700_000_000;
	return {
		method: 'sftp',
		reports: REPORTS,
		empty,
		filings,
		foreign,
		// To it, a client that goes and one that closes its file are the same.
		keepsBeginnings: true,
		open: () => openSpace(account, 'sftp'),
		async publish(name, content) {
			const path = join(folderOf(REPORTS), name);
			await pipeline(content.stream(), createWriteStream(path));
			await utimes(path, ++seconds, seconds);
			return new Date(seconds * 1000);
		},
		async arrived(name) {
			const path = join(folderOf(filings), name);
			return existsSync(path) ? [await summary(createReadStream(path))] : [];
		},
		leftovers: async () => 0,
		letTokensLive: () => {},
		tokens: () => 0,
		close: async () => await sshd.close(),
	};
}
