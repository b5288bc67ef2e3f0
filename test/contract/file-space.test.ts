import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Readable } from 'node:stream';
import {
	type AccessMethod,
	type Account,
	axiosFileXHttp,
	CheckedReader,
	type FileSpace,
	MACHINE_CLOCK,
	openFileSpace,
} from '../../filex';
import { LoginGuard } from '../../filex/account/login-guard';
import { ConnectionSemaphore } from '../../filex/sftp/connection-semaphore';
import type { Fault } from '../../sandbox/faults';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { loginOf, sandboxAccount } from '../support/accounts';

/** Where each method lists and reads, and how often a fault must strike to be felt: downloads are taken up again, and over S3 Direct so are requests. */
const FAULTS: Record<AccessMethod, Record<'failList' | 'cutList' | 'cutRead' | 'stallRead', Fault>> = {
	rest: {
		failList: { where: 'rest.list', effect: 'fail', times: 1 },
		cutList: { where: 'rest.list', effect: 'cut', times: 1 },
		cutRead: { where: 's3.get', effect: 'cut', times: 999 },
		stallRead: { where: 's3.get', effect: 'stall', times: 999 },
	},
	s3: {
		failList: { where: 's3.list', effect: 'fail', times: 4 },
		cutList: { where: 's3.list', effect: 'drop', times: 4 },
		cutRead: { where: 's3.get', effect: 'cut', times: 999 },
		stallRead: { where: 's3.get', effect: 'stall', times: 999 },
	},
	sftp: {
		failList: { where: 'sftp.list', effect: 'fail', times: 1 },
		cutList: { where: 'sftp.list', effect: 'cut', times: 1 },
		cutRead: { where: 'sftp.read', effect: 'cut', times: 999 },
		stallRead: { where: 'sftp.read', effect: 'stall', times: 999 },
	},
};

/** What only the sandbox can be asked, beside the contract that it shares with other servers (`suite/`). */
describe.each<AccessMethod>(['rest', 's3', 'sftp'])(
	'a file space over %s, with its entitlements, faults and logins',
	(method) => {
		const REPORTS = { orgId: '0001', application: 'crd', subSpace: 'reports' };
		const LANDED = new Date('2026-03-31T21:15:07Z');
		let sandbox: Sandbox;
		const open: FileSpace[] = [];

		function spaceFor(account: Account, semaphore = new ConnectionSemaphore()): FileSpace {
			const guard = new LoginGuard();
			const space = openFileSpace(account, method, { http: axiosFileXHttp(account, { guard }), guard, semaphore });
			open.push(space);
			return space;
		}

		const demo = (): FileSpace => spaceFor(sandboxAccount(sandbox.info));

		async function publish(name: string, content: Buffer): Promise<void> {
			await sandbox.store.publish(['0001', 'crd', 'reports', name], Readable.from([content]), LANDED);
		}

		async function bytesOf(stream: Readable): Promise<Buffer> {
			const chunks: Buffer[] = [];
			for await (const chunk of stream) chunks.push(chunk as Buffer);
			return Buffer.concat(chunks);
		}

		beforeAll(async () => {
			sandbox = await startSandbox();
		});
		afterEach(async () => {
			sandbox.faults.clear();
			await Promise.all(open.splice(0).map(async (space) => await space.close()));
		});
		afterAll(async () => await sandbox.close());

		it('lists the applications of an organization', async () => {
			const names = (await demo().applications('0001')).map(({ name }) => name);
			expect(names).toEqual(expect.arrayContaining(['acats', 'crd', 'focus', 'tradejrnl']));
			expect(names).toHaveLength(15);
		});

		it('lists only what the account is entitled to', async () => {
			const account = sandboxAccount(sandbox.info, loginOf(sandbox.info, 'crdonly'));
			expect((await spaceFor(account).applications('0001')).map(({ name }) => name)).toEqual(['crd']);
		});

		it('lists the sub-spaces of an application', async () => {
			const spaces = await demo().subSpaces('0001', 'focus');
			expect(spaces.map(({ name }) => name).sort()).toEqual(['in', 'in_arcv', 'out']);
		});

		it('lists another organization that the account may act for', async () => {
			expect((await demo().subSpaces('888888', 'crd')).length).toBeGreaterThan(0);
		});

		it('reads ten files with one login', async () => {
			sandbox.log.clear();
			const reader = new CheckedReader(demo());
			for (let i = 0; i < 10; i++) {
				await publish(`ten-${i}`, Buffer.from(String(i)));
				const { stream } = await reader.read({ ...REPORTS, name: `ten-${i}` });
				expect((await bytesOf(stream)).toString()).toBe(String(i));
			}
			expect(method === 'sftp' ? sandbox.log.count('sftp', 'login') : sandbox.log.count('fip', 'token')).toBe(1);
		});

		it('asks for nothing that fileX refuses', async () => {
			await publish('asked.bin', Buffer.from('asked'));
			sandbox.log.clear();
			const { stream } = await new CheckedReader(demo()).read({ ...REPORTS, name: 'asked.bin' });
			await bytesOf(stream);
			expect(sandbox.log.all().length).toBeGreaterThan(1);
			expect(sandbox.log.all().filter(({ outcome }) => !['ok', '200', '206'].includes(outcome))).toEqual([]);
		});

		describe('says that there is no entitlement', () => {
			it('to an application', async () => {
				const account = sandboxAccount(sandbox.info, loginOf(sandbox.info, 'crdonly'));
				await expect(
					spaceFor(account).list({ ...REPORTS, application: 'focus', subSpace: 'out' }),
				).rejects.toMatchObject({
					kind: 'entitlement',
					message: expect.stringContaining("'0001/focus/out'"),
				});
			});

			it('to an organization', async () => {
				await expect(demo().applications('4711')).rejects.toMatchObject({ kind: 'entitlement' });
			});
		});

		describe('when the service is unavailable', () => {
			const { failList, cutList, cutRead, stallRead } = FAULTS[method];

			it('fails a listing that the server fails', async () => {
				sandbox.faults.add(failList);
				await expect(demo().list(REPORTS)).rejects.toMatchObject({ kind: 'unavailable', retrySafe: true });
			});

			it('fails a listing that is cut, and lists again afterwards', async () => {
				await publish('listed.csv', Buffer.from('a,b'));
				const space = demo();
				sandbox.faults.add(cutList);
				await expect(space.list(REPORTS)).rejects.toMatchObject({ kind: 'unavailable', retrySafe: true });
				expect((await space.list(REPORTS)).length).toBeGreaterThan(0);
			});

			it('fails a download that is cut, and reads the file again afterwards', async () => {
				const content = randomBytes(3_000_000);
				await publish('cut.bin', content);
				const reader = new CheckedReader(demo(), { clock: { ...MACHINE_CLOCK, sleep: async () => {} } });
				sandbox.faults.add(cutRead);
				const cut = await reader.read({ ...REPORTS, name: 'cut.bin' });
				await expect(bytesOf(cut.stream)).rejects.toMatchObject({
					kind: expect.stringMatching(/^(incomplete|unavailable)$/),
					retrySafe: true,
				});
				sandbox.faults.clear();
				const whole = await reader.read({ ...REPORTS, name: 'cut.bin' });
				expect((await bytesOf(whole.stream)).equals(content)).toBe(true);
			});

			it('lets go of a download that is dropped while it stands still', async () => {
				await publish('stalled.bin', randomBytes(10_000_000));
				sandbox.faults.add(stallRead);
				const space = demo();
				const { stream } = await new CheckedReader(space).read({ ...REPORTS, name: 'stalled.bin' });
				stream.resume();
				await sleep(200);
				stream.destroy();
				await space.close();
				sandbox.log.clear();
				await sleep(1500);
				expect(sandbox.log.all().filter(({ outcome }) => !outcome.includes('ECONNRESET'))).toEqual([]);
			});

			it('refuses a file that is not the size of the listing', async () => {
				await publish('size.bin', Buffer.from('12345'));
				const space = demo();
				const lying: FileSpace = { ...space, list: async () => [{ name: 'size.bin', size: 4, lastModified: LANDED }] };
				await expect(new CheckedReader(lying).read({ ...REPORTS, name: 'size.bin' })).rejects.toMatchObject({
					kind: 'incomplete',
					message: expect.stringContaining('is 4 bytes by the listing, but the server would send 5'),
				});
			});
		});

		describe('a refused login', () => {
			const wrong = () => sandboxAccount(sandbox.info, { password: 'wrong' });

			it('goes out once, however often and in parallel it is asked for', async () => {
				sandbox.log.clear();
				const guard = new LoginGuard();
				const account = wrong();
				const attempt = async () => {
					const space = openFileSpace(account, method, {
						http: axiosFileXHttp(account, { guard }),
						guard,
						semaphore: new ConnectionSemaphore(),
					});
					try {
						return await space.applications('0001');
					} finally {
						await space.close();
					}
				};
				const results = await Promise.allSettled([attempt(), attempt(), attempt()]);
				results.push(...(await Promise.allSettled([attempt()])));
				for (const result of results) {
					expect(result).toMatchObject({
						status: 'rejected',
						reason: { kind: 'credentials', message: expect.stringContaining('Authorization') },
					});
				}
				expect(method === 'sftp' ? sandbox.log.count('sftp', 'login') : sandbox.log.count('fip', 'token')).toBe(1);
			});

			it('does not keep another password from being tried', async () => {
				const guard = new LoginGuard();
				const attempt = async (account: Account) => {
					const space = openFileSpace(account, method, {
						http: axiosFileXHttp(account, { guard }),
						guard,
						semaphore: new ConnectionSemaphore(),
					});
					open.push(space);
					return await space.applications('0001');
				};
				await expect(attempt(wrong())).rejects.toMatchObject({ kind: 'credentials' });
				expect(await attempt(sandboxAccount(sandbox.info))).toHaveLength(15);
			});
		});

		it('names the place when nothing listens there', async () => {
			const account = sandboxAccount(sandbox.info, {
				restUrl: 'http://127.0.0.1:1',
				fipUrl: 'http://127.0.0.1:1',
				sftpPort: 1,
			});
			await expect(spaceFor(account).applications('0001')).rejects.toMatchObject({
				kind: 'unavailable',
				message: expect.stringMatching(/127\.0\.0\.1:1: nothing listens there/),
			});
		});
	},
);
