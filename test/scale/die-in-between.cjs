'use strict';
/**
 * Loaded into n8n before anything else: n8n dies once it has saved what a trigger gave out, and before it has inserted an
 * execution for it, which is when power cuts lose files. Where both are one transaction, it dies before that.
 */
const Module = require('node:module');
const load = Module._load;
Module._load = function (...args) {
	const loaded = load.apply(this, args);
	const { WorkflowExecutionService } = args[0].endsWith('workflow-execution.service') ? loaded : {};
	if (!WorkflowExecutionService?.prototype || WorkflowExecutionService.dies) return loaded;
	WorkflowExecutionService.dies = true;
	for (const name of ['runWorkflow', 'runPolledWorkflow']) {
		WorkflowExecutionService.prototype[name] = async () => {
			// By then, the state of all triggers that fired in this second is saved.
			await new Promise((resolve) => setTimeout(resolve, 2000));
			process.kill(process.pid, 'SIGKILL');
		};
	}
	return loaded;
};
