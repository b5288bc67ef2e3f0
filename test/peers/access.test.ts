import {
	CopyObjectCommand,
	CreateMultipartUploadCommand,
	DeleteBucketCommand,
	DeleteObjectCommand,
	GetObjectAclCommand,
	GetObjectCommand,
	HeadObjectCommand,
	ListBucketsCommand,
	ListObjectsV2Command,
	PutObjectAclCommand,
	PutObjectCommand,
	type S3Client,
} from '@aws-sdk/client-s3';
import { Content } from '../support/content';
import { describePeers, outcome, type MetadataBearer, type Peer } from './peer';

const DENIED = { status: 403, code: 'AccessDenied' };

/** A request that a session may not make. */
type Attempt = (client: S3Client, peer: Peer) => Promise<MetadataBearer>;

/** An object that a request is about. */
type Which = (peer: Peer) => { Bucket: string; Key: string };

/** An object by its key, in the peer's bucket. */
const at = ({ bucket }: Peer, Key: string): ReturnType<Which> => ({ Bucket: bucket, Key });
const foreign: Which = (peer) => at(peer, peer.target.foreignKey);

/** Begins as an allowed key does. */
const beside: Which = (peer) => at(peer, `${peer.target.writePrefix.slice(0, -1)}x/beside`);

const put =
	(which: Which): Attempt =>
	async (client, peer) =>
		await client.send(new PutObjectCommand({ ...which(peer), Body: 'x' }));
const begin =
	(which: Which): Attempt =>
	async (client, peer) =>
		await client.send(new CreateMultipartUploadCommand(which(peer)));
const get =
	(which: Which): Attempt =>
	async (client, peer) =>
		await client.send(new GetObjectCommand(which(peer)));
const list =
	(prefix?: (peer: Peer) => string): Attempt =>
	async (client, peer) =>
		await client.send(new ListObjectsV2Command({ Bucket: peer.bucket, Prefix: prefix?.(peer) }));
const remove =
	(which: Which): Attempt =>
	async (client, peer) =>
		await client.send(new DeleteObjectCommand(which(peer)));
const copy =
	(from: Which, to: Which): Attempt =>
	async (client, peer) =>
		await client.send(new CopyObjectCommand({ ...to(peer), CopySource: `${peer.bucket}/${from(peer).Key}` }));

const FORBIDDEN: Array<[string, Attempt]> = [
	['get a foreign object', get(foreign)],
	['put over a foreign object', put(foreign)],
	['put beside its place', put(beside)],
	['put in parts over a foreign object', begin(foreign)],
	['list the bucket', list()],
	['list a foreign folder', list(() => 'no/such/')],
	['list above its place', list(({ target }) => target.readPrefix.slice(0, -1))],
	['put where it may read', put((peer) => peer.get('x'))],
	['put in parts where it may read', begin((peer) => peer.get('x'))],
	['get where it may write', get((peer) => peer.put('written'))],
	['list where it may write', list(({ target }) => target.writePrefix)],
	['delete what it may read', remove((peer) => peer.get('placed'))],
	['delete what it wrote', remove((peer) => peer.put('written'))],
	[
		'copy what it may read beside it',
		copy(
			(peer) => peer.get('placed'),
			(peer) => peer.get('copy'),
		),
	],
	['copy what it may not read', copy(foreign, (peer) => peer.put('copy'))],
	['read access rules', async (client, peer) => await client.send(new GetObjectAclCommand(peer.get('placed')))],
	[
		'change access rules',
		async (client, peer) => await client.send(new PutObjectAclCommand({ ...peer.put('written'), ACL: 'public-read' })),
	],
	['delete the bucket', async (client, { bucket }) => await client.send(new DeleteBucketCommand({ Bucket: bucket }))],
];

describePeers('a session', (peer) => {
	beforeAll(async () => {
		await peer().target.place('placed', new Content(10));
		await peer().client.send(new PutObjectCommand({ ...peer().put('written'), Body: 'written' }));
	});

	it.each(FORBIDDEN)('may not %s', async (_, attempt) => {
		expect(await outcome(attempt(peer().client, peer()))).toEqual(DENIED);
	});

	it('may not ask after foreign objects', async () => {
		expect(await outcome(peer().client.send(new HeadObjectCommand(foreign(peer()))))).toMatchObject({ status: 403 });
	});

	it('cannot tell whether a foreign object exists', async () => {
		const get = peer().client.send(new GetObjectCommand({ Bucket: peer().bucket, Key: 'no/such' }));
		expect(await outcome(get)).toEqual(peer().expected('missingForeign'));
	});

	it('learns of no buckets', async () => {
		expect(await outcome(peer().client.send(new ListBucketsCommand({})))).toEqual(DENIED);
	});

	it('finds no other bucket', async () => {
		const get = peer().client.send(new GetObjectCommand({ Bucket: 'no-such-bucket-anywhere', Key: 'x' }));
		expect(await outcome(get)).toEqual({ status: 404, code: 'NoSuchBucket' });
	});

	it('is refused once it has ended', async () => {
		const client = peer().clientWith({ keys: await peer().target.expiredSession() });
		expect(await outcome(client.send(new GetObjectCommand(peer().get('placed'))))).toEqual(
			peer().expected('expiredToken'),
		);
		expect(await outcome(client.send(new PutObjectCommand({ ...peer().put('late'), Body: 'x' })))).toEqual(
			peer().expected('expiredToken'),
		);
		client.destroy();
	});

	it.each<[string, object, 'bogusToken' | 'noToken' | 'unknownKey']>([
		['a made-up token', { sessionToken: 'made-up' }, 'bogusToken'],
		['no token', { sessionToken: undefined }, 'noToken'],
		['an unknown access key', { accessKeyId: 'X'.repeat(20), sessionToken: undefined }, 'unknownKey'],
	])('is refused with %s', async (_, change, difference) => {
		const client = peer().clientWith({ keys: { ...peer().keys, ...change } });
		expect(await outcome(client.send(new GetObjectCommand(peer().get('placed'))))).toEqual(peer().expected(difference));
		client.destroy();
	});

	it("is refused with another session's token", async () => {
		const { sessionToken } = await peer().target.session();
		const client = peer().clientWith({ keys: { ...peer().keys, sessionToken } });
		expect(await outcome(client.send(new GetObjectCommand(peer().get('placed'))))).toEqual(
			peer().expected('foreignToken'),
		);
		client.destroy();
	});
});
