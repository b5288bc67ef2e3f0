import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { DatabaseSync } from 'node:sqlite';
import { Clock } from '../../../sandbox/clock';
import { Settings } from '../../../sandbox/settings';
import { ContentFolder } from '../../../sandbox/state/content';
import { openDatabase } from '../../../sandbox/state/database';
import { Store } from '../../../sandbox/state/store';
import { decisionByName, Submissions } from '../../../sandbox/submissions/submissions';

const IN = ['0001', 'focus', 'in'];
const ARCHIVE = ['0001', 'focus', 'in_arcv'];
const OUT = ['0001', 'focus', 'out'];
const DAY = 86_400;

describe('the life of a file', () => {
	let folder: string;
	let database: DatabaseSync;
	let settings: Settings;
	let contents: ContentFolder;
	let store: Store;
	let submissions: Submissions;

	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'filex-life-'));
		database = openDatabase(folder);
		settings = new Settings(database);
		const clock = new Clock(settings);
		contents = new ContentFolder(folder);
		store = new Store(database, contents, clock);
		submissions = new Submissions(database, store, settings, clock);
		for (const space of [IN, ARCHIVE, OUT]) store.createSpace(space);
	});
	afterEach(() => {
		database.close();
		rmSync(folder, { recursive: true });
	});

	const upload = async (name: string, text = name, method: 'rest' | 'sftp' = 'rest') => {
		const path = [...IN, name];
		const trackingId = method === 'rest' ? submissions.request('demo', path) : undefined;
		await submissions.receive(path, await contents.receive(Readable.from([Buffer.from(text)])), {
			method,
			username: 'demo',
			trackingId,
		});
		return trackingId;
	};
	const move = (seconds: number) =>
		settings.change({ clockOffsetSeconds: settings.get().clockOffsetSeconds + seconds });
	const names = (space: string[]) => store.list(space)!.map(({ name }) => name);
	const onDisk = () => readdirSync(join(folder, 'content')).length;

	it('leaves its sub-space at once and appears in the archive', async () => {
		submissions.request('demo', [...IN, 'a.zip']);
		expect(submissions.all()).toMatchObject([
			{ status: 'Request Received', downstream: null, size: null, archiveName: null },
		]);
		await upload('a.zip');
		expect(names(IN)).toEqual([]);
		expect(names(ARCHIVE)).toEqual([expect.stringMatching(/^\d{17}_a\.zip$/)]);
		expect(submissions.all()[1]).toMatchObject({
			status: 'Received by FINRA',
			downstream: 'RECEIVED',
			size: 5,
			archiveName: names(ARCHIVE)[0],
		});
	});

	it('keeps every re-upload as a submission of its own, also within one millisecond', async () => {
		await Promise.all(['a.zip', 'a.zip', 'a.zip', 'a.zip'].map(async (name) => await upload(name)));
		expect(submissions.arrivals()).toHaveLength(4);
		expect(new Set(names(ARCHIVE)).size).toBe(4);
	});

	it('stays in its sub-space while it is not picked up, two of one name included', async () => {
		settings.change({ processingSeconds: 60 });
		await upload('a.zip', 'first');
		await upload('a.zip', 'second!');
		expect(store.list(IN)).toMatchObject([{ name: 'a.zip', size: 7 }]);
		expect(submissions.all().map(({ status }) => status)).toEqual(['Request Received', 'Request Received']);
		move(61);
		await submissions.advance();
		expect(names(IN)).toEqual([]);
		expect(store.list(ARCHIVE)!.map(({ size }) => size)).toEqual([5, 7]);
		expect(onDisk()).toBe(2);
	});

	it('has a tracking record only if it came by REST', async () => {
		await upload('a.zip', 'a', 'sftp');
		expect(submissions.all()).toEqual([]);
		expect(submissions.arrivals()).toMatchObject([{ method: 'sftp', trackingId: null }]);
	});

	it('is decided by hand, but not before it was received', async () => {
		const open = submissions.request('demo', [...IN, 'open.zip']);
		expect(submissions.decide(open, 'ACCEPTED')).toBe(false);
		expect(submissions.decide('no such id', 'ACCEPTED')).toBe(false);
		const received = (await upload('a.zip'))!;
		expect(submissions.decide(received, 'PARTIALLY_REJECTED')).toBe(true);
		expect(submissions.all().at(-1)).toMatchObject({ downstream: 'PARTIALLY_REJECTED' });
	});

	it('is decided by rule, once the time has come', async () => {
		settings.change({ decideAfterSeconds: 30 });
		for (const name of ['fine.zip', 'Reject-me.zip', 'partial-reject.zip']) await upload(name);
		await submissions.advance();
		expect(submissions.all().map(({ downstream }) => downstream)).toEqual(['RECEIVED', 'RECEIVED', 'RECEIVED']);
		move(31);
		await submissions.advance();
		expect(submissions.all().map(({ downstream }) => downstream)).toEqual([
			'ACCEPTED',
			'REJECTED',
			'PARTIALLY_REJECTED',
		]);
		expect(decisionByName('x')).toBe('ACCEPTED');
	});

	it('is forgotten: files after 30 days, tracking after 90', async () => {
		await upload('a.zip');
		await store.publish([...OUT, 'report.csv'], Readable.from(['a,b']), new Date(0));
		move(29.9 * DAY);
		await submissions.advance();
		expect([names(ARCHIVE).length, names(OUT).length]).toEqual([1, 1]);
		move(0.2 * DAY);
		await submissions.advance();
		expect([names(ARCHIVE).length, names(OUT).length, onDisk()]).toEqual([0, 0, 0]);
		expect(submissions.all()).toHaveLength(1);
		move(60 * DAY);
		await submissions.advance();
		expect(submissions.all()).toEqual([]);
	});

	it('is spoiled by a chmod or rename right after the upload, and not by a late one', async () => {
		await upload('a.zip', 'a', 'sftp');
		submissions.spoil([...IN, 'a.zip'], 'someone', 'renamed');
		expect(submissions.arrivals()[0]).toMatchObject({ unusable: null });
		submissions.spoil([...IN, 'a.zip'], 'demo', 'renamed');
		expect(submissions.arrivals()[0]).toMatchObject({ unusable: 'renamed' });
		await upload('b.zip', 'b', 'sftp');
		move(61);
		submissions.spoil([...IN, 'b.zip'], 'demo', 'renamed');
		expect(submissions.arrivals()[1]).toMatchObject({ unusable: null });
	});

	it('leaves nothing on disk of what breaks, and sweeps what a kill left', async () => {
		const broken = Readable.from(
			(async function* () {
				yield Buffer.from('half');
				throw new Error('gone');
			})(),
		);
		await expect(contents.receive(broken)).rejects.toThrow('gone');
		expect(onDisk()).toBe(0);
		await contents.receive(Readable.from([Buffer.from('orphan')]));
		await upload('a.zip');
		expect(onDisk()).toBe(2);
		store.sweep();
		expect(onDisk()).toBe(1);
	});

	it('is hashed rightly in whatever order its bytes come', async () => {
		const draft = await contents.start();
		await draft.write(Buffer.from('world'), 6);
		await draft.write(Buffer.from('hello '), 0);
		const sorted = await contents.receive(Readable.from([Buffer.from('hello world')]));
		expect(await draft.finish()).toMatchObject({ size: 11, md5: sorted.md5, sha256: sorted.sha256 });
	});
});
