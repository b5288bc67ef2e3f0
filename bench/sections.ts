import { join } from 'node:path';
import type { SandboxInfo } from '../sandbox/info';
import type { NodeUnderTest } from '../test/support/engine';
import { filing } from '../test/support/filing';
import type { Sshd } from '../test/support/sshd';
import {
	atMostSeconds,
	atMostTimes,
	atMostTimesCpu,
	type Contender,
	type EngineTask,
	MIB,
	type Section,
	UNNOTICED,
	type Work,
} from './contender';
import { polls } from './polls';
import { rcloneS3, rcloneSftp, s3Session, sftpBatch } from './programs';
import { startUp } from './start-up';
import type { TlsStorage } from './tls';

/** What all contenders find. */
export interface World {
	n8n: string;
	/** Where the files lie that are uploaded, and where programs put what they download. */
	folder: string;
	sandbox: SandboxInfo;
	/** Credential fields for the sandbox. */
	credential: object;
	/** An access token for the sandbox. */
	token: string;
	sshd?: Sshd;
	/** The same fileX, with storage that speaks TLS; undefined where there is none. */
	tls?: TlsStorage;
	/** MiB of the large file, and of the one that slow peers get. */
	sizes: { big: number; peer: number };
	/** How many small files there are, and how large each is, in bytes. */
	small: { count: number; bytes: number };
	/** `typeVersion` of n8n's HTTP Request node. */
	httpRequest: number;
}

type Method = 'rest' | 's3' | 'sftp';

/** How many large files are transferred beside each other. */
const AT_ONCE = 4;

/** Everything that is compared. Names that begin with `fileX` are ours. */
export function sections(world: World): Section[] {
	const { sshd, folder, n8n } = world;
	return [
		...transfers(world),
		...atOnce(world),
		...(sshd ? polls(sshd, atSshd(world, sshd), folder) : []),
		startUp(n8n),
	];
}

/** What is done once more over the link. */
export function sectionsOverLink(world: World): Section[] {
	const { sshd, folder } = world;
	const large = { sizes: [100_000], goals: [atMostSeconds(8)] };
	return [...transfers(world), ...(sshd ? polls(sshd, atSshd(world, sshd), folder, large) : [])];
}

function transfers(world: World): Section[] {
	return [
		...rest(world),
		...(world.tls ? restOverTls(world, world.tls) : []),
		...s3(world),
		...sftpSandbox(world),
		...(world.sshd ? openssh(world, world.sshd) : []),
	];
}

/** Large files beside each other: what n8n notices of them. */
function atOnce(world: World): Section[] {
	const { sizes, sshd } = world;
	const mib = AT_ONCE * sizes.big;
	const paths = Array.from({ length: AT_ONCE }, () => ({ path: '0001/crd/reports/big.bin' }));
	const names = Array.from({ length: AT_ONCE }, () => 'big.bin');
	const goals = UNNOTICED.filter(({ text }) => !text.startsWith('memory'));
	const pair = (method: Method, where: string, at: World): Section[] => [
		{
			title: `Download of ${AT_ONCE} large files at once over ${where}`,
			goals,
			contenders: [{ name: 'fileX Download', mib, work: ours(at, download(method), paths) }],
		},
		{
			title: `Upload of ${AT_ONCE} large files at once over ${where}`,
			goals,
			contenders: [{ name: 'fileX Upload', mib, work: ours(at, upload(method), undefined, names) }],
		},
	];
	return [
		...pair('rest', 'HTTPS REST', world),
		...pair('s3', 'S3 Direct', world),
		...(sshd ? pair('sftp', 'SFTP with OpenSSH', { ...world, credential: atSshd(world, sshd) }) : []),
	];
}

function rest(world: World): Section[] {
	const { sandbox, token, sizes, small, folder } = world;
	const bearer = `-H "Authorization: Bearer ${token}"`;
	const urlOf = (method: string, path: string) =>
		`url=$(curl -sf -X ${method} ${bearer} ${sandbox.rest}/files/${path} | python3 -c 'import json,sys; print(json.load(sys.stdin)["url"])')`;
	const smallMib = (small.count * small.bytes) / MIB;
	return [
		{
			title: 'Download over HTTPS REST',
			goals: [atMostTimes(1.15, 'curl'), ...UNNOTICED],
			contenders: [
				{
					name: 'fileX Download',
					mib: sizes.big,
					work: ours(world, download('rest'), [{ path: '0001/crd/reports/big.bin' }]),
				},
				{
					name: "n8n's HTTP Request node, two steps",
					mib: sizes.big,
					work: { engine: task(world, httpDownload(world), { records: [{ path: '0001/crd/reports/big.bin' }] }) },
				},
				{
					name: 'curl',
					mib: sizes.big,
					work: { shell: `${urlOf('GET', '0001/crd/reports/big.bin')}; curl -sf -o ${folder}/got "$url"` },
				},
			],
		},
		{
			title: 'Upload over HTTPS REST',
			goals: [atMostTimes(1.15, 'curl'), ...UNNOTICED],
			contenders: [
				{ name: 'fileX Upload', mib: sizes.big, work: ours(world, upload('rest'), undefined, ['big.bin']) },
				{
					name: "n8n's HTTP Request node, two steps",
					mib: sizes.big,
					work: { engine: task(world, httpUpload(world), { files: [join(folder, 'big.bin')] }) },
				},
				{
					name: 'curl',
					mib: sizes.big,
					work: {
						shell: `${urlOf('PUT', '0001/focus/in/big.bin')}; curl -sf -H 'Content-Type: application/octet-stream' -T ${folder}/big.bin "$url"`,
					},
				},
			],
		},
		{
			title: `Download of ${small.count} small files over HTTPS REST`,
			goals: [atMostTimes(1, "n8n's HTTP Request node, two steps")],
			contenders: [
				{ name: 'fileX Download', mib: smallMib, work: ours(world, download('rest'), smallPaths(world)) },
				{
					name: "n8n's HTTP Request node, two steps",
					mib: smallMib,
					work: { engine: task(world, httpDownload(world), { records: smallPaths(world) }) },
				},
			],
		},
		{
			title: `Upload of ${small.count} small files over HTTPS REST`,
			goals: [atMostTimes(1, "n8n's HTTP Request node, two steps")],
			contenders: [
				{ name: 'fileX Upload', mib: smallMib, work: ours(world, upload('rest'), undefined, smallNames(world)) },
				{
					name: "n8n's HTTP Request node, two steps",
					mib: smallMib,
					work: {
						engine: task(world, httpUpload(world), { files: smallNames(world).map((name) => join(folder, name)) }),
					},
				},
			],
		},
	];
}

/** The large file once more, over TLS, with storage that no one here wrote. */
function restOverTls(world: World, { rest: url, certificate }: TlsStorage): Section[] {
	const env = { NODE_EXTRA_CA_CERTS: certificate };
	const { sandbox, credential } = world;
	return rest({ ...world, sandbox: { ...sandbox, rest: url }, credential: { ...credential, restUrl: url } })
		.filter(({ title }) => !/small/.test(title))
		.map(({ title, contenders, ...rest }) => ({
			...rest,
			title: `${title}, over TLS, from and to nginx`,
			contenders: contenders.map(({ work, ...contender }) => ({
				...contender,
				work:
					'shell' in work
						? { ...work, shell: `export CURL_CA_BUNDLE=${certificate}; ${work.shell}` }
						: { ...work, env },
			})),
		}));
}

function s3(world: World): Section[] {
	const { sizes, folder, small } = world;
	const smallMib = (small.count * small.bytes) / MIB;
	const aws = (from: string, to: string): Contender => ({
		name: 'AWS CLI',
		mib: sizes.big,
		work: {
			shell: `/usr/bin/aws --endpoint-url ${world.sandbox.s3} s3 cp --quiet ${from} ${to}`,
			before: async () => await s3Session(world.sandbox, world.token),
		},
	});
	const rclone = (from: string, to: string): Contender => ({
		name: 'rclone',
		mib: sizes.big,
		work: {
			shell: `env -u AWS_CA_BUNDLE rclone copyto ${rcloneS3(world.sandbox)} ${from} ${to}`,
			before: async () => await s3Session(world.sandbox, world.token),
		},
	});
	return [
		{
			title: 'Download over S3 Direct',
			goals: [atMostTimes(1.15), ...UNNOTICED],
			contenders: [
				{
					name: 'fileX Download',
					mib: sizes.big,
					work: ours(world, download('s3'), [{ path: '0001/crd/reports/big.bin' }]),
				},
				aws('s3://bucket-filex/0001/crd/reports/big.bin', `${folder}/got`),
				rclone(':s3:bucket-filex/0001/crd/reports/big.bin', `${folder}/got`),
			],
		},
		{
			title: 'Upload over S3 Direct',
			goals: [atMostTimes(1.15), ...UNNOTICED],
			contenders: [
				{ name: 'fileX Upload', mib: sizes.big, work: ours(world, upload('s3'), undefined, ['big.bin']) },
				aws(`${folder}/big.bin`, 's3://bucket-filex/0001/crd/incoming_filings/big.bin'),
				rclone(`${folder}/big.bin`, ':s3:bucket-filex/0001/crd/incoming_filings/rclone.bin'),
			],
		},
		{
			title: `Download of ${small.count} small files over S3 Direct`,
			contenders: [{ name: 'fileX Download', mib: smallMib, work: ours(world, download('s3'), smallPaths(world)) }],
		},
		{
			title: `Upload of ${small.count} small files over S3 Direct`,
			contenders: [
				{ name: 'fileX Upload', mib: smallMib, work: ours(world, upload('s3'), undefined, smallNames(world)) },
			],
		},
	];
}

function sftpSandbox(world: World): Section[] {
	const { sizes, sandbox, folder } = world;
	const batch = (command: string) => sftpBatch(sandbox.sftp.port, command, 'demo', join(folder, 'askpass'));
	return [
		{
			title: 'Download over SFTP from the sandbox',
			contenders: [
				{
					name: 'fileX Download',
					mib: sizes.big,
					work: ours(world, download('sftp'), [{ path: '0001/crd/reports/big.bin' }]),
				},
				{ name: 'OpenSSH sftp', mib: sizes.big, work: { shell: batch(`get /0001/crd/reports/big.bin ${folder}/got`) } },
			],
		},
		{
			title: 'Upload over SFTP to the sandbox',
			contenders: [
				{ name: 'fileX Upload', mib: sizes.big, work: ours(world, upload('sftp'), undefined, ['big.bin']) },
				{
					name: 'OpenSSH sftp',
					mib: sizes.big,
					work: { shell: batch(`put ${folder}/big.bin /0001/focus/in/big.bin`) },
				},
			],
		},
	];
}

function openssh(world: World, sshd: Sshd): Section[] {
	const { sizes, folder, small } = world;
	const smallMib = (small.count * small.bytes) / MIB;
	const mine = { ...world, credential: atSshd(world, sshd) };
	const theirs = { ...world, credential: { host: '127.0.0.1', port: sshd.port, ...loginTo(sshd) } };
	const rclone = (from: string, to: string): Contender => ({
		name: 'rclone',
		mib: sizes.big,
		work: { shell: `rclone copyto ${rcloneSftp(sshd.port, join(folder, 'key'))} ${from} ${to}` },
	});
	const batch = (command: string) => sftpBatch(sshd.port, command, 'root', undefined, join(folder, 'key'));
	const lftp = (command: string) =>
		`lftp -e 'set sftp:auto-confirm yes; set sftp:connect-program "ssh -a -x -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -i ${folder}/key"; open -p ${sshd.port} -u root, sftp://127.0.0.1; ${command}; bye'`;
	const ftp = (parameters: object): NodeUnderTest => ({
		type: 'n8n-nodes-base.ftp',
		parameters: { protocol: 'sftp', options: {}, ...parameters } as never,
	});
	return [
		{
			title: 'Download over SFTP from OpenSSH',
			goals: [
				atMostTimes(1.25, 'OpenSSH sftp'),
				atMostTimesCpu(2.2, 'OpenSSH sftp'),
				atMostTimes(0.1, "n8n's FTP node"),
				...UNNOTICED,
			],
			contenders: [
				{
					name: 'fileX Download',
					mib: sizes.big,
					work: ours(mine, download('sftp'), [{ path: '0001/crd/reports/big.bin' }]),
				},
				{
					name: "n8n's FTP node",
					mib: sizes.peer,
					work: {
						engine: task(
							theirs,
							[ftp({ operation: 'download', path: '/0001/crd/reports/peer.bin', binaryPropertyName: 'data' })],
							{},
						),
					},
				},
				{ name: 'OpenSSH sftp', mib: sizes.big, work: { shell: batch(`get /0001/crd/reports/big.bin ${folder}/got`) } },
				rclone(':sftp:/0001/crd/reports/big.bin', `${folder}/got`),
				{
					name: 'lftp',
					mib: sizes.big,
					work: { shell: `rm -f ${folder}/got-lftp; ${lftp(`get /0001/crd/reports/big.bin -o ${folder}/got-lftp`)}` },
				},
			],
		},
		{
			title: 'Upload over SFTP to OpenSSH',
			goals: [
				atMostTimes(1.25, 'OpenSSH sftp'),
				atMostTimesCpu(1.6, 'OpenSSH sftp'),
				atMostTimes(0.1, "n8n's FTP node"),
				...UNNOTICED,
			],
			contenders: [
				{ name: 'fileX Upload', mib: sizes.big, work: ours(mine, upload('sftp'), undefined, ['big.bin']) },
				{
					name: "n8n's FTP node",
					mib: sizes.peer,
					work: {
						engine: task(
							theirs,
							[
								ftp({
									operation: 'upload',
									path: '/0001/focus/in/peer.bin',
									binaryData: true,
									binaryPropertyName: 'data',
								}),
							],
							{ files: [join(folder, 'peer.bin')] },
						),
					},
				},
				{
					name: 'OpenSSH sftp',
					mib: sizes.big,
					work: { shell: batch(`put ${folder}/big.bin /0001/focus/in/openssh.bin`) },
				},
				rclone(`${folder}/big.bin`, ':sftp:/0001/focus/in/rclone.bin'),
				{ name: 'lftp', mib: sizes.big, work: { shell: lftp(`put ${folder}/big.bin -o /0001/focus/in/lftp.bin`) } },
			],
		},
		{
			title: `Download of ${small.count} small files over SFTP from OpenSSH`,
			goals: [atMostSeconds(small.count > 50 ? 5 : 3), atMostTimes(1, "n8n's FTP node")],
			contenders: [
				{ name: 'fileX Download', mib: smallMib, work: ours(mine, download('sftp'), smallPaths(world)) },
				{
					name: "n8n's FTP node",
					mib: smallMib,
					work: {
						engine: task(
							theirs,
							[ftp({ operation: 'download', path: '=/{{ $json.path }}', binaryPropertyName: 'data' })],
							{ records: smallPaths(world) },
						),
					},
				},
			],
		},
		{
			title: `Upload of ${small.count} small files over SFTP to OpenSSH`,
			goals: [atMostSeconds(small.count > 50 ? 5 : 3), atMostTimes(1, "n8n's FTP node")],
			contenders: [
				{ name: 'fileX Upload', mib: smallMib, work: ours(mine, upload('sftp'), undefined, smallNames(world)) },
				{
					name: "n8n's FTP node",
					mib: smallMib,
					work: {
						engine: task(
							theirs,
							[
								ftp({
									operation: 'upload',
									path: '=/0001/focus/in/{{ $json.name }}',
									binaryData: true,
									binaryPropertyName: 'data',
								}),
							],
							{ files: smallNames(world).map((name) => join(folder, name)) },
						),
					},
				},
			],
		},
	];
}

function loginTo({ privateKey }: Sshd): object {
	return { username: 'root', privateKey };
}

/** Our credential, for OpenSSH's server. */
function atSshd({ credential }: World, sshd: Sshd): object {
	return { ...credential, ...loginTo(sshd), sftpPort: sshd.port, hostKeys: sshd.hostKeys.join(',') };
}

function ours(world: World, node: NodeUnderTest, records?: object[], files?: string[]): Work {
	const warm = files
		? { files: [join(world.folder, 'warm.bin')] }
		: { records: [{ path: '0001/crd/reports/warm.bin' }] };
	const input = files ? { files: files.map((name) => join(world.folder, name)) } : { records };
	return { engine: task(world, [node], input), warmUp: task(world, [node], warm) };
}

function task(
	{ credential, n8n }: World,
	nodes: NodeUnderTest[],
	input: Pick<EngineTask, 'files' | 'records'>,
): EngineTask {
	return { credential, n8n, nodes, ...input };
}

function download(accessMethod: Method): NodeUnderTest {
	return {
		type: 'fileXDownload',
		parameters: { accessMethod, selectBy: 'path', filePath: '={{ $json.path }}', binaryPropertyName: 'data' } as never,
	};
}

/** Into a sub-space of its own, and without the guard: the runs send the same file again and again. */
function upload(accessMethod: Method): NodeUnderTest {
	return filing({ accessMethod, ifAlreadyFiled: 'allow' });
}

function httpDownload({ sandbox, token, httpRequest }: World): NodeUnderTest[] {
	const authorization = {
		sendHeaders: true,
		headerParameters: { parameters: [{ name: 'Authorization', value: `Bearer ${token}` }] },
	};
	const node = (parameters: object): NodeUnderTest => ({
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: httpRequest,
		parameters: { authentication: 'none', ...parameters } as never,
	});
	return [
		node({ method: 'GET', url: `=${sandbox.rest}/files/{{ $json.path }}`, ...authorization, options: {} }),
		node({
			method: 'GET',
			url: '={{ $json.url }}',
			options: { response: { response: { responseFormat: 'file', outputPropertyName: 'data' } } },
		}),
	];
}

function httpUpload({ sandbox, token, httpRequest }: World): NodeUnderTest[] {
	const node = (parameters: object): NodeUnderTest => ({
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: httpRequest,
		parameters: { authentication: 'none', method: 'PUT', sendHeaders: true, options: {}, ...parameters } as never,
	});
	return [
		node({
			url: `=${sandbox.rest}/files/0001/focus/in/{{ $json.name }}`,
			headerParameters: { parameters: [{ name: 'Authorization', value: `Bearer ${token}` }] },
		}),
		node({
			url: '={{ $json.url }}',
			headerParameters: { parameters: [{ name: 'Content-Type', value: 'application/octet-stream' }] },
			sendBody: true,
			contentType: 'binaryData',
			inputDataFieldName: 'data',
		}),
	];
}

function smallNames({ small }: World): string[] {
	return Array.from({ length: small.count }, (_, index) => `small-${index}.bin`);
}

function smallPaths(world: World): Array<{ path: string }> {
	return smallNames(world).map((name) => ({ path: `0001/crd/reports/${name}` }));
}
