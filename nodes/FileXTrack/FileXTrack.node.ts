import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { MACHINE_CLOCK } from '../../filex';
import { fipApiTest } from '../shared/credential-test';
import { runOnSpace } from '../shared/router';
import { parametersOf, trackProperties } from './fields';
import { AT_A_TIME, type OperationName, OPERATIONS } from './operations';

export class FileXTrack implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'fileX Track',
		name: 'fileXTrack',
		icon: { light: 'file:../../icons/filex.svg', dark: 'file:../../icons/filex.dark.svg' },
		group: ['input'],
		version: 1,
		subtitle:
			'={{ { get: "Get submission", getAll: "Get many submissions", wait: "Wait for submission" }[$parameter["operation"]] }}',
		description: 'Track uploads to FINRA fileX: received, accepted, rejected',
		defaults: { name: 'fileX Track' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: `={{ $parameter["operation"] === "wait" && $parameter["whenTimeIsUp"] === "output" ? [{ type: "${NodeConnectionTypes.Main}", displayName: "Reached" }, { type: "${NodeConnectionTypes.Main}", displayName: "Not Reached" }] : ["${NodeConnectionTypes.Main}"] }}`,
		credentials: [{ name: 'fipApi', required: true, testedBy: 'fipApiTest' }],
		properties: trackProperties,
	};

	methods = { credentialTest: { fipApiTest } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const started = MACHINE_CLOCK.now();
		return await runOnSpace(
			this,
			() => ({}),
			() => {
				const operation = parametersOf(this, 0).choice<OperationName>('operation');
				return {
					parallel: AT_A_TIME[operation],
					item: async (step) => await OPERATIONS[operation](this, step, started),
				};
			},
		);
	}
}
