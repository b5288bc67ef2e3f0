import { randomBytes } from 'node:crypto';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { Teardown } from '../n8n/teardown';
import { cachedCeph } from './cache';
import { startCluster, type Cluster } from './cluster';

/** What a test needs to know of a running RGW; plain data, to be handed to another process. */
export interface RgwInfo {
	endpoint: string;
	/** Below it, `BUCKET.domain` addresses a bucket. */
	domain: string;
	region: string;
	bucket: string;
	/** The role of all sessions: whatever a session's own policy allows. */
	roleArn: string;
	/** Keys of the bucket's owner, who may assume the role. */
	owner: { accessKeyId: string; secretAccessKey: string };
}

const OWNER = 'filex';
const ROLE = 'transfer';

/** Starts Ceph RGW, with a user, a role and a bucket. */
export async function startRgw(teardown: Teardown, signal: AbortSignal): Promise<RgwInfo> {
	const cluster = await startCluster(await cachedCeph(signal), teardown, signal);
	const owner = {
		accessKeyId: randomBytes(10).toString('hex').toUpperCase(),
		secretAccessKey: randomBytes(20).toString('hex'),
	};
	const keys = [`--access-key=${owner.accessKeyId}`, `--secret=${owner.secretAccessKey}`];
	await cluster.command(
		'radosgw-admin',
		'user',
		'create',
		`--uid=${OWNER}`,
		`--display-name=${OWNER}`,
		...keys,
		'--caps=roles=*',
	);
	const roleArn = await createRole(cluster);

	const { endpoint, domain } = cluster;
	const region = 'us-east-1';
	const bucket = 'filex-peer';
	const client = new S3Client({ endpoint, region, credentials: { ...owner }, forcePathStyle: true });
	await client.send(new CreateBucketCommand({ Bucket: bucket }), { abortSignal: signal });
	client.destroy();
	return { endpoint, domain, region, bucket, roleArn, owner };
}

async function createRole({ command }: Cluster): Promise<string> {
	const trust = policy({ Principal: { AWS: [`arn:aws:iam:::user/${OWNER}`] }, Action: ['sts:AssumeRole'] });
	const all = policy({ Action: ['s3:*'], Resource: ['arn:aws:s3:::*'] });
	const role = ['role', 'create', `--role-name=${ROLE}`, `--assume-role-policy-doc=${trust}`];
	const { Arn } = JSON.parse(await command('radosgw-admin', ...role)) as { Arn: string };
	await command(
		'radosgw-admin',
		'role-policy',
		'put',
		`--role-name=${ROLE}`,
		'--policy-name=all',
		`--policy-doc=${all}`,
	);
	return Arn;
}

/** A policy document of statements that allow something. */
export function policy(...statements: object[]): string {
	return JSON.stringify({
		Version: '2012-10-17',
		Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })),
	});
}
