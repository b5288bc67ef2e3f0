import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import {
	GetObjectCommand,
	HeadObjectCommand,
	ListMultipartUploadsCommand,
	NoSuchKey,
	PutObjectCommand,
	S3Client,
} from '@aws-sdk/client-s3';
import { formatSpace, readAccount } from '../../../filex';
import type { RgwInfo } from '../../../scripts/peers/rgw';
import { sessionFor } from '../../../scripts/peers/session';
import { summary } from '../../support/content';
import { openSpace } from '../../support/spaces';
import { startTokenDesk } from '../../support/token-desk';
import type { Target, TargetSource } from './target';

/** Ceph RGW, where `npm run test:peers` has started one, with fileX's tokens for it from a desk of ours. */
export const RGW: TargetSource = {
	name: 's3 at Ceph RGW',
	method: 's3',
	missing: process.env.FILEX_RGW ? undefined : '`npm run test:peers` starts it, as root on Debian',
	open: async () => await openRgw(JSON.parse(process.env.FILEX_RGW!) as RgwInfo),
};

const REPORTS = { orgId: '0001', application: 'crd', subSpace: 'reports' };
const [EMPTY, IN, FOREIGN] = [
	{ ...REPORTS, subSpace: 'results' },
	{ ...REPORTS, subSpace: 'in' },
	{ ...REPORTS, subSpace: 'others' },
];

async function openRgw(rgw: RgwInfo): Promise<Target> {
	const { endpoint, region, bucket, owner } = rgw;
	const admin = new S3Client({ endpoint, region, credentials: { ...owner }, forcePathStyle: true });
	const root = randomUUID();
	const prefixOf = (space: typeof REPORTS) => `${root}/${formatSpace(space)}/`;
	const objectIn = (space: typeof REPORTS, name: string) => ({ Bucket: bucket, Key: prefixOf(space) + name });
	await admin.send(new PutObjectCommand({ ...objectIn(FOREIGN, 'secret.txt'), Body: 'secret' }));

	let life = 3600;
	const desk = await startTokenDesk({
		region,
		spaces: [REPORTS, EMPTY, IN, FOREIGN].map(formatSpace),
		async issue() {
			const [readPrefixes, writePrefixes] = [[REPORTS, EMPTY].map(prefixOf), [prefixOf(IN)]];
			// RGW counts in whole seconds.
			const expiration = new Date(Math.floor(Date.now() / 1000 + life) * 1000);
			const keys = await sessionFor(rgw, { readPrefixes, writePrefixes, durationSeconds: life });
			// It promises more than the session may: that is for RGW to refuse.
			const pathsOf = (prefixes: string[]) => [...prefixes, prefixOf(FOREIGN)].map((prefix) => `${bucket}/${prefix}`);
			return { readPaths: pathsOf(readPrefixes), writePaths: pathsOf(writePrefixes), keys, expiration };
		},
	});
	const account = readAccount({
		environment: 'custom',
		restUrl: desk.url,
		fipUrl: desk.url,
		sftpHost: '127.0.0.1',
		sftpPort: 1,
		s3Url: endpoint,
		username: 'desk',
		password: 'desk',
		orgId: '0001',
	});
	return {
		method: 's3',
		reports: REPORTS,
		empty: EMPTY,
		filings: IN,
		foreign: FOREIGN,
		keepsBeginnings: false,
		open: () => openSpace(account, 's3'),
		async publish(name, content) {
			await admin.send(new PutObjectCommand({ ...objectIn(REPORTS, name), Body: content.bytes() }));
			return (await admin.send(new HeadObjectCommand(objectIn(REPORTS, name)))).LastModified!;
		},
		async arrived(name) {
			try {
				const { Body } = await admin.send(new GetObjectCommand(objectIn(IN, name)));
				return [await summary(Body as Readable)];
			} catch (error) {
				if (error instanceof NoSuchKey) return [];
				throw error;
			}
		},
		leftovers: async () =>
			(await admin.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: root }))).Uploads?.length ?? 0,
		letTokensLive: (seconds) => (life = seconds),
		tokens: desk.tokens,
		async close() {
			admin.destroy();
			await desk.close();
		},
	};
}
