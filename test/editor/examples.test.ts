import { randomBytes } from 'node:crypto';
import { describeWith, POSTGRES } from '../support/needs';
import { agent } from './examples/agent';
import { Desk } from './examples/desk';
import { fourEyes } from './examples/four-eyes';
import { receipts } from './examples/receipts';
import { reports } from './examples/reports';
import { submissions } from './examples/submissions';

/** A first run also installs n8n. */
const PREPARATION_LIMIT = 15 * 60_000;

/** One n8n for all of them: its start takes longer than most of what is tried. */
describeWith(POSTGRES, 'the examples, in a real n8n', () => {
	const preparation = new AbortController();
	const report = { name: 'disclosures.csv', content: randomBytes(50_000) };
	let desk: Desk | undefined;

	beforeAll(async () => {
		desk = await Desk.open(preparation.signal);
		// Before anything is picked up or submitted.
		await desk.run('receipts-to-postgres', 'Once');
	}, PREPARATION_LIMIT);
	afterAll(async () => {
		// Also ends a preparation that outlived its limit.
		preparation.abort();
		await desk?.close();
	});
	const running = () => {
		if (!desk) throw new Error('n8n did not start; see above');
		return desk;
	};

	describe('about reports', () => reports(running, report));
	describe('with four eyes', () => fourEyes(running));
	describe('with receipts', () => receipts(running, report));
	describe('with an agent', () => agent(running, 'with-receipt.zip'));
	// Last: it moves the clock.
	describe('about submissions', () => submissions(running));

	it('leave no secret in the log', () => {
		expect(running().rig.n8n.log()).not.toMatch(/X-Amz-Signature|Bearer [\w-]{10}|xoxb-/);
	});
});
