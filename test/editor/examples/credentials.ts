import { SLACK_CREDENTIAL } from '../../../scripts/n8n/slack';

/** Where the examples' other services are. */
export interface Services {
	/** Ports on this machine. */
	smtp: number;
	postgres: number;
	/** The chat model's address. */
	chat: string;
	/** The fields of the S3 Bucket API credential. */
	bucket: object;
}

/** Who logs in at PostgreSQL, and the database. */
export const RECORDS = { user: 'desk', name: 'records' };

/** Services that cannot be reached: enough to look at the examples. */
export const NO_SERVICES: Services = {
	smtp: 1,
	postgres: 1,
	chat: 'http://127.0.0.1:1/v1',
	bucket: { bucket: 'reports', region: 'us-east-1', accessKeyId: 'none', secretAccessKey: 'none' },
};

/** The credentials that examples/ name, but for the account at FINRA. */
export function exampleCredentials({ smtp, postgres, chat, bucket }: Services) {
	const host = '127.0.0.1';
	const { user, name: database } = RECORDS;
	return [
		SLACK_CREDENTIAL,
		credential('smtpAccount', 'SMTP account', 'smtp', {
			user: '',
			password: '',
			host,
			port: smtp,
			secure: false,
			disableStartTls: true,
		}),
		credential('postgresAccount', 'Postgres account', 'postgres', { host, port: postgres, user, password: '', database }),
		credential('openAiAccount', 'OpenAI account', 'openAiApi', { apiKey: 'none', url: chat }),
		credential('s3BucketAccount', 'S3 Bucket account', 's3BucketApi', bucket),
	];
}

function credential(id: string, name: string, type: string, data: object) {
	return { id, name, type, data };
}
