import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { policy, type RgwInfo } from './rgw';

/** Keys of a session. */
export interface SessionKeys {
	accessKeyId: string;
	secretAccessKey: string;
	sessionToken: string;
}

export interface SessionScope {
	/** What it may get and list. */
	readPrefixes: string[];
	/** What it may put, in one piece or in parts. */
	writePrefixes: string[];
	durationSeconds: number;
}

/** A session at RGW that may do nothing but what `scope` says, as those that fileX hands out. */
export async function sessionFor(
	rgw: RgwInfo,
	{ readPrefixes, writePrefixes, durationSeconds }: SessionScope,
): Promise<SessionKeys> {
	const sts = new STSClient({ endpoint: rgw.endpoint, region: rgw.region, credentials: { ...rgw.owner } });
	const objects = (prefixes: string[]): string[] => prefixes.map((prefix) => `arn:aws:s3:::${rgw.bucket}/${prefix}*`);
	const put = ['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'];
	const within = { StringLike: { 's3:prefix': readPrefixes.map((prefix) => `${prefix}*`) } };
	const statements = [
		readPrefixes.length > 0 && { Action: ['s3:GetObject'], Resource: objects(readPrefixes) },
		readPrefixes.length > 0 && {
			Action: ['s3:ListBucket'],
			Resource: [`arn:aws:s3:::${rgw.bucket}`],
			Condition: within,
		},
		writePrefixes.length > 0 && { Action: put, Resource: objects(writePrefixes) },
	];
	const { Credentials: keys } = await sts.send(
		new AssumeRoleCommand({
			RoleArn: rgw.roleArn,
			RoleSessionName: 'peer',
			DurationSeconds: durationSeconds,
			Policy: policy(...statements.filter((statement) => statement !== false)),
		}),
	);
	sts.destroy();
	return {
		accessKeyId: keys!.AccessKeyId!,
		secretAccessKey: keys!.SecretAccessKey!,
		sessionToken: keys!.SessionToken!,
	};
}
