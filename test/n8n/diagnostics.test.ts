import { Engine } from '../support/engine';
import { startSandbox } from '../../sandbox/sandbox';
import { credentialFields } from '../support/accounts';
it('x', async () => {
	const sandbox = await startSandbox({ seeded: true });
	const engine = await Engine.start(credentialFields(sandbox.info));
	const { items, error } = await engine.run({ type: 'fileXList', parameters: { operation: 'diagnostics' } });
	console.log(error, JSON.stringify(items.map(({ json }) => json), null, 1));
	console.log(JSON.stringify(sandbox.log.all().map(({service, request, outcome}) => `${service} ${request} ${outcome}`), null, 0));
	await sandbox.close();
});
