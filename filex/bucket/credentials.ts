import type { AwsCredentialIdentity } from '@aws-sdk/types';
import { FileXError } from '../errors';
import { agentsFor } from '../http/agents';
import { type Egress, UNRESTRICTED_EGRESS } from '../http/egress';
import type { CredentialSource, S3Credentials } from '../s3/access';
import { withoutVersionWarning } from '../s3/sdk-warning';
import type { BucketSettings } from './settings';

/** Keys are asked for again when they have less than this left, in ms. */
const MARGIN = 5 * 60_000;

/** Where a bucket's keys come from: typed in, or found by AWS's SDK; and of a role that they may assume. */
export function credentialSource(
	settings: BucketSettings,
	egress: Egress = UNRESTRICTED_EGRESS,
): CredentialSource<S3Credentials> {
	const { region, keys, role } = settings;
	const own = async (): Promise<AwsCredentialIdentity> => keys ?? (await found());
	if (keys && !role) return { credentials: async () => ({ region, credentials: keys }), drop() {} };
	return new Renewed(region, async () => (role ? await assumed(role, region, await own(), egress) : await own()));
}

/** Keeps keys until shortly before their end. */
class Renewed implements CredentialSource<S3Credentials> {
	private held?: Promise<AwsCredentialIdentity>;

	constructor(
		private readonly region: string,
		private readonly ask: () => Promise<AwsCredentialIdentity>,
	) {}

	async credentials(): Promise<S3Credentials> {
		const held = await (this.held ??= this.ask().catch((error: unknown) => {
			this.held = undefined;
			throw unavailable(error);
		}));
		const left = (held.expiration?.getTime() ?? Infinity) - Date.now();
		if (left > MARGIN) return { region: this.region, credentials: held };
		this.held = undefined;
		// What lives shorter than the margin is still better than nothing.
		return left > 0 ? { region: this.region, credentials: held } : await this.credentials();
	}

	drop(): void {
		this.held = undefined;
	}
}

/** From the environment, a profile, a web identity (IRSA), the container or the instance: https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html */
async function found(): Promise<AwsCredentialIdentity> {
	const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
	return await defaultProvider()();
}

async function assumed(
	{ arn, externalId }: NonNullable<BucketSettings['role']>,
	region: string,
	credentials: AwsCredentialIdentity,
	egress: Egress,
): Promise<AwsCredentialIdentity> {
	const { AssumeRoleCommand, STSClient } = await import('@aws-sdk/client-sts');
	const requestHandler = { ...agentsFor(egress), requestTimeout: 30_000 };
	const sts = withoutVersionWarning(() => new STSClient({ region, credentials, requestHandler }));
	try {
		const { Credentials } = await sts.send(
			new AssumeRoleCommand({
				RoleArn: arn,
				RoleSessionName: 'finra-filex',
				...(externalId && { ExternalId: externalId }),
			}),
		);
		const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
		if (!AccessKeyId || !SecretAccessKey) throw new Error('STS answered without keys');
		return {
			accessKeyId: AccessKeyId,
			secretAccessKey: SecretAccessKey,
			sessionToken: SessionToken,
			expiration: Expiration,
		};
	} finally {
		sts.destroy();
	}
}

function unavailable(error: unknown): FileXError {
	const { name = 'Error', message = '' } = error as Error;
	return new FileXError('credentials', `No keys to the bucket were found: ${name}`, {
		hint: `Check 'Credentials From' and 'Role ARN' in the S3 Bucket credential, and what this machine is allowed to do. Nothing was stored. Technical detail: ${message.slice(0, 300)}.`,
		retrySafe: true,
	});
}
