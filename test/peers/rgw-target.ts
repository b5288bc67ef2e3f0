import { randomUUID } from 'node:crypto';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { until } from '../../scripts/n8n/until';
import type { RgwInfo } from '../../scripts/peers/rgw';
import { sessionFor } from '../../scripts/peers/session';
import { Content } from '../support/content';
import type { S3Target, SessionKeys, TargetSource } from './target';

/** Ceph RGW, where `npm run test:peers` has started one. */
export const RGW: TargetSource = {
	name: 'Ceph RGW',
	missing: process.env.FILEX_RGW ? undefined : '`npm run test:peers` starts it, as root on Debian',
	open: async () => await openRgw(JSON.parse(process.env.FILEX_RGW!) as RgwInfo),
};

async function openRgw(rgw: RgwInfo): Promise<S3Target> {
	const { endpoint, region, bucket, owner } = rgw;
	const admin = new S3Client({ endpoint, region, credentials: { ...owner }, forcePathStyle: true });
	const put = async (key: string, content: Content): Promise<void> => {
		await admin.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: content.bytes() }));
	};
	const own = randomUUID();
	const [readPrefix, writePrefix, foreignKey] = [`${own}/reports/`, `${own}/in/`, `${own}/others/secret.txt`];
	await put(foreignKey, new Content(10));

	const session = async (
		readPrefixes: string[],
		writePrefixes: string[],
		durationSeconds = 3600,
	): Promise<SessionKeys> => await sessionFor(rgw, { readPrefixes, writePrefixes, durationSeconds });
	return {
		like: 'rgw',
		endpoint,
		virtualHost: `${bucket}.${rgw.domain}:${new URL(endpoint).port}`,
		region,
		bucket,
		readPrefix,
		writePrefix,
		foreignKey,
		session: async () => await session([readPrefix], [writePrefix]),
		async expiredSession() {
			const lifetime = 1000;
			const keys = await session([readPrefix], [writePrefix], lifetime / 1000);
			// RGW counts in whole seconds.
			const end = Date.now() + lifetime * 2;
			const ended = async (): Promise<true | undefined> => (Date.now() > end ? true : undefined);
			await until(ended, { what: "A session's end", signal: AbortSignal.timeout(lifetime * 10) });
			return keys;
		},
		place: async (name, content) => await put(readPrefix + name, content),
		landed: async (name) => ({ key: writePrefix + name, keys: await session([writePrefix], []) }),
		close: async () => admin.destroy(),
	};
}
