import { Readable } from 'node:stream';
import { startSandbox } from '../../sandbox/sandbox';
import { BUCKET, REGION } from '../../sandbox/s3/keys';
import type { S3Target, SessionKeys, TargetSource } from './target';

const USER = '1234ftp12';
const SPACES = { out: ['0001', 'app1', 'out'], in: ['0001', 'app1', 'in'], archive: ['0001', 'app1', 'in_arcv'] };

/** The sandbox's S3 side, a new one each time. */
export const SANDBOX: TargetSource = {
	name: 'the sandbox',
	open: openSandbox,
};

async function openSandbox(): Promise<S3Target> {
	const sandbox = await startSandbox();
	const { store, submissions, s3Keys, settings, info } = sandbox;
	const foreign = ['0001', 'app2', 'out', 'secret.txt'];
	await store.publish(foreign, Readable.from([Buffer.alloc(10)]));

	const session = async (read: string[][], write: string[][]): Promise<SessionKeys> => {
		const { accessKeyId, secretAccessKey, sessionToken } = s3Keys.issue(USER, read, write).credentials;
		return { accessKeyId, secretAccessKey, sessionToken };
	};
	const ofAccount = async () => await session([SPACES.out], [SPACES.in]);
	return {
		like: 'aws',
		endpoint: info.s3,
		virtualHost: `${BUCKET}.localhost:${new URL(info.s3).port}`,
		region: REGION,
		bucket: BUCKET,
		readPrefix: `${SPACES.out.join('/')}/`,
		writePrefix: `${SPACES.in.join('/')}/`,
		foreignKey: foreign.join('/'),
		session: ofAccount,
		async expiredSession() {
			const { s3TokenSeconds } = settings.get();
			settings.change({ s3TokenSeconds: 0 });
			const keys = await ofAccount();
			settings.change({ s3TokenSeconds });
			return keys;
		},
		place: async (name, content) => void (await store.publish([...SPACES.out, name], content.stream())),
		async landed(name) {
			const arrived = submissions.arrivals().findLast((each) => each.name === name);
			return {
				key: [...SPACES.archive, arrived?.archiveName ?? 'nothing'].join('/'),
				keys: await session([SPACES.archive], []),
			};
		},
		close: async () => await sandbox.close(),
	};
}
