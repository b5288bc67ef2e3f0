import assert from 'node:assert/strict';
import type { HttpReply } from './http-clients';
import { sha256 } from '../../support/random';
import { READ_SPACE, type Kind, type Worker } from './worker';

interface Listing {
	name: string;
	type: string;
	children: Array<{ name: string; type: string; metadata: { writable: boolean; contentLength?: number } }>;
}

export async function takeToken(worker: Worker): Promise<void> {
	const { username, password } = worker.world.sandbox.accounts[0]!;
	const { status, body } = await worker.login(username, password);
	assert.equal(status, 200);
	const { access_token: token, token_type: type } = JSON.parse(body.toString()) as {
		access_token: string;
		token_type: string;
	};
	assert.equal(type, 'Bearer');
	worker.token = token;
}

async function list(worker: Worker): Promise<void> {
	const path = worker.random.pick(['0001', '0001/crd', READ_SPACE]);
	const { name, type, children } = await worker.json<Listing>(`files/${path}`);
	assert.deepEqual([name, type], [path.split('/').at(-1), 'DIR']);
	if (path === READ_SPACE) {
		const expected = worker.world.published.map((file) => [file.name, 'FILE', file.content.length]);
		assert.deepEqual(
			children.map((each) => [each.name, each.type, each.metadata.contentLength]),
			expected,
		);
		return;
	}
	const expected =
		path === '0001'
			? [
					['crd', false],
					['focus', false],
				]
			: [
					['incoming_filings', true],
					['reports', false],
				];
	const found = new Map(children.map((each) => [each.name, each.metadata.writable]));
	assert.deepEqual(
		expected.map(([child]) => [child, found.get(child as string)]),
		expected,
	);
	assert.ok(children.every((each) => each.type === 'DIR'));
}

/** A pre-signed URL to download a file. */
export async function downloadUrl(worker: Worker, path: string): Promise<string> {
	return (await worker.json<{ url: string }>(`files/${path}`)).url;
}

async function download(worker: Worker): Promise<void> {
	const file = worker.random.pick(worker.world.published);
	const { status, body } = await worker.http(await downloadUrl(worker, `${READ_SPACE}/${file.name}`));
	assert.equal(status, 200);
	assert.equal(sha256(body), file.sha256, `wrong bytes in ${file.name}: ${body.length} of ${file.content.length}`);
}

async function downloadRange(worker: Worker): Promise<void> {
	const { random, world } = worker;
	const { name, content } = random.pick(world.published.filter((each) => each.content.length > 0));
	const start = random.between(0, content.length - 1);
	const end = random.between(start, content.length - 1);
	const [range, from, to] = random.pick([
		[`bytes=${start}-${end}`, start, end],
		[`bytes=${start}-`, start, content.length - 1],
		[`bytes=${start}-${content.length + 1000}`, start, content.length - 1],
		[`bytes=-${content.length - start}`, start, content.length - 1],
	] as const);
	const reply = await worker.http(await downloadUrl(worker, `${READ_SPACE}/${name}`), { headers: { Range: range } });
	checkPiece(reply, content, from, to, `${range} of ${name}`);
}

function checkPiece(
	{ status, header, body }: HttpReply,
	content: Buffer,
	from: number,
	to: number,
	what: string,
): void {
	assert.equal(status, 206, what);
	assert.equal(header('content-range'), `bytes ${from}-${to}/${content.length}`, what);
	assert.ok(body.equals(content.subarray(from, to + 1)), `wrong bytes in ${what}`);
}

/** Where to upload, and how to track it. */
export async function uploadUrl(worker: Worker, path: string): Promise<{ url: string; trackingId: string }> {
	return await worker.json(`files/${path}`, 'PUT');
}

export async function checkTracking(worker: Worker, trackingId: string, name: string, size: number): Promise<void> {
	const records = await worker.json<Array<Record<string, unknown>>>(`tracking?id=${trackingId}`);
	assert.equal(records.length, 1);
	const { fileName, status, fileSize, arcvFileName } = records[0]!;
	assert.deepEqual({ fileName, status, fileSize }, { fileName: name, status: 'Received by FINRA', fileSize: size });
	assert.match(String(arcvFileName), new RegExp(`^\\d{17}_${name}$`));
}

async function upload(worker: Worker): Promise<void> {
	const draft = worker.draft();
	const { url, trackingId } = await uploadUrl(worker, `${draft.space}/${draft.name}`);
	const { status, body } = await worker.http(url, { method: 'PUT', body: draft.content });
	assert.equal(status, 200, body.toString());
	worker.accepted('rest', draft);
	await checkTracking(worker, trackingId, draft.name, draft.size);
}

export const REST_KINDS: Kind[] = [
	{ name: 'token', weight: 5, run: takeToken },
	{ name: 'list', weight: 12, run: list },
	{ name: 'download', weight: 12, run: download },
	{ name: 'range', weight: 12, run: downloadRange },
	{ name: 'upload', weight: 16, run: upload },
];
