import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SandboxInfo } from '../../sandbox/info';
import { startSandboxProcess } from '../../scripts/n8n/sandbox-process';
import { Teardown } from '../../scripts/n8n/teardown';
import { credentialFields } from '../support/accounts';
import { byName } from '../support/by-name';
import { type EngineOutcome, type EngineRun, runInProcess } from '../support/engine-process';
import { hashOf, writeLargeFile } from '../support/large-file';

const GIB = 2 ** 30;

/** GiB of the file: `FILEX_BIG=2 npm run test:big` for a smaller one. */
const SIZE = Number(process.env.FILEX_BIG ?? 12) * GIB;

/** The most that one PUT takes, which is all that REST has. */
const REST_LIMIT = 5 * GIB;

/** MiB that n8n's process may grow by, whatever it moves; docs/performance.md tells what they are. */
const GROWTH = 256;

const LIMIT = 1_200_000;

/** From disk to fileX and back to disk, by nodes in n8n's engine, in a process of its own. */
describe(`a file of ${SIZE / GIB} GiB`, () => {
	let folder: string;
	const hashes = new Map<number, string>();

	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), 'filex-big-'));
		const { bavail, bsize } = await statfs(folder);
		// The file, fileX's copy of it, and what comes back.
		const wanted = 3 * SIZE + 2 * GIB;
		if (bavail * bsize < wanted)
			throw new Error(
				`${wanted / GIB} GiB of disk are needed in ${tmpdir()}, and ${((bavail * bsize) / GIB).toFixed(0)} are free`,
			);
		await mkdir(join(folder, 'back'));
	});
	afterAll(async () => await rm(folder, { recursive: true, force: true }));

	it.each([
		['rest', Math.min(SIZE, REST_LIMIT), ['rest']],
		['s3', SIZE, ['s3', 'rest']],
		['sftp', SIZE, ['sftp']],
	])(
		'goes up over %s and comes back, whole, in flat memory (%d bytes)',
		async (accessMethod, size, back) => {
			const path = join(folder, 'filing.bin');
			const sha256 = await prepare(path, size);
			await withSandbox(async (sandbox) => {
				const run = async (method: string, engineRun: EngineRun): Promise<EngineOutcome> => {
					const { outcomes } = await runInProcess(credentialFields(sandbox), [warmUp(method), engineRun], {
						N8N_RESTRICT_FILE_ACCESS_TO: folder,
					});
					return outcomes[1]!;
				};
				const up = await run(accessMethod, {
					node: {
						type: 'fileXUpload',
						parameters: {
							accessMethod,
							application: byName('focus'),
							subSpace: byName('in'),
							source: 'disk',
							filePath: path,
							ifAlreadyFiled: 'allow',
							options: { waitUntilReceived: 60 },
						},
					},
				});
				expect(up.error).toBeUndefined();
				expect(up.json).toMatchObject({ outcome: 'accepted', size, sha256 });
				const arrivals = (await (await fetch(`${sandbox.control}/arrivals`)).json()) as Array<{
					size: number;
					sha256: string;
					archiveName: string;
				}>;
				expect(arrivals).toMatchObject([{ size, sha256 }]);
				tell(accessMethod, size, 'up', up);
				expect(up.growth).toBeLessThan(GROWTH);
				for (const method of back) {
					const down = await run(method, {
						node: {
							type: 'fileXDownload',
							parameters: {
								accessMethod: method,
								selectBy: 'path',
								filePath: `0001/focus/in_arcv/${arrivals[0]!.archiveName}`,
								destination: 'disk',
								folder: join(folder, 'back'),
							},
						},
					});
					expect(down.error).toBeUndefined();
					expect(down.json).toMatchObject({ size, sha256 });
					expect(await hashOf(String(down.json!.savedTo))).toBe(sha256);
					tell(method, size, 'down', down);
					expect(down.growth).toBeLessThan(GROWTH);
				}
			});
		},
		LIMIT,
	);

	async function prepare(path: string, size: number): Promise<string> {
		if (!hashes.has(size)) {
			await writeLargeFile(path, size);
			hashes.set(size, await hashOf(path));
		}
		return hashes.get(size)!;
	}

	async function withSandbox(work: (sandbox: SandboxInfo) => Promise<void>): Promise<void> {
		const teardown = new Teardown();
		const data = join(folder, 'data');
		try {
			const sandbox = await startSandboxProcess(data, teardown, new AbortController().signal);
			const body = randomBytes(1000);
			await fetch(`${sandbox.control}/files/0001/crd/reports/warm.bin`, { method: 'PUT', body });
			await work(sandbox);
		} finally {
			await teardown.run();
			await rm(data, { recursive: true, force: true });
			await rm(join(folder, 'back'), { recursive: true, force: true });
			await mkdir(join(folder, 'back'));
		}
	}

	/** What is loaded when it is first used is no growth. */
	function warmUp(accessMethod: string): EngineRun {
		return {
			node: {
				type: 'fileXDownload',
				parameters: {
					accessMethod,
					selectBy: 'path',
					filePath: '0001/crd/reports/warm.bin',
					destination: 'disk',
					folder: join(folder, 'back'),
				},
			},
		};
	}
});

function tell(method: string, size: number, direction: string, { growth, seconds }: EngineOutcome): void {
	process.stdout.write(
		`${method}, ${size / GIB} GiB ${direction}: ${seconds.toFixed(0)} s, ${(size / 2 ** 20 / seconds).toFixed(0)} MiB/s, memory grew by ${growth.toFixed(0)} MiB\n`,
	);
}
