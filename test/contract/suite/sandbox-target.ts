import type { AccessMethod } from '../../../filex';
import { startSandbox } from '../../../sandbox/sandbox';
import { sandboxAccount } from '../../support/accounts';
import { openSpace } from '../../support/spaces';
import type { Target, TargetSource } from './target';

const REPORTS = { orgId: '0001', application: 'crd', subSpace: 'reports' };

/** The sandbox, over each access method. */
export const SANDBOX: TargetSource[] = (['rest', 's3', 'sftp'] as const).map((method) => ({
	name: `${method} at the sandbox`,
	method,
	open: async () => await openSandbox(method),
}));

async function openSandbox(method: AccessMethod): Promise<Target> {
	const sandbox = await startSandbox();
	const { store, submissions, database, settings, log } = sandbox;
	const published = new Date('2026-03-31T21:15:07Z');
	const foreign = { ...REPORTS, orgId: '1234' };
	return {
		method,
		reports: REPORTS,
		empty: { ...REPORTS, subSpace: 'results' },
		filings: { orgId: '0001', application: 'focus', subSpace: 'in' },
		foreign,
		keepsBeginnings: false,
		open: () => openSpace(sandboxAccount(sandbox.info), method),
		async publish(name, content) {
			published.setUTCMinutes(published.getUTCMinutes() + 1);
			const at = new Date(published);
			await store.publish(['0001', 'crd', 'reports', name], content.stream(), at);
			return at;
		},
		async arrived(name) {
			return submissions
				.arrivals()
				.filter((each) => each.name === name && each.unusable === null)
				.map(({ size, sha256 }) => ({ size, sha256 }));
		},
		leftovers: async () => Number(database.prepare('SELECT count(*) AS count FROM uploads').get()!.count),
		letTokensLive: (s3TokenSeconds) => settings.change({ s3TokenSeconds }),
		tokens: () => log.count('rest', /^GET \/S3TransferTokens/, '200'),
		close: async () => await sandbox.close(),
	};
}
