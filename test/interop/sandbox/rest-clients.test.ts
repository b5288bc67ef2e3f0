import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from '../../../sandbox/sandbox';
import { roleOf } from '../../../sandbox/world/places';
import { CURL, describeWith, PYTHON_REQUESTS } from '../../support/needs';
import { output, runProgram } from '../../support/program';

/** The account of the guide's samples, and the paths that they use. */
const SAMPLE_USER = '1234ftp12';

/** What a journey through the guide's section 5 gives, whichever tool goes it. */
interface Journey {
	applications: string[];
	subSpaces: Array<{ name: string; metadata: { writable: boolean } }>;
	files: Array<{ name: string; type: string; metadata: { contentLength: number; lastModified: string } }>;
	/** SHA-256 of `app1/out/file1.zip`, hex. */
	downloaded: string;
	tracking: Array<Record<string, unknown>>;
	unknownTracking: number;
	s3Token: { region: string; readPaths: string[]; writePaths: string[]; credentials: Record<string, string> };
}

type Client = (sandbox: Sandbox, folder: string, upload: string) => Promise<Journey>;

function login({ info }: Sandbox) {
	const { username, password } = info.accounts.find((each) => each.username === SAMPLE_USER)!;
	return { ...info, username, password };
}

const curl: Client = async (sandbox, folder, upload) => {
	const { rest, fip, username, password } = login(sandbox);
	const run = async (...args: string[]) =>
		await output('curl', ['--silent', '--show-error', '--fail', ...args], { cwd: folder });
	const basic = Buffer.from(`${username}:${password}`).toString('base64');
	const token = JSON.parse(
		await run(
			'--location',
			'--request',
			'POST',
			`${fip}/fip/rest/ews/oauth2/access_token?grant_type=client_credentials`,
			'--header',
			`Authorization: Basic ${basic}`,
		),
	) as { access_token: string };
	const headers = ['-H', 'Accept: application/json', '-H', `Authorization: Bearer ${token.access_token}`];
	const call = async (path: string, ...more: string[]) =>
		JSON.parse(await run(...more, `${rest}/${path}`, ...headers)) as never;
	const download: { url: string } = await call('files/0001/app1/out/file1.zip');
	await run('-o', 'file1.zip', download.url);
	const target: { url: string; trackingId: string } = await call('files/0001/app1/in/newFile.zip', '-X', 'PUT');
	await run('-X', 'PUT', '-H', 'Content-Type: application/octet-stream', '--data-binary', `@${upload}`, target.url);
	const unknown = await runProgram('curl', [
		'-s',
		'-o',
		'/dev/null',
		'-w',
		'%{http_code}',
		`${rest}/tracking?id=00000000-0000-4000-8000-000000000000`,
		...headers,
	]);
	return {
		applications: names(await call('files/0001')),
		subSpaces: children(await call('files/0001/app1')),
		files: children(await call('files/0001/app1/out')),
		downloaded: sha256(await readFile(join(folder, 'file1.zip'))),
		tracking: await call(`tracking?id=${target.trackingId}`, '-X', 'GET'),
		unknownTracking: Number(unknown.stdout),
		s3Token: await call('S3TransferTokens/0001/app1', '-X', 'GET'),
	};
};

const PYTHON_JOURNEY = `
import base64, hashlib, json, os, requests

rest, user, password = (os.environ[name] for name in ('REST', 'NAME', 'PASSWORD'))
basic = base64.b64encode((user + ':' + password).encode()).decode()
answer = requests.post(os.environ['FIP'] + '/fip/rest/ews/oauth2/access_token?grant_type=client_credentials',
                       headers={'Authorization': 'Basic ' + basic})
answer.raise_for_status()
headers = {'Authorization': 'Bearer ' + answer.json()['access_token'], 'Accept': 'application/json'}

def call(method, path):
    answer = requests.request(method, rest + path, headers=headers)
    answer.raise_for_status()
    return answer.json()

downloaded = requests.get(call('GET', '/files/0001/app1/out/file1.zip')['url'])
downloaded.raise_for_status()
target = call('PUT', '/files/0001/app1/in/newFile.zip')
with open(os.environ['UPLOAD'], 'rb') as content:
    requests.put(target['url'], headers={'Content-Type': 'application/octet-stream'}, data=content).raise_for_status()

print(json.dumps({
    'applications': [each['name'] for each in call('GET', '/files/0001')['children']],
    'subSpaces': call('GET', '/files/0001/app1')['children'],
    'files': call('GET', '/files/0001/app1/out')['children'],
    'downloaded': hashlib.sha256(downloaded.content).hexdigest(),
    'tracking': call('GET', '/tracking?id=' + target['trackingId']),
    'unknownTracking': requests.get(rest + '/tracking?id=00000000-0000-4000-8000-000000000000', headers=headers).status_code,
    's3Token': call('GET', '/S3TransferTokens/0001/app1'),
}))
`;

const python: Client = async (sandbox, folder, upload) => {
	const { rest, fip, username, password } = login(sandbox);
	const env = { REST: rest, FIP: fip, NAME: username, PASSWORD: password, UPLOAD: upload };
	return JSON.parse(await output('/usr/bin/python3', ['-'], { cwd: folder, env, input: PYTHON_JOURNEY })) as Journey;
};

describe.each([
	['curl', CURL, curl],
	['Python requests', PYTHON_REQUESTS, python],
])("the journeys of the guide's section 5, by %s", (name, need, client) => {
	describeWith(need, name, () => {
		let sandbox: Sandbox;
		let folder: string;
		let journey: Journey;
		const filing = randomBytes(2_000_000);

		beforeAll(async () => {
			sandbox = await startSandbox({ seeded: true });
			folder = await mkdtemp(join(tmpdir(), 'filex-rest-'));
			await writeFile(join(folder, 'filing.bin'), filing);
			journey = await client(sandbox, folder, join(folder, 'filing.bin'));
		});
		afterAll(async () => {
			await rm(folder, { recursive: true, force: true });
			await sandbox.close();
		});

		it('lists applications, sub-spaces and files as the guide shows them', () => {
			expect(journey.applications).toEqual(['app1', 'app2']);
			expect(journey.subSpaces.map((each) => [each.name, each.metadata.writable])).toEqual([
				['in', true],
				['in_arcv', false],
				['out', false],
			]);
			expect(journey.files.map((each) => [each.name, each.type])).toEqual([
				['file1.zip', 'FILE'],
				['file2.pdf', 'FILE'],
			]);
			expect(journey.files[0]!.metadata.lastModified).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
		});

		it('downloads by a pre-signed URL', async () => {
			const stored = sandbox.store.find(['0001', 'app1', 'out', 'file1.zip'])!;
			expect(journey.downloaded).toBe(sha256(await readFile(sandbox.contents.pathOf(stored.content))));
		});

		it('uploads raw bytes by a pre-signed URL and tracks the submission', async () => {
			expect(sandbox.submissions.arrivals()).toEqual([
				expect.objectContaining({
					method: 'rest',
					username: SAMPLE_USER,
					name: 'newFile.zip',
					size: filing.length,
					sha256: sha256(filing),
				}),
			]);
			expect(journey.tracking).toEqual([
				{
					trackingId: sandbox.submissions.arrivals()[0]!.trackingId,
					submissionTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}-0[45]:00$/),
					userName: SAMPLE_USER,
					fileName: 'newFile.zip',
					status: 'Received by FINRA',
					downstreamStatus: 'RECEIVED',
					statusUpdateTime: expect.stringMatching(/-0[45]:00$/),
					fileSize: filing.length,
					uploadLocation: '0001/app1/in',
					applicationName: 'app1',
					applicationSpaceName: 'in',
					arcvFileName: expect.stringMatching(/^\d{17}_newFile\.zip$/),
					downloadable: true,
					_links: [
						{ rel: 'self', href: expect.stringContaining('/tracking?id=') },
						{ rel: 'parent', href: expect.stringMatching(/\/tracking$/) },
					],
				},
			]);
			expect(journey.unknownTracking).toBe(404);
		});

		it('hands out an S3 token', () => {
			expect(journey.s3Token).toEqual({
				region: 'us-east-1',
				sessionName: expect.stringMatching(/^1234ftp12@[0-9a-f-]{36}$/),
				readPaths: ['bucket-filex/0001/app1/out/', 'bucket-filex/0001/app1/in_arcv/'],
				writePaths: ['bucket-filex/0001/app1/in/'],
				credentials: {
					accessKeyId: expect.stringMatching(/^ASIA[A-Z0-9]{16}$/),
					secretAccessKey: expect.stringMatching(/^\S{40}$/),
					sessionToken: expect.any(String),
					expiration: expect.stringMatching(/Z$/),
				},
			});
		});
	});
});

describeWith(CURL, 'what FIP and REST refuse, by curl', () => {
	let sandbox: Sandbox;
	const status = async (...args: string[]) => {
		const { stdout } = await runProgram('curl', ['-s', '-w', '\n%{http_code}', ...args]);
		return {
			status: Number(stdout.slice(stdout.lastIndexOf('\n') + 1)),
			body: stdout.slice(0, stdout.lastIndexOf('\n')),
		};
	};
	const tokenOf = async (username: string) => {
		const { info } = sandbox;
		const { password } = info.accounts.find((each) => each.username === username)!;
		const { body } = await status(
			'-X',
			'POST',
			'-u',
			`${username}:${password}`,
			`${info.fip}/fip/rest/ews/oauth2/access_token?grant_type=client_credentials`,
		);
		return (JSON.parse(body) as { access_token: string }).access_token;
	};
	const as = async (username: string, path: string, ...more: string[]) =>
		await status(
			'--path-as-is',
			...more,
			'-H',
			`Authorization: Bearer ${await tokenOf(username)}`,
			`${sandbox.info.rest}${path}`,
		);

	beforeAll(async () => {
		sandbox = await startSandbox({ seeded: true, settings: { lockAfter: 3 } });
	});
	afterEach(() => sandbox.faults.clear());
	afterAll(async () => await sandbox.close());

	it.each([
		['a wrong password', ['-u', 'demo:wrong'], '?grant_type=client_credentials', 400, 'Invalid Credentials'],
		['an unknown user', ['-u', 'nobody:wrong'], '?grant_type=client_credentials', 400, 'Invalid Credentials'],
		['no credentials', [], '?grant_type=client_credentials', 400, 'Invalid credentials format'],
		[
			'malformed credentials',
			['-H', 'Authorization: Basic %%%'],
			'?grant_type=client_credentials',
			400,
			'Invalid credentials format',
		],
		['no grant type', ['-u', 'demo:x'], '', 400, 'Grant type is required'],
		[
			'another grant type',
			['-u', 'demo:x'],
			'?grant_type=password',
			400,
			'Only client_credentials grant type is supported',
		],
		['another resource', ['-u', 'demo:x'], '/elsewhere?grant_type=client_credentials', 403, 'Forbidden'],
	])('FIP: %s', async (_what, args, query, code, message) => {
		const { status: given, body } = await status(
			'-X',
			'POST',
			...args,
			`${sandbox.info.fip}/fip/rest/ews/oauth2/access_token${query}`,
		);
		expect([given, JSON.parse(body)]).toEqual([code, { error_message: message }]);
	});

	it('FIP: its own failure', async () => {
		sandbox.faults.add({ where: 'fip.token', effect: 'fail', times: 1 });
		expect(
			(
				await status(
					'-X',
					'POST',
					'-u',
					'demo:x',
					`${sandbox.info.fip}/fip/rest/ews/oauth2/access_token?grant_type=client_credentials`,
				)
			).status,
		).toBe(500);
	});

	it('locks an account after refused logins, until it is unlocked', async () => {
		for (let attempt = 0; attempt < 3; attempt++) sandbox.accounts.login('third', 'wrong');
		await expect(tokenOf('third')).resolves.toBeUndefined();
		expect(await status('-X', 'POST', `${sandbox.info.control}/accounts/third/unlock`)).toMatchObject({ status: 200 });
		await expect(tokenOf('third')).resolves.toEqual(expect.any(String));
	});

	it.each([
		['demo', '/files/0001', 200],
		['demo', '/files/0001/', 200],
		['demo', '/files/abc', 400],
		['demo', '/files/1234', 401],
		['demo', '/files/888888/crd', 200],
		['demo', '/files/0001/nowhere', 404],
		['demo', '/files/0001/app1', 401],
		['demo', '/files/0001/crd/nowhere', 404],
		['demo', '/files/0001/crd/reports/missing.pdf', 404],
		['demo', '/files/0001/crd/re ports'.replace(' ', '%20'), 400],
		['demo', '/files/0001/crd/reports/a/b', 403],
		['demo', '/files', 403],
		['demo', '/elsewhere', 403],
		['demo', '/tracking', 200],
		['demo', '/tracking?id=nonsense', 404],
		['demo', '/S3TransferTokens/0001/nowhere', 404],
		['crdonly', '/files/0001/focus', 401],
		['crdonly', '/S3TransferTokens/0001/focus', 401],
		['downloadonly', '/files/0001/crd/reports', 200],
		['downloadonly', '/files/0001/crd/incoming_filings', 401],
		['submitonly', '/files/0001/crd/incoming_filings', 200],
		['submitonly', '/files/0001/crd/reports', 401],
		['submitonly', '/files/0001/crd/incoming_filings_arcv', 401],
	])('REST: %s asks for %s: %i', async (username, path, code) => {
		expect((await as(username, path)).status).toBe(code);
	});

	it.each([
		['demo', '/files/0001/crd/incoming_filings/a.zip', 200],
		['demo', '/files/888888/crd/incoming_filings/a.zip', 200],
		['demo', '/files/0001/crd/reports/a.zip', 403],
		['demo', '/files/0001/crd/nowhere/a.zip', 404],
		['demo', '/files/1234/crd/incoming_filings/a.zip', 401],
		['demo', '/files/0001/crd/incoming_filings/a%20b.zip', 400],
		['demo', '/files/0001/crd/incoming_filings/a%23b.zip', 400],
		['demo', '/files/0001/crd/incoming_filings/%C3%A4.zip', 400],
		['demo', `/files/0001/crd/incoming_filings/${'a'.repeat(1024)}`, 400],
		['mixed', '/files/0001/crd/incoming_filings/a.zip', 401],
		['mixed', '/files/0001/focus/in/a.zip', 200],
		['downloadonly', '/files/0001/focus/in/a.zip', 401],
	])('REST: %s asks to upload %s: %i', async (username, path, code) => {
		expect((await as(username, path, '-X', 'PUT')).status).toBe(code);
	});

	it('answers 401 without a token, with a wrong one and with one that was revoked', async () => {
		const url = `${sandbox.info.rest}/files/0001`;
		const token = await tokenOf('demo');
		expect((await status(url)).status).toBe(401);
		expect((await status('-H', 'Authorization: Bearer wrong', url)).status).toBe(401);
		expect((await status('-H', `Authorization: Bearer ${token}`, url)).status).toBe(200);
		await status('-X', 'DELETE', `${sandbox.info.control}/tokens`);
		expect((await status('-H', `Authorization: Bearer ${token}`, url)).status).toBe(401);
	});

	it('answers XML where it is asked for', async () => {
		const { body } = await as('1234ftp12', '/files/0001/app1/out', '-H', 'Accept: application/xml');
		expect(body).toContain('<name>out</name>');
		expect(body).toContain('<contentLength>');
		const tracking = await as('1234ftp12', '/tracking', '-H', 'Accept: application/xml');
		expect(tracking.body).toContain('<trackingId>50e1b1c5-6150-4423-9da6-3c51ea34fc30</trackingId>');
	});

	it('gives URLs with the host name by which it was reached', async () => {
		const { body } = await status(
			'-H',
			`Authorization: Bearer ${await tokenOf('1234ftp12')}`,
			`${sandbox.info.rest.replace('127.0.0.1', 'localhost')}/files/0001/app1/out/file1.zip`,
		);
		const { url } = JSON.parse(body) as { url: string };
		expect(new URL(url).hostname).toBe('localhost');
		expect((await status('-o', '/dev/null', url)).status).toBe(200);
	});

	it('has a few files in every download sub-space of the first organization', () => {
		const spaces = sandbox.store
			.directories(['0001'])!
			.flatMap((application) =>
				sandbox.store.directories(['0001', application])!.map((subSpace) => ['0001', application, subSpace]),
			);
		const downloads = spaces.filter(([, application, subSpace]) => roleOf(application!, subSpace!) === 'out');
		expect(downloads.length).toBeGreaterThan(12);
		for (const space of downloads) expect(sandbox.store.count(space)).toBeGreaterThanOrEqual(2);
	});

	it('is healthy without a token', async () => {
		expect(await status(`${sandbox.info.rest}/health`)).toEqual({ status: 200, body: '{"status":"UP"}' });
	});
});

function children(answer: { children: never[] }): never[] {
	return answer.children;
}

function names(answer: { children: Array<{ name: string }> }): string[] {
	return answer.children.map(({ name }) => name);
}

function sha256(content: Buffer): string {
	return createHash('sha256').update(content).digest('hex');
}
