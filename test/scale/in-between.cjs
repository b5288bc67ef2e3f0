'use strict';
/**
 * Loaded into n8n before anything else. It steps in once n8n has what a trigger gave out, and before it has inserted an
 * execution for it. By default n8n dies there, which is when power cuts lose files: with its own cursors, the state is saved
 * by then; with durable ones, both are one transaction, and it dies before that. With `FILEX_SAVING_TAKES` (ms), it is slow.
 */
const Module = require('node:module');
const { setTimeout: sleep } = require('node:timers/promises');

const takes = process.env.FILEX_SAVING_TAKES;
const load = Module._load;

Module._load = function (...args) {
	const loaded = load.apply(this, args);
	const { WorkflowExecutionService } = args[0].endsWith('workflow-execution.service') ? loaded : {};
	const service = WorkflowExecutionService?.prototype;
	if (!service || service.isChanged) return loaded;
	service.isChanged = true;
	for (const name of ['runWorkflow', 'runPolledWorkflow']) {
		const begin = service[name];
		if (!begin) continue;
		service[name] = async function (...given) {
			// Before n8n dies, the state of all triggers that fired in this second is saved.
			await sleep(Number(takes ?? 2000));
			if (takes === undefined) process.kill(process.pid, 'SIGKILL');
			return await begin.apply(this, given);
		};
	}
	return loaded;
};
