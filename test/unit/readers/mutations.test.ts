import { FileXError } from '../../../filex';
import { readFipAnswer } from '../../../filex/fip/answer';
import type { TextAnswer } from '../../../filex/http/unexpected-answer';
import { readHealth } from '../../../filex/rest/health';
import { readDirectories, readFiles } from '../../../filex/rest/listing';
import { readPresigned } from '../../../filex/rest/presigned';
import { readS3Page } from '../../../filex/s3/list';
import { readS3Token } from '../../../filex/s3/token';
import { readEntries, unreadableEntries } from '../../../filex/sftp/entry';
import { readSubmissions } from '../../../filex/submissions/submission';
import { Random } from '../../support/random';
import { mutated, SEED } from './mutate';

const RUNS = 1000;
const URL = 'https://bucket.s3.amazonaws.com/0001/crd/in/a.zip?X-Amz-Signature=ab12';
const ID = '343dab32-516b-4e04-b60e-2526fa72e879';
const CREDENTIALS = {
	accessKeyId: 'ASIA',
	secretAccessKey: 'secret',
	sessionToken: 'session',
	expiration: '2026-03-31T13:00:00Z',
};

const listing = (children: object[], path = '0001/crd') => ({
	name: 'crd',
	type: 'DIR',
	metadata: { writable: false },
	children,
	_links: {
		self: [{ href: `https://filex.finra.org/files/${path}` }],
		children: children.map((_, index) => ({ href: `https://filex.finra.org/files/${path}/${index}` })),
	},
});
const FILES = listing(
	['a.pdf', 'b.pdf', 'c.pdf'].map((name) => ({
		name,
		type: 'FILE',
		metadata: { writable: false, contentLength: 7473, lastModified: '2018-12-07T14:18:34.000+0000' },
	})),
);
const DIRECTORIES = listing(
	['in', 'out', 'in_arcv'].map((name) => ({ name, type: 'DIR', metadata: { writable: false } })),
);
const SUBMISSIONS = [1, 2, 3].map((n) => ({
	trackingId: ID.replace('3', String(n)),
	submissionTime: '2022-11-01T12:00:00.000-05:00',
	userName: 'u',
	fileName: `f${n}`,
	status: 'Received by FINRA',
	downstreamStatus: null,
	statusUpdateTime: '2022-11-01T12:30:00.000-05:00',
	fileSize: 10,
	uploadLocation: '0001/app1/in',
	arcvFileName: null,
	downloadable: true,
}));
const TOKEN = {
	region: 'us-east-1',
	sessionName: 'demo@1',
	readPaths: ['b/0001/app1/out/'],
	writePaths: ['b/0001/app1/in/'],
	credentials: CREDENTIALS,
};
const PRESIGNED = { url: URL, method: 'PUT', trackingId: ID, headers: { 'x-amz-acl': 'private' } };
const FIP = { access_token: 'abc.def', expires_in: 43_200, token_type: 'Bearer', scope: 'fip' };
const S3_PAGE = {
	Name: 'bucket',
	Prefix: '0001/',
	IsTruncated: false,
	KeyCount: 3,
	Contents: ['a', 'b', 'c'].map((name) => ({ Key: `0001/${name}`, Size: 5, LastModified: '2026-01-01T00:00:00.000Z' })),
};
const ENTRIES = ['a', 'b', 'c'].map((filename) => ({
	filename,
	longname: `-rw-r--r-- 1 a a 5 Jan 1 2026 ${filename}`,
	attrs: { mode: 0o100_644, size: 5, mtime: 1 },
}));

const answerOf = (body: string): TextAnswer => ({ status: 200, headers: { 'content-type': 'application/json' }, body });

/** Each reader: a sample, how it is read, and what must be true of what it gives. */
const READERS: Array<[string, unknown, (text: string) => unknown]> = [
	// Without an entry and without a link to one, nothing is there.
	[
		'a REST listing of files',
		FILES,
		(text) => !/\.pdf|crd\/[0-2]"/.test(text) || expect(readFiles(answerOf(text)).count).toBeGreaterThanOrEqual(3),
	],
	[
		'a REST listing of directories',
		DIRECTORIES,
		(text) =>
			!/"in"|"out"|in_arcv|crd\/[0-2]"/.test(text) ||
			expect(readDirectories(answerOf(text)).entries.length).toBeGreaterThanOrEqual(3),
	],
	// An empty list is the guide's own form of none.
	[
		'tracking',
		SUBMISSIONS,
		(text) => text === '[]' || expect(readSubmissions(answerOf(text)).entries.length).toBeGreaterThanOrEqual(3),
	],
	[
		'an S3 token',
		TOKEN,
		(text) => {
			const { credentials, region, readPaths, writePaths } = readS3Token(answerOf(text));
			expect([region, credentials.expiration instanceof Date, typeof credentials.secretAccessKey]).toEqual([
				'us-east-1',
				true,
				'string',
			]);
			expect([...readPaths, ...writePaths].every((path) => typeof path === 'string' && path !== '')).toBe(true);
		},
	],
	[
		'a pre-signed URL',
		PRESIGNED,
		(text) =>
			expect(
				readPresigned(answerOf(text), { method: 'PUT', what: '0001/focus/in/a.zip', base: 'https://filex.finra.org' })
					.url,
			).toBe(URL),
	],
	[
		'a FIP token',
		FIP,
		(text) => {
			const read = readFipAnswer(answerOf(text));
			expect(['token', 'foreign']).toContain(read.outcome);
			if (read.outcome === 'token') expect(read.token).toMatch(/^[\x21-\x7e]+$/);
		},
	],
	['health', { status: 'UP' }, (text) => expect(typeof readHealth(answerOf(text)).healthy).toBe('boolean')],
	[
		'an S3 listing',
		S3_PAGE,
		(text) => {
			// Without an entry and without their number, nothing is there.
			if (!/0001\/[abc]|"KeyCount":3/.test(text)) return;
			const page = parsed(text, (key, value: unknown) =>
				key === 'LastModified' && typeof value === 'string' ? new Date(value) : value,
			);
			const refuse = (reason: string) => new FileXError('unexpected-answer', reason, { hint: '', retrySafe: true });
			expect(
				readS3Page(page as object, { bucket: 'bucket', prefix: '0001/' }, refuse).files.length,
			).toBeGreaterThanOrEqual(3);
		},
	],
	[
		'an SFTP listing',
		ENTRIES,
		(text) => {
			const list = parsed(text) as Array<(typeof ENTRIES)[number] | null>;
			if (!Array.isArray(list)) return;
			// What ssh2 gives: always these, of these types.
			const entries = list.flatMap((each) =>
				each === null ||
				typeof each.filename !== 'string' ||
				typeof each.longname !== 'string' ||
				typeof each.attrs !== 'object' ||
				each.attrs === null
					? []
					: [{ ...each, attrs: numbersOf(each.attrs) }],
			);
			const { files, unreadable } = readEntries(entries);
			const known = entries.filter(
				({ longname, attrs }) =>
					attrs.mode === undefined || attrs.mode === 0o100_644 || (attrs.mode === 0 && longname.startsWith('-')),
			).length;
			const doubles = entries.length - new Set(entries.map((each) => JSON.stringify(each))).size;
			expect(files.length + unreadable.length).toBeGreaterThanOrEqual(Math.min(known, 3) - doubles);
			if (unreadable.length > 0) throw unreadableEntries('x', unreadable);
		},
	],
];

describe.each(READERS)('the reader of %s', (_name, sample, read) => {
	it('takes the sample', () => void read(JSON.stringify(sample)));

	it(`takes ${RUNS} mutated ones whole, or refuses them loudly (READER_SEED=${SEED})`, () => {
		const source = new Random(SEED);
		const random = () => source.next();
		for (let run = 0; run < RUNS; run++) {
			const text = mutated(sample, random);
			try {
				read(text);
			} catch (error) {
				if (error instanceof FileXError && error.kind === 'unexpected-answer') continue;
				throw new Error(`READER_SEED=${SEED}, run ${run}: ${text.slice(0, 2000)}`, { cause: error });
			}
		}
	});
});

function parsed(text: string, reviver?: (key: string, value: unknown) => unknown): unknown {
	try {
		return JSON.parse(text, reviver) ?? {};
	} catch {
		return {};
	}
}

function numbersOf(attrs: object): { mode?: number; size?: number; mtime?: number } {
	return Object.fromEntries(Object.entries(attrs).filter(([, value]) => typeof value === 'number'));
}
