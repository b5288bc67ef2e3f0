import { type Account, axiosFileXHttp, RestSpace, selectSubmissions, Tracking, waitForSubmission } from '../../filex';
import { LoginGuard } from '../../filex/account/login-guard';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { loginOf, sandboxAccount } from '../support/accounts';
import { arrive, plant, requestUpload } from '../support/submissions';

const PATH = '0001/focus/in/a.zip';
const UNKNOWN = '343dab32-516b-4e04-b60e-2526fa72e879';
const HOUR = 3_600_000;

describe('tracking', () => {
	let sandbox: Sandbox;

	const restOf = (account: Account) =>
		[account.endpoints.rest, axiosFileXHttp(account, { guard: new LoginGuard() })] as const;
	const tracking = (overrides: object = {}, signal?: AbortSignal) =>
		new Tracking(...restOf(sandboxAccount(sandbox.info, overrides)), signal);

	beforeEach(async () => {
		sandbox = await startSandbox();
	});
	afterEach(async () => await sandbox.close());

	it('follows a submission from request to decision', async () => {
		const id = requestUpload(sandbox, PATH);
		expect(await tracking().get(id)).toMatchObject({
			trackingId: id,
			path: PATH,
			userName: 'demo',
			status: 'Request Received',
			downstreamStatus: null,
			size: null,
			archivePath: null,
			downloadable: false,
		});
		await arrive(sandbox, PATH, id, 'four');
		const received = await tracking().get(id);
		expect(received).toMatchObject({
			status: 'Received by FINRA',
			downstreamStatus: 'RECEIVED',
			size: 4,
			downloadable: true,
		});
		expect(received.archivePath).toMatch(/^0001\/focus\/in_arcv\/\d{17}_a\.zip$/);
		expect(received.submissionTime).toMatch(/-0[45]:00$/);
		expect(Math.abs(Date.parse(received.submittedAt!) - Date.now())).toBeLessThan(60_000);
		sandbox.submissions.decide(id, 'PARTIALLY_REJECTED');
		expect(
			await tracking()
				.get(id.toUpperCase())
				.catch(() => 'letter case matters'),
		).toBe('letter case matters');
		expect(await tracking().get(id)).toMatchObject({ downstreamStatus: 'PARTIALLY_REJECTED' });
	});

	it('knows the archived copy where it can be downloaded', async () => {
		const id = requestUpload(sandbox, PATH);
		await arrive(sandbox, PATH, id, 'four');
		const { archivePath } = await tracking().get(id);
		const [orgId, application, subSpace, name] = archivePath!.split('/') as [string, string, string, string];
		const { stream } = await new RestSpace(...restOf(sandboxAccount(sandbox.info))).read({
			orgId,
			application,
			subSpace,
			name,
		});
		expect(String(Buffer.concat(await stream.toArray()))).toBe('four');
	});

	it.each([
		['is unknown', () => UNKNOWN],
		[
			'is older than 90 days',
			() => plant(sandbox, 1, () => ({ submittedAt: new Date(Date.now() - 91 * 24 * HOUR) }))[0]!,
		],
	])('says what may be the reason where an id %s', async (_name, id) => {
		await expect(tracking().get(id())).rejects.toMatchObject({
			kind: 'not-found',
			message: expect.stringMatching(/^fileX tracks no submission '[0-9a-f-]{36}' \(HTTP 404\)$/),
			hint: expect.stringMatching(/90 days.*HTTPS REST.*800-321-6273/),
			field: 'Tracking ID',
			httpStatus: 404,
			retrySafe: true,
		});
	});

	it.each(['', ' ', 'abc', `${UNKNOWN}0`, '343dab32516b4e04b60e2526fa72e879', '../files', 'x&id=1'])(
		'refuses the id %j before it asks',
		async (id) => {
			await expect(tracking().get(id)).rejects.toMatchObject({
				kind: 'input',
				field: 'Tracking ID',
				hint: expect.stringContaining("'trackingId'"),
			});
			await expect(tracking().raw(id)).rejects.toMatchObject({ kind: 'input' });
			expect(sandbox.log.count('rest', /./)).toBe(0);
		},
	);

	it('takes an id from its URL', async () => {
		const id = requestUpload(sandbox, PATH);
		expect(await tracking().get(` ${sandbox.info.rest}/tracking?id=${id} `)).toMatchObject({ trackingId: id });
	});

	it("hands out fileX's own XML", async () => {
		const ids = [requestUpload(sandbox, PATH), requestUpload(sandbox, PATH)];
		expect(await tracking().raw(ids[0])).toMatch(new RegExp(`^<\\?xml.*<trackingId>${ids[0]}</trackingId>`, 's'));
		const all = await tracking().raw();
		for (const id of ids) expect(all).toContain(`<trackingId>${id}</trackingId>`);
		await expect(tracking().raw(UNKNOWN)).rejects.toMatchObject({ kind: 'not-found', field: 'Tracking ID' });
	});

	it('shows only what the account may see', async () => {
		requestUpload(sandbox, PATH);
		const mine = requestUpload(sandbox, '0001/crd/incoming/b.zip');
		const seen = await tracking(loginOf(sandbox.info, 'crdonly')).all();
		expect(seen.map(({ trackingId }) => trackingId)).toEqual([mine]);
	});

	it('lists and filters 5,000 submissions', async () => {
		const now = Date.now();
		plant(sandbox, 5000, (index) => ({
			submittedAt: new Date(now - index * 60_000),
			space: ['0001', index % 2 === 0 ? 'focus' : 'crd', 'in'],
			...(index % 5 === 0 && { status: 'Received by FINRA', downstream: index % 10 === 0 ? 'ACCEPTED' : 'REJECTED' }),
		}));
		const all = await tracking().all();
		expect(all).toHaveLength(5000);
		expect(selectSubmissions(all, {}).map(({ fileName }) => fileName)).toEqual(
			Array.from({ length: 5000 }, (_, index) => `${index}.zip`),
		);
		expect(selectSubmissions(all, { application: 'focus' })).toHaveLength(2500);
		expect(selectSubmissions(all, { downstream: ['rejected'], namePattern: '1*' })).toHaveLength(111);
		expect(selectSubmissions(all, { submittedAfter: now - 10 * HOUR + 1 })).toHaveLength(600);
	});

	it('lists none where none was submitted', async () => expect(await tracking().all()).toEqual([]));

	it.each([
		['fail', { kind: 'unavailable', httpStatus: 500, retrySafe: true }],
		['unavailable', { kind: 'unavailable', httpStatus: 503, retrySafe: true }],
		['drop', { kind: 'unavailable', retrySafe: true }],
	] as const)('reports a service with the fault %j', async (effect, expected) => {
		sandbox.faults.add({ where: 'rest.tracking', effect, times: 9 });
		await expect(tracking().all()).rejects.toMatchObject(expected);
	});

	it('is cancelled while it waits for the answer', async () => {
		const id = requestUpload(sandbox, PATH);
		sandbox.faults.add({ where: 'rest.tracking', effect: 'delay', times: 1, seconds: 3600 });
		const controller = new AbortController();
		const { signal } = controller;
		const asked = waitForSubmission(async () => await tracking({}, signal).get(id), {
			wanted: 'received',
			until: Date.now() + HOUR,
			signal,
		});
		controller.abort();
		await expect(asked).rejects.toMatchObject({ kind: 'cancelled' });
	});
});

describe("a listing's XML", () => {
	it('is handed out as fileX gives it', async () => {
		const sandbox = await startSandbox();
		const account = sandboxAccount(sandbox.info);
		const rest = new RestSpace(account.endpoints.rest, axiosFileXHttp(account, { guard: new LoginGuard() }));
		expect(await rest.rawXml('0001/focus')).toMatch(/^<\?xml.*<name>in_arcv<\/name>/s);
		await expect(rest.rawXml('0001/nosuch')).rejects.toMatchObject({ kind: 'not-found', httpStatus: 404 });
		await sandbox.close();
	});
});
