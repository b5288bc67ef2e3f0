import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox';
import { describeWith, LFTP, OPENSSH } from '../../support/needs';
import { openSshSftp } from '../../support/openssh-sftp';
import { type Outcome, runProgram } from '../../support/program';

const ARCHIVE = ['0001', 'crd', 'incoming_filings_arcv'];

/** A client that runs commands in one session, as a person would type them. */
type Client = (sandbox: Sandbox, folder: string, commands: string[]) => Promise<Outcome>;

const openssh: Client = async ({ info }, folder, commands) => await openSshSftp(info, folder, commands);

const lftp: Client = async ({ info }, folder, commands) => {
	const { username, password } = info.accounts[0]!;
	const connect = `ssh -a -x -o StrictHostKeyChecking=no -o UserKnownHostsFile=${folder}/known -o NumberOfPasswordPrompts=1`;
	const script = [
		'set cmd:fail-exit true',
		'set net:max-retries 1',
		'set net:timeout 20',
		`set sftp:connect-program "${connect}"`,
		`open -u ${username},${password} -p ${info.sftp.port} sftp://127.0.0.1`,
		...commands,
	];
	await writeFile(join(folder, 'script'), `${script.join('\n')}\n`);
	return await runProgram('lftp', ['-f', join(folder, 'script')], { cwd: folder });
};

describe.each([
	['OpenSSH sftp', OPENSSH, openssh],
	['lftp', LFTP, lftp],
])('%s against the sandbox', (name, need, client) => {
	describeWith(need, name, () => {
		let sandbox: Sandbox;
		let folder: string;
		/** The word before the target's name. */
		const to = name === 'lftp' ? '-o ' : '';
		const run = async (...commands: string[]) => await client(sandbox, folder, commands);
		const uploads = () => sandbox.submissions.arrivals();
		const requests = (pattern: RegExp) =>
			sandbox.log.all().filter(({ service, request }) => service === 'sftp' && pattern.test(request));

		beforeAll(async () => {
			sandbox = await startSandbox();
		});
		beforeEach(async () => {
			folder = await mkdtemp(join(tmpdir(), 'filex-sftp-'));
			sandbox.log.clear();
		});
		afterEach(async () => await rm(folder, { recursive: true, force: true }));
		afterAll(async () => await sandbox.close());

		it('lists, walks and downloads', async () => {
			const content = randomBytes(3_000_000);
			await sandbox.store.publish(['0001', 'crd', 'reports', 'a report.pdf'], Readable.from([content]));
			await sandbox.store.publish(['0001', 'crd', 'reports', 'empty.csv'], Readable.from([]));
			const { code, stdout, stderr } = await run(
				'cd /0001',
				'ls',
				'cd crd/reports',
				'ls -l',
				`get "a report.pdf" ${to}got.pdf`,
				'get empty.csv',
			);
			expect({ code, stderr }).toMatchObject({ code: 0 });
			expect(stdout).toContain('tradejrnl');
			expect(stdout).toContain('3000000');
			expect((await readFile(join(folder, 'got.pdf'))).equals(content)).toBe(true);
			expect(await readFile(join(folder, 'empty.csv'))).toHaveLength(0);
		});

		it.each([0, 1, 5_000_000])(
			'uploads %i bytes: one submission, gone from its sub-space, in the archive',
			async (size) => {
				const content = randomBytes(size);
				await writeFile(join(folder, `filing-${size}.zip`), content);
				const before = uploads().length;
				const { code, stderr } = await run('cd /0001/crd/incoming_filings', `put filing-${size}.zip`);
				expect({ code, stderr }).toMatchObject({ code: 0 });
				const arrived = uploads().slice(before);
				expect(arrived).toEqual([
					expect.objectContaining({
						method: 'sftp',
						username: 'demo',
						name: `filing-${size}.zip`,
						size,
						sha256: createHash('sha256').update(content).digest('hex'),
						trackingId: null,
						unusable: null,
					}),
				]);
				expect(sandbox.store.find(['0001', 'crd', 'incoming_filings', `filing-${size}.zip`])).toBeUndefined();
				expect(arrived[0]!.archiveName).toMatch(new RegExp(`^\\d{17}_filing-${size}\\.zip$`));
				const again = await run(`get /${ARCHIVE.join('/')}/${arrived[0]!.archiveName} ${to}back.zip`);
				expect(again.code).toBe(0);
				expect((await readFile(join(folder, 'back.zip'))).equals(content)).toBe(true);
			},
		);

		/** What only one of the two can say. */
		const own =
			name === 'lftp'
				? [
						['an upload of a folder', 'mirror -R folder /0001/crd/incoming_filings/folder'],
						['a folder into which to upload', 'mput -d -O /0001/crd/incoming_filings folder/*'],
					]
				: [
						['chown', 'chown 1000 /0001/crd/reports/kept.csv'],
						['chgrp', 'chgrp 1000 /0001/crd/reports/kept.csv'],
						['symlink', 'symlink /0001/crd/reports/kept.csv /0001/crd/incoming_filings/link.csv'],
						['an upload of a folder', 'put -r folder /0001/crd/incoming_filings/'],
						['an upload of a folder that keeps permissions', 'put -rp folder /0001/crd/incoming_filings/'],
					];

		it.each([
			...own,
			['link', 'ln -s /0001/crd/reports/kept.csv /0001/crd/incoming_filings/link.csv'],
			['mkdir', 'mkdir /0001/crd/new'],
			['rmdir', 'rmdir /0001/crd/reports'],
			['remove', 'rm /0001/crd/reports/kept.csv'],
			['rename', `${name === 'lftp' ? 'mv' : 'rename'} /0001/crd/reports/kept.csv /0001/crd/reports/other.csv`],
			['chmod', 'chmod 600 /0001/crd/reports/kept.csv'],
			['upload into a download sub-space', `put kept.csv ${to}/0001/crd/reports/kept.csv`],
			['upload under a forbidden name', `put kept.csv ${to}"/0001/crd/incoming_filings/a b#c.csv"`],
			["another firm's folder", name === 'lftp' ? 'cls /1234/crd/reports/' : 'cd /1234/crd'],
		])('is refused: %s', async (_what, command) => {
			await writeFile(join(folder, 'kept.csv'), 'kept');
			await mkdir(join(folder, 'folder'));
			await writeFile(join(folder, 'folder', 'inner.csv'), 'inner');
			const spaces = sandbox.database.prepare('SELECT * FROM spaces').all();
			await sandbox.store.publish(['0001', 'crd', 'reports', 'kept.csv'], Readable.from(['kept']));
			const before = uploads().length;
			const { code, stdout, stderr } = await run(command);
			expect(code).not.toBe(0);
			expect(`${stdout}${stderr}`).toMatch(/denied|fail|not supported|no such/i);
			expect(requests(/./).filter(({ outcome }) => outcome === 'refused').length).toBeGreaterThan(0);
			expect(uploads()).toHaveLength(before);
			expect(sandbox.store.list(['0001', 'crd', 'reports'])!.map((each) => each.name)).toContain('kept.csv');
			expect(sandbox.store.find(['0001', 'crd', 'reports', 'other.csv'])).toBeUndefined();
			expect(sandbox.store.list(['0001', 'crd', 'incoming_filings'])).toEqual([]);
			expect(sandbox.database.prepare('SELECT * FROM spaces').all()).toEqual(spaces);
		});

		it('uploads several files at once: each is a submission', async () => {
			for (const each of ['one', 'two', 'three']) await writeFile(join(folder, `${each}.txt`), each);
			const before = uploads().length;
			expect(await run('cd /0001/crd/incoming_filings', 'mput *.txt')).toMatchObject({ code: 0 });
			const arrived = uploads().slice(before);
			expect(arrived.map((each) => each.name).sort()).toEqual(['one.txt', 'three.txt', 'two.txt']);
			expect(arrived.every(({ unusable }) => unusable === null)).toBe(true);
		});

		it.each(name === 'lftp' ? ['put -c'] : ['reput', 'put -a'])(
			'is refused a resume: %s of a file that grew',
			async (resume) => {
				sandbox.settings.change({ processingSeconds: 3600 });
				try {
					const begin = randomBytes(100_000);
					await writeFile(join(folder, 'grown.zip'), begin);
					const before = uploads().length;
					expect(await run('cd /0001/crd/incoming_filings', 'put grown.zip')).toMatchObject({ code: 0 });
					await writeFile(join(folder, 'grown.zip'), Buffer.concat([begin, randomBytes(100_000)]));
					const { code, stdout, stderr } = await run('cd /0001/crd/incoming_filings', `${resume} grown.zip`);
					expect(code).not.toBe(0);
					expect(`${stdout}${stderr}`).toMatch(/denied|fail|neither append nor resume/i);
					expect(requests(/^OPEN for writing/).at(-1)).toMatchObject({ outcome: 'refused' });
					expect(uploads().slice(before)).toMatchObject([{ name: 'grown.zip', size: 100_000, unusable: null }]);
					const kept = sandbox.store.find(['0001', 'crd', 'incoming_filings', 'grown.zip']);
					expect(kept).toMatchObject({ size: 100_000, etag: createHash('md5').update(begin).digest('hex') });
				} finally {
					sandbox.settings.change({ processingSeconds: 0 });
					await sandbox.submissions.advance();
				}
			},
		);
	});
});
