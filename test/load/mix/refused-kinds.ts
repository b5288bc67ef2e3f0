import assert from 'node:assert/strict';
import { cutOff, type HttpReply, leaveEarly } from './http-clients';
import { downloadUrl, uploadUrl } from './rest-kinds';
import { type Kind, READ_SPACE, type Worker, WRITE_SPACES } from './worker';

/** No one works as this account: it is to be locked. */
export const LOCKED_ACCOUNT = 'third';

function expectStatus(status: number, answer: (worker: Worker) => Promise<HttpReply>): Kind['run'] {
	return async (worker) => {
		const reply = await answer(worker);
		assert.equal(reply.status, status, `answered ${reply.status}: ${reply.body.toString('utf8', 0, 200)}`);
	};
}

function tampered(url: string): string {
	return url.replace(
		/(X-Amz-Signature=)(.)/,
		(_whole, name: string, digit: string) => name + (digit === '0' ? '1' : '0'),
	);
}

async function tamperedDownload(worker: Worker): Promise<HttpReply> {
	const { name } = worker.random.pick(worker.world.published);
	return await worker.http(tampered(await downloadUrl(worker, `${READ_SPACE}/${name}`)));
}

async function tamperedUpload(worker: Worker): Promise<HttpReply> {
	const draft = worker.draft();
	const { url } = await uploadUrl(worker, `${draft.space}/${draft.name}`);
	return await worker.http(tampered(url), { method: 'PUT', body: draft.content });
}

async function cutUpload(worker: Worker): Promise<void> {
	const draft = worker.draft(worker.random.between(2, 500_000));
	const { url } = await uploadUrl(worker, `${draft.space}/${draft.name}`);
	worker.cutOff(draft);
	const how = worker.random.pick(['end', 'reset'] as const);
	await worker.world.ledger.during(async () => await cutOff(url, draft.content, how));
}

async function cutDownload(worker: Worker): Promise<void> {
	const { random, world } = worker;
	const { name } = random.pick(world.published.filter((each) => each.content.length > 1 << 18));
	const url = await downloadUrl(worker, `${READ_SPACE}/${name}`);
	assert.equal(await world.ledger.during(async () => await leaveEarly(url)), 200);
}

/** What must be refused, and what must do no harm. */
export const REFUSED_KINDS: Kind[] = [
	{
		name: 'bad token',
		weight: 2,
		run: expectStatus(401, async (worker) => await worker.rest(`files/${READ_SPACE}`, 'GET', `${worker.token}x`)),
	},
	{ name: 'tampered download', weight: 2, run: expectStatus(403, tamperedDownload) },
	{ name: 'tampered upload', weight: 2, run: expectStatus(403, tamperedUpload) },
	{
		name: 'missing file',
		weight: 2,
		run: expectStatus(404, async (worker) => await worker.rest(`files/${READ_SPACE}/missing.pdf`)),
	},
	{
		name: 'foreign organization',
		weight: 2,
		run: expectStatus(401, async (worker) => await worker.rest('files/1234')),
	},
	{
		name: 'bad name',
		weight: 2,
		run: expectStatus(400, async (worker) => await worker.rest(`files/${WRITE_SPACES[0]}/a%20b.zip`, 'PUT')),
	},
	{
		name: 'wrong password',
		weight: 2,
		run: expectStatus(400, async (worker) => await worker.login(LOCKED_ACCOUNT, 'wrong')),
	},
	{ name: 'cut upload', weight: 3, run: cutUpload },
	{ name: 'cut download', weight: 2, run: cutDownload },
];
