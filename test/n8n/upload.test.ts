import { createHash, randomBytes } from 'node:crypto';
import { RestSpace } from '../../filex';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { newKeyPair } from '../../sandbox/sftp/keys';
import { credentialFields, loginOf } from '../support/accounts';
import { byName } from '../support/by-name';
import { Engine, fileItem, type NodeRun, type NodeUnderTest } from '../support/engine';
import { arrive, requestUpload } from '../support/submissions';

const sha256 = (content: Buffer | string) => createHash('sha256').update(content).digest('hex');

describe('fileX Upload', () => {
	let sandbox: Sandbox;
	let engine: Engine;

	beforeEach(async () => {
		sandbox = await startSandbox();
		engine = await Engine.start(credentialFields(sandbox.info));
	});
	afterEach(async () => await sandbox.close());

	const node = (parameters: object = {}, more: Partial<NodeUnderTest> = {}): NodeUnderTest => ({
		type: 'fileXUpload',
		parameters: {
			application: byName('focus'),
			subSpace: byName('in'),
			binaryPropertyName: 'data',
			ifAlreadyFiled: 'fail',
			...parameters,
		} as never,
		...more,
	});
	const upload = async (
		files: Array<[string, Buffer | string]>,
		parameters: object = {},
		more: Partial<NodeUnderTest> = {},
	): Promise<NodeRun> =>
		await engine.runOn(
			node(parameters, more),
			await Promise.all(files.map(async ([name, content]) => await fileItem(name, Buffer.from(content)))),
		);
	const arrived = () => sandbox.submissions.arrivals().map(({ name }) => name);

	it('warns of nothing over REST where the archive is hidden: tracking is enough', async () => {
		Object.assign(engine.credentials.stored, loginOf(sandbox.info, 'submitonly'));
		const { items, hints } = await upload([['a.zip', 'x']]);
		expect([items[0]!.json.outcome, hints]).toEqual(['accepted', []]);
	});

	it('submits the file of each item, and says what it knows of it', async () => {
		const content = randomBytes(300_000);
		const { items, error } = await upload([
			['a.zip', content],
			['b.zip', 'bee'],
		]);
		expect(error).toBeUndefined();
		expect(items).toMatchObject([
			{
				json: {
					outcome: 'accepted',
					trackingId: expect.stringMatching(/^[0-9a-f-]{36}$/),
					status: 'Received by FINRA',
					downstreamStatus: 'RECEIVED',
					orgId: '0001',
					application: 'focus',
					subSpace: 'in',
					fileName: 'a.zip',
					path: '0001/focus/in/a.zip',
					size: 300_000,
					sha256: sha256(content),
					archivePath: expect.stringMatching(/^0001\/focus\/in_arcv\/\d{17}_a\.zip$/),
					submittedAt: expect.stringMatching(/Z$/),
					attempts: 1,
					accessMethod: 'rest',
					checkedAgainst: ['tracking', 'uploadSubSpace', 'archive'],
				},
				pairedItem: { item: 0 },
			},
			{ json: { outcome: 'accepted', fileName: 'b.zip', sha256: sha256('bee') }, pairedItem: { item: 1 } },
		]);
		expect(sandbox.submissions.arrivals()).toMatchObject([{ size: expect.any(Number) }, { size: expect.any(Number) }]);
		expect(
			sandbox.submissions
				.arrivals()
				.map((each) => each.sha256)
				.sort(),
		).toEqual([sha256(content), sha256('bee')].sort());
	});

	it('takes the name that it is given, and another organization', async () => {
		const { items } = await upload([['own name.zip', 'x']], {
			fileName: "it's-@1,2=3&4!.zip",
			options: { orgId: '888888' },
		});
		expect(items[0]!.json).toMatchObject({ outcome: 'accepted', path: "888888/focus/in/it's-@1,2=3&4!.zip" });
		expect(arrived()).toEqual(["it's-@1,2=3&4!.zip"]);
	});

	it.each([
		['a#b.zip', /holds a '#' .*would file it under another name/],
		['a b.zip', /holds a space, which fileX does not take/],
		['"a".zip', /holds '"', which fileX does not take/],
		['é.zip', /holds 'é'/],
		['a/b.zip', /holds a slash/],
		['..', /which is not a file/],
		['a\u0000.zip', /holds a control character/],
		['a'.repeat(238), /longer than 237 characters/],
	])('refuses the name %j before anything is sent', async (fileName, reason) => {
		const { error } = await upload([['x', 'x']], { fileName });
		expect(error?.message).toMatch(reason);
		expect(error?.message).toMatch(/^'File Name' .* \[item 0\]$/);
		expect(error?.description).toMatch(/fileX accepts letters, digits and/);
		expect(sandbox.log.all()).toEqual([]);
	});

	it('says of an item without a file that nothing was submitted', async () => {
		const { items } = await upload(
			[['a.zip', 'x']],
			{ binaryPropertyName: 'report' },
			{ onError: 'continueRegularOutput' },
		);
		expect(items[0]!.json).toMatchObject({
			error: "The item has no binary field 'report' [item 0]",
			details: { outcome: 'rejected', description: expect.stringMatching(/Nothing was submitted\.$/) as string },
		});
	});

	it('refuses a name that is empty', async () => {
		expect((await upload([['', 'x']])).error?.message).toBe("'File Name' is empty [item 0]");
	});

	it('refuses an empty file, unless that is allowed', async () => {
		expect((await upload([['a.zip', '']])).error?.message).toBe(
			"'a.zip' is empty (0 bytes), so it was not submitted [item 0]",
		);
		const { items } = await upload([['a.zip', '']], { options: { allowEmpty: true } });
		expect(items[0]!.json).toMatchObject({ outcome: 'accepted', size: 0, sha256: sha256('') });
	});

	it('refuses a file over the limit of one PUT before a byte is sent', async () => {
		const item = await fileItem('big.bin', Buffer.from('x'));
		const metadata = jest.spyOn(Engine.binaryData(), 'getMetadata').mockResolvedValue({ fileSize: 5 * 2 ** 30 + 1 });
		const { error } = await engine.runOn(node(), [item]);
		metadata.mockRestore();
		expect(error?.message).toBe(
			"'big.bin' has 5368709121 bytes, and over HTTPS REST a file may have 5368709120 at most [item 0]",
		);
		expect(error?.description).toMatch(/SFTP or S3 Direct/);
		expect(sandbox.log.count('rest', /^PUT/)).toBe(0);
	});

	it.each([
		['reports', 'crd', "Nothing can be uploaded into '0001/crd/reports'", /incoming_designations, incoming_filings/],
		[
			'nowhere',
			'crd',
			"There is no sub-space 'nowhere' in application 'crd' of '0001' for this account",
			/This account sees/,
		],
		['in', 'nowhere', "There is no application 'nowhere'", /This account sees/],
	])('refuses %s of %s, naming what there is', async (subSpace, application, message, hint) => {
		for (const options of [{}, { validateOnly: true }]) {
			const { error } = await upload([['a.zip', 'x']], {
				application: byName(application),
				subSpace: byName(subSpace),
				options,
			});
			expect(error?.message).toContain(message);
			expect(error?.description).toMatch(hint);
		}
		expect(arrived()).toEqual([]);
	});

	it('offers only what can be written to', async () => {
		const applications = await engine.search('uploadApplications', node());
		expect(applications.results.map(({ value }) => value)).toContain('focus');
		expect(applications.results.map(({ value }) => value)).not.toContain('tradejrnl');
		const subSpaces = await engine.search('uploadSubSpaces', node({ application: byName('crd') }));
		expect(subSpaces.results.map(({ value }) => value).sort()).toEqual(['incoming_designations', 'incoming_filings']);
	});

	it('only checks where it is told to', async () => {
		const { items } = await upload([['a.zip', 'x']], { options: { validateOnly: true } });
		expect(items[0]!.json).toMatchObject({ outcome: 'validated', sha256: sha256('x'), alreadyFiled: null });
		expect(sandbox.log.count('rest', /^PUT/)).toBe(0);
		await upload([['a.zip', 'x']]);
		const again = await upload([['a.zip', 'x']], { ifAlreadyFiled: 'skip', options: { validateOnly: true } });
		expect(again.items[0]!.json).toMatchObject({
			outcome: 'validated',
			alreadyFiled: { trackingId: expect.any(String) },
		});
	});

	describe('does not file the same file again', () => {
		it('but fails, saying which filing it was', async () => {
			const first = await upload([['a.zip', 'x']]);
			const { trackingId } = first.items[0]!.json;
			const { error } = await upload([['a.zip', 'x']]);
			expect(error?.message).toMatch(`The same file was filed already as '0001/focus/in/a.zip' on`);
			expect(error?.message).toContain(`(tracking ID ${String(trackingId)}) [item 0]`);
			const { items } = await upload([['a.zip', 'x']], {}, { onError: 'continueRegularOutput' });
			const failed = {
				error: expect.any(String),
				details: {
					description: expect.stringContaining('Skip'),
					outcome: 'duplicate',
					trackingId,
					path: '0001/focus/in/a.zip',
				},
			};
			expect(items[0]!.json).toMatchObject(failed);
			const split = await upload(
				[
					['a.zip', 'x'],
					['b.zip', 'x'],
				],
				{},
				{ onError: 'continueErrorOutput' },
			);
			expect(split.items.map(({ json }) => json.fileName)).toEqual(['b.zip']);
			expect(split.others).toMatchObject([[{ json: failed }]]);
			expect(arrived()).toEqual(['a.zip', 'b.zip']);
		});

		it('but skips it, or files it once more, as it is told', async () => {
			await upload([['a.zip', 'x']]);
			const skipped = await upload([['a.zip', 'x']], { ifAlreadyFiled: 'skip' });
			expect(skipped.items[0]!.json).toMatchObject({
				outcome: 'skipped',
				contentCompared: true,
				archivePath: expect.any(String),
				attempts: 0,
			});
			expect(arrived()).toHaveLength(1);
			const allowed = await upload([['a.zip', 'x']], { ifAlreadyFiled: 'allow' });
			expect(allowed.items[0]!.json.outcome).toBe('accepted');
			expect(arrived()).toHaveLength(2);
		});

		it('whatever it was sent by, and whoever sent it', async () => {
			const content = await sandbox.contents.receive((await import('node:stream')).Readable.from([Buffer.from('x')]));
			await sandbox.submissions.receive(['0001', 'focus', 'in', 'a.zip'], content, {
				method: 'sftp',
				username: 'crdonly',
			});
			const { items } = await upload([['a.zip', 'x']], { ifAlreadyFiled: 'skip' });
			expect(items[0]!.json).toMatchObject({ outcome: 'skipped', trackingId: null, contentCompared: true });
		});

		it('twice in one run', async () => {
			const { items } = await upload(
				[
					['a.zip', 'x'],
					['a.zip', 'x'],
					['a.zip', 'other'],
				],
				{ ifAlreadyFiled: 'skip' },
			);
			expect(items.map(({ json }) => json.outcome).sort()).toEqual(['accepted', 'accepted', 'skipped']);
			expect(arrived()).toHaveLength(2);
		});

		it('but files a correction under the same name, larger or as large', async () => {
			for (const content of ['x', 'y', 'longer']) {
				expect((await upload([['a.zip', content]])).items[0]!.json.outcome).toBe('accepted');
			}
			expect(arrived()).toHaveLength(3);
		});

		it('but files it again after a rejection, and after the days to look back', async () => {
			const first = await upload([['a.zip', 'x']]);
			sandbox.submissions.decide(first.items[0]!.json.trackingId as string, 'REJECTED');
			expect((await upload([['a.zip', 'x']])).items[0]!.json.outcome).toBe('accepted');
			sandbox.settings.change({ clockOffsetSeconds: 8 * 86_400 });
			expect((await upload([['a.zip', 'x']], { options: { guardDays: 7 } })).items[0]!.json.outcome).toBe('accepted');
			expect(arrived()).toHaveLength(3);
		});

		it('and fails, under Skip too, where the account may not read the archive: it may be a correction of the same size', async () => {
			await upload([['a.zip', 'x']]);
			Object.assign(engine.credentials.stored, loginOf(sandbox.info, 'submitonly'));
			for (const options of [{}, { validateOnly: true }]) {
				const { error } = await upload([['a.zip', 'y']], { ifAlreadyFiled: 'skip', options });
				expect(error?.message).toMatch(
					/^A file of the same name and size, whose content this account cannot compare, was filed already/,
				);
				expect(error?.description).toMatch(/'Skip' .* skips only a file that is certainly the same.*'Allow'/);
			}
			const { items } = await upload(
				[['a.zip', 'y']],
				{ ifAlreadyFiled: 'skip' },
				{ onError: 'continueRegularOutput' },
			);
			expect(items[0]!.json).toMatchObject({
				message: { outcome: 'duplicate', trackingId: expect.any(String) as string },
			});
			expect(arrived()).toHaveLength(1);
		});
	});

	it('waits for another sender, and says which one when its time is up', async () => {
		const trackingId = requestUpload(sandbox, '0001/focus/in/a.zip');
		const { error } = await upload([['a.zip', 'x']], { options: { settleTime: 1 } });
		expect(error?.message).toMatch(
			/^'0001\/focus\/in\/a\.zip' was held back: another upload of it was begun on .* by 'demo' and tracking does not show that it is complete/,
		);
		expect(error?.message).toContain(trackingId);
		const run = upload([['a.zip', 'x']], { ifAlreadyFiled: 'skip' });
		await arrive(sandbox, '0001/focus/in/a.zip', trackingId);
		expect((await run).items[0]!.json).toMatchObject({ outcome: 'skipped', trackingId });
		expect(arrived()).toHaveLength(1);
	});

	it('sends when the other sender is dead', async () => {
		requestUpload(sandbox, '0001/focus/in/a.zip');
		sandbox.settings.change({ clockOffsetSeconds: 150 });
		expect((await upload([['a.zip', 'x']])).items[0]!.json.outcome).toBe('accepted');
	});

	it('waits until fileX has picked the file up, where it is told to', async () => {
		sandbox.settings.change({ processingSeconds: 1.5 });
		const at = await upload([['a.zip', 'x']]);
		expect(at.items[0]!.json).toMatchObject({ outcome: 'accepted', status: 'Request Received', archivePath: null });
		const waited = await upload([['b.zip', 'x']], { options: { waitUntilReceived: 20 } });
		expect(waited.items[0]!.json).toMatchObject({ status: 'Received by FINRA', archivePath: expect.any(String) });
	});

	describe('takes an option from an expression', () => {
		it.each([
			['={{ $json.nothing }}', 'skipped'],
			['', 'skipped'],
			[null, 'skipped'],
		])('%j: as if it was not there', async (guardDays, outcome) => {
			await upload([['a.zip', 'x']]);
			expect(
				(await upload([['a.zip', 'x']], { ifAlreadyFiled: 'skip', options: { guardDays } })).items[0]!.json.outcome,
			).toBe(outcome);
		});

		it.each([
			['Days to Look Back', { options: { guardDays: 'thirty' } }],
			['Days to Look Back', { options: { guardDays: 0 } }],
			['Time to Settle (Seconds)', { options: { settleTime: 'long' } }],
			['Time to Settle (Seconds)', { options: { settleTime: -1 } }],
			['Wait Until Received (Seconds)', { options: { waitUntilReceived: 9999 } }],
			['If Already Filed', { ifAlreadyFiled: '={{ "maybe" }}' }],
		])('but refuses what %s cannot be: %j', async (field, parameters) => {
			const { error } = await upload([['a.zip', 'x']], parameters);
			expect(error?.message).toMatch(new RegExp(`^'${field.replace(/[()]/g, '\\$&')}' `));
			expect(sandbox.log.all()).toEqual([]);
		});
	});

	describe('when the answer is lost, and n8n tries again', () => {
		const retried = { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 };
		const settleTime = 1;

		it.each(['allow', 'fail', 'skip'])(
			'and the file is not picked up yet: says that it is unknown, and sends it once (%s)',
			async (ifAlreadyFiled) => {
				sandbox.settings.change({ processingSeconds: 60 });
				sandbox.faults.add({ where: 's3.put', effect: 'lose', times: 9 });
				// What lies in the sub-space would tell.
				sandbox.faults.add({ where: 'rest.list', effect: 'empty', times: 99, path: '0001/focus/in' });
				const { error } = await upload([['a.zip', 'x']], { ifAlreadyFiled, options: { settleTime } }, retried);
				expect(error?.message).toMatch(/^It is unknown whether '0001\/focus\/in\/a\.zip' was submitted/);
				expect(sandbox.submissions.arrivals()).toHaveLength(1);
			},
			30_000,
		);

		it.each(['allow', 'fail', 'skip'])(
			'and the file is picked up meanwhile: it is accepted (%s)',
			async (ifAlreadyFiled) => {
				sandbox.faults.add({ where: 's3.put', effect: 'lose', times: 9 });
				sandbox.faults.add({
					where: 'rest.tracking',
					effect: 'fail',
					times: 3,
					after: ifAlreadyFiled === 'allow' ? 0 : 2,
				});
				const { items } = await upload([['a.zip', 'x']], { ifAlreadyFiled, options: { settleTime } }, retried);
				expect(items[0]!.json).toMatchObject({ outcome: 'accepted', status: 'Received by FINRA', attempts: 1 });
				expect(sandbox.submissions.arrivals()).toHaveLength(1);
			},
			30_000,
		);
	});

	it('sends nothing by a request that has no tracking ID', async () => {
		const authorized = jest.spyOn(RestSpace.prototype, 'requestUpload').mockImplementation(async () => ({
			isRegistered: true,
			isWholeWhenSeen: true,
			send: async () => await Promise.reject(new Error('sent')),
		}));
		const { error } = await upload([['a.zip', 'x']]);
		authorized.mockRestore();
		expect(error?.message).toBe("'0001/focus/in/a.zip' was held back: fileX gave no tracking ID for it [item 0]");
	});

	it('says from when on it can send, when another upload is in its way', async () => {
		requestUpload(sandbox, '0001/focus/in/a.zip');
		const { items } = await upload(
			[['a.zip', 'x']],
			{ options: { settleTime: 0 } },
			{ onError: 'continueRegularOutput' },
		);
		const { outcome, submittedAt, freeAt } = (items[0]!.json as { details: Record<string, string> }).details;
		expect(outcome).toBe('held');
		expect((Date.parse(freeAt!) - Date.parse(submittedAt!)) / 1000).toBeCloseTo(120, 0);
	});

	it('does not wait for a request of its own that it gave up', async () => {
		sandbox.faults.add({ where: 'rest.tracking', effect: 'unavailable', times: 99, after: 1 });
		expect((await upload([['a.zip', 'x']], { options: { settleTime: 0 } })).error?.message).toMatch(
			/held back: fileX's tracking, .* could not be seen/,
		);
		sandbox.faults.clear();
		expect((await upload([['a.zip', 'x']], { options: { settleTime: 0 } })).items[0]!.json.outcome).toBe('accepted');
	});

	it('tells what a failed run has submitted', async () => {
		const { error } = await upload(
			[
				['ok.zip', 'x'],
				['a b.zip', 'x'],
			],
			{ options: { parallel: 1 } },
		);
		expect(error?.message).toMatch(/holds a space/);
		expect(error?.description).toMatch(/Submitted by this run: ok\.zip \([0-9a-f-]{36}\)\./);
	});

	it('gives every failed item an outcome', async () => {
		const { items } = await upload([['a b.zip', 'x']], {}, { onError: 'continueRegularOutput' });
		expect(items[0]!.json).toMatchObject({ details: { outcome: 'rejected' } });
	});

	it.each(['url', 'hal', 'text', 'created', 'redirect'] as const)(
		'reads the answer in the shape %s',
		async (urlShape) => {
			sandbox.settings.change({ urlShape });
			expect((await upload([['a.zip', 'x']])).items[0]!.json).toMatchObject({
				outcome: 'accepted',
				status: 'Received by FINRA',
			});
		},
	);

	it.each(['trackingID', 'id', 'header', 'link'] as const)('reads the tracking ID from %s', async (trackingShape) => {
		sandbox.settings.change({ trackingShape });
		expect((await upload([['a.zip', 'x']])).items[0]!.json).toMatchObject({
			outcome: 'accepted',
			status: 'Received by FINRA',
		});
	});

	describe.each(['s3', 'sftp'] as const)('over %s', (accessMethod) => {
		it('submits the file of each item, and says where it looked for earlier filings', async () => {
			const content = randomBytes(300_000);
			const { items, error } = await upload(
				[
					['a.zip', content],
					['b.zip', 'bee'],
				],
				{ accessMethod },
			);
			expect(error).toBeUndefined();
			expect(items).toMatchObject([
				{
					json: {
						outcome: 'accepted',
						trackingId: null,
						status: null,
						size: 300_000,
						sha256: sha256(content),
						attempts: 1,
						accessMethod,
						checkedAgainst: ['tracking', 'uploadSubSpace', 'archive'],
					},
					pairedItem: { item: 0 },
				},
				{ json: { outcome: 'accepted', sha256: sha256('bee') }, pairedItem: { item: 1 } },
			]);
			expect(
				sandbox.submissions
					.arrivals()
					.map((each) => [each.method, each.name])
					.sort(),
			).toEqual([
				[accessMethod, 'a.zip'],
				[accessMethod, 'b.zip'],
			]);
		});

		it.each(['rest', accessMethod])('does not file again what was filed over %s', async (earlier) => {
			await upload([['a.zip', 'x']], { accessMethod: earlier });
			const { items } = await upload(
				[
					['a.zip', 'x'],
					['a.zip', 'other'],
				],
				{ accessMethod, ifAlreadyFiled: 'skip' },
			);
			expect(items).toMatchObject([
				{
					json: {
						outcome: 'skipped',
						contentCompared: true,
						archivePath: expect.stringMatching(/^0001\/focus\/in_arcv\//),
						trackingId: earlier === 'rest' ? expect.any(String) : null,
					},
				},
				{ json: { outcome: 'accepted' } },
			]);
			expect(arrived()).toHaveLength(2);
		});

		it('waits for a sender over REST', async () => {
			requestUpload(sandbox, '0001/focus/in/a.zip');
			const { error } = await upload([['a.zip', 'x']], { accessMethod, options: { settleTime: 1 } });
			expect(error?.message).toMatch(/was held back: another upload of it was begun/);
			expect(arrived()).toEqual([]);
		});

		it('finds out what became of a file whose answer was lost', async () => {
			sandbox.faults.add({ where: accessMethod === 's3' ? 's3.put' : 'sftp.write', effect: 'lose', times: 1 });
			const { items } = await upload([['a.zip', 'x']], { accessMethod });
			expect(items[0]!.json).toMatchObject({
				outcome: 'accepted',
				attempts: 1,
				sha256: sha256('x'),
				archivePath: expect.stringMatching(/_a\.zip$/),
			});
			expect(arrived()).toEqual(['a.zip']);
		});

		it('warns an account that cannot see the archive, and says that it is not safe to run an unknown one again', async () => {
			Object.assign(engine.credentials.stored, loginOf(sandbox.info, 'submitonly'));
			const first = await upload([['a.zip', 'x']], { accessMethod });
			expect(first.items[0]!.json).toMatchObject({
				outcome: 'accepted',
				checkedAgainst: expect.not.arrayContaining(['archive']) as string[],
			});
			expect(first.hints).toEqual([expect.stringMatching(/^This account cannot see the archive/)]);
			expect((await upload([['a.zip', 'x']], { accessMethod, ifAlreadyFiled: 'allow' })).hints).toEqual([]);
			sandbox.faults.add({ where: accessMethod === 's3' ? 's3.put' : 'sftp.write', effect: 'lose', times: 1 });
			const { error } = await upload([['b.zip', 'x']], { accessMethod, options: { settleTime: 1 } });
			expect(error?.message).toMatch(/^It is unknown whether '0001\/focus\/in\/b.zip' was submitted/);
			expect(error?.description).toMatch(/^Ask FINRA .* before you submit it again/);
		});

		it('refuses a place that takes no uploads', async () => {
			const { error } = await upload([['a.zip', 'x']], {
				accessMethod,
				application: byName('crd'),
				subSpace: byName('reports'),
			});
			expect(error?.message).toMatch(
				/^(There is no upload sub-space|Nothing can be uploaded into|This account is not entitled to) '0001\/crd\/reports/,
			);
			expect(arrived()).toEqual([]);
		});
	});

	describe.each(['s3', 'sftp'])('over %s, registered over REST', (accessMethod) => {
		const parameters = { accessMethod, options: { registerOverRest: true, settleTime: 0 } };
		const requests = () => sandbox.submissions.all().filter(({ name }) => name === 'a.zip');

		it('makes the file known before it sends it, and says how tracking calls that', async () => {
			const { items, error } = await upload([['a.zip', 'x']], parameters);
			expect(error).toBeUndefined();
			expect(requests()).toHaveLength(1);
			expect(items).toMatchObject([
				{ json: { outcome: 'accepted', trackingId: null, registrationId: requests()[0]!.trackingId } },
			]);
			expect(arrived()).toEqual(['a.zip']);
			// What this process has sent stands in no correction's way.
			expect((await upload([['a.zip', 'new']], parameters)).error).toBeUndefined();
		});

		it("is held by another sender's request", async () => {
			requestUpload(sandbox, '0001/focus/in/a.zip');
			const { error } = await upload([['a.zip', 'x']], parameters);
			expect(error?.message).toMatch(/was held back: another upload of it was begun/);
			expect(arrived()).toEqual([]);
		});

		it.each<[string, string, RegExp]>([
			['tracking', 'rest.tracking', /could not be seen/],
			['the request', 'rest.upload', /fileX could not answer/],
		])('sends nothing where %s is not answered', async (_what, where, message) => {
			sandbox.faults.add({ where: where as never, effect: 'fail', times: 99 });
			const { error } = await upload([['a.zip', 'x']], parameters);
			expect(error?.message).toMatch(message);
			expect(arrived()).toEqual([]);
		});

		it('registers nothing where a second filing is allowed', async () => {
			const { items } = await upload([['a.zip', 'x']], { ...parameters, ifAlreadyFiled: 'allow' });
			expect(items).toMatchObject([{ json: { outcome: 'accepted' } }]);
			expect(requests()).toEqual([]);
		});
	});

	it.each([{}, { validateOnly: true }])(
		'is not registered where the account may not see the upload sub-space: %j',
		async (more) => {
			sandbox.faults.add({ where: 'rest.list', effect: 'revoked', times: 99, path: '0001/focus/in' });
			const options = { registerOverRest: true, ...more };
			const { error } = await upload([['a.zip', 'x']], { accessMethod: 's3', options });
			expect(error?.message).toMatch(
				/^'Register over HTTPS REST' needs an account that may see the upload sub-space of '0001\/focus\/in\/a\.zip'/,
			);
			expect([arrived(), sandbox.submissions.all()]).toEqual([[], []]);
		},
	);

	describe('over sftp, where tracking cannot be asked', () => {
		const withKey = (more: object) => {
			const { private: privateKey, public: publicKey } = newKeyPair('ed25519');
			sandbox.accounts.find('demo')!.publicKeys.push(publicKey);
			Object.assign(engine.credentials.stored, { privateKey, ...more });
		};
		const accessMethod = 'sftp';

		it.each<[string, () => void]>([
			['for lack of a password', () => withKey({ password: '' })],
			['for a password that FIP refuses', () => withKey({ password: 'wrong for tracking' })],
		])('%s, files each file once anyway, and says what it did not see', async (_why, spoil) => {
			spoil();
			const { items, error } = await upload(
				[
					['a.zip', 'x'],
					['b.zip', 'y'],
				],
				{ accessMethod },
			);
			expect(error).toBeUndefined();
			expect(items).toMatchObject([
				{ json: { outcome: 'accepted', checkedAgainst: ['uploadSubSpace', 'archive'] } },
				{ json: { outcome: 'accepted' } },
			]);
			const again = await upload(
				[
					['a.zip', 'x'],
					['b.zip', 'y'],
				],
				{ accessMethod, ifAlreadyFiled: 'skip' },
			);
			expect(again.items).toMatchObject([
				{ json: { outcome: 'skipped', contentCompared: true } },
				{ json: { outcome: 'skipped' } },
			]);
			expect(arrived()).toHaveLength(2);
		});

		it.each<[string, () => void]>([
			['behind a firewall', () => withKey({ restUrl: 'http://127.0.0.1:1', fipUrl: 'http://127.0.0.1:1' })],
			['because it fails', () => sandbox.faults.add({ where: 'rest.tracking', effect: 'fail', times: 99 })],
		])(
			'%s, holds the file unless the user says to submit it anyway',
			async (_why, spoil) => {
				spoil();
				const { error } = await upload([['a.zip', 'x']], { accessMethod, options: { settleTime: 0 } });
				expect(error?.message).toMatch(/was held back: fileX's tracking, .* could not be seen/);
				expect(error?.description).toMatch(/'Submit Without Tracking'/);
				const { items } = await upload(
					[
						['a.zip', 'x'],
						['b.zip', 'y'],
					],
					{ accessMethod, options: { withoutTracking: true } },
				);
				expect(items).toMatchObject([
					{ json: { outcome: 'accepted', checkedAgainst: ['uploadSubSpace', 'archive'] } },
					{ json: { outcome: 'accepted' } },
				]);
				expect(arrived()).toHaveLength(2);
			},
			60_000,
		);

		it('sends nothing again where an answer was lost and the file is not to be seen', async () => {
			withKey({ password: '' });
			sandbox.faults.add({ where: 'sftp.write', effect: 'cut', times: 1 });
			const { error } = await upload([['a.zip', 'x'.repeat(100_000)]], { accessMethod, options: { settleTime: 2 } });
			expect(error?.message).toMatch(/^It is unknown whether '0001\/focus\/in\/a.zip' was submitted/);
			expect(sandbox.log.count('sftp', /^OPEN .*in\/a\.zip/)).toBeLessThanOrEqual(1);
		});

		it("does not take an older copy for its own, whatever this machine's clock says", async () => {
			withKey({ password: '' });
			await upload([['a.zip', 'x'.repeat(100_000)]], { accessMethod });
			sandbox.faults.add({ where: 'sftp.write', effect: 'cut', times: 1 });
			const { error } = await upload([['a.zip', 'y'.repeat(100_000)]], { accessMethod, options: { settleTime: 2 } });
			expect(error?.message).toMatch(/^It is unknown whether/);
		});

		it('over REST fails', async () => {
			sandbox.faults.add({ where: 'rest.tracking', effect: 'fail', times: 99 });
			expect((await upload([['a.zip', 'x']], { options: { settleTime: 0 } })).error?.message).toMatch(
				/held back: fileX's tracking, .* could not be seen.*fileX could not answer for 'tracking'/,
			);
			expect(arrived()).toEqual([]);
		});
	});

	it('shows no signed URL and no token in anything that comes out', async () => {
		sandbox.faults.add({ where: 's3.put', effect: 'disk-full', times: 9 });
		const { everything, error } = await upload([['a.zip', 'x']], { options: { settleTime: 0 } });
		expect(error?.message).toMatch(/^It is unknown whether/);
		expect(everything).not.toMatch(/X-Amz|Signature=|Bearer [A-Za-z0-9]/);
	});
});
