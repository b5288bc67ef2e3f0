import { PATIENCE } from '../../filex/util/patience';
import { text } from 'node:stream/consumers';
import type { ICredentialsDecrypted, ICredentialTestFunctions } from 'n8n-workflow';
import { fipApiTest } from '../../nodes/shared/credential-test';
import { watchEffort } from './process-memory';
import { Engine, fileItem, storedBytes } from './engine';
import type { EngineOutcome, EngineRun } from './engine-process';

/** The other side of `runInProcess`. */
// As in the tests' own process, see setup.ts.
PATIENCE.ms = 0;

async function main(): Promise<void> {
	const { credential, runs } = JSON.parse(await text(process.stdin)) as { credential: object; runs: EngineRun[] };
	const engine = await Engine.start(credential);
	const outcomes: EngineOutcome[] = [];
	for (const { node, json = {}, file } of runs) {
		const item = file ? await fileItem(file.name, Buffer.from(file.text), json) : { json };
		const watch = watchEffort();
		const { items, error } = await engine.runOn(node, [item]);
		const measured = watch.end();
		const stored = items[0]?.binary?.data && (await storedBytes(items[0])).toString();
		outcomes.push({
			json: items[0]?.json,
			text: stored,
			error: error?.message,
			description: error?.description,
			...measured,
		});
	}
	const { status, message } = await fipApiTest.call(
		{} as ICredentialTestFunctions,
		{ data: credential } as unknown as ICredentialsDecrypted,
	);
	process.stdout.write(`${JSON.stringify({ outcomes, credentialTest: `${status}: ${message}` })}\n`);
	process.exit(0);
}

main().catch((error: Error) => {
	process.stderr.write(`${error.stack}\n`);
	process.exit(1);
});
