import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { cancelled, CheckedReader, describeFile, type FilePath, KeyedSemaphore } from '../../filex';
import { refuseFromModel } from '../shared/as-tool';
import { s3BucketApiTest } from '../shared/bucket';
import { fipApiTest } from '../shared/credential-test';
import { listSearch } from '../shared/list-search';
import { type OutputItem, runOnSpace, type Step } from '../shared/router';
import { openDestination } from './destination/open-destination';
import { downloadProperties, parallelOf, parametersOf, spaceSettingsOf } from './fields';
import { receiptOfDownload, withFailedReceipt } from './receipt';
import { filePathOf } from './target';

/** Where files go is not for an agent to say. */
const OF_WORKFLOW = ['destination', 'folder', 'bucketFolder', 'options'];

export class FileXDownload implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'fileX Download',
		name: 'fileXDownload',
		icon: { light: 'file:../../icons/filex.svg', dark: 'file:../../icons/filex.dark.svg' },
		group: ['input'],
		version: 1,
		subtitle: '={{ { rest: "HTTPS REST", s3: "S3 Direct", sftp: "SFTP" }[$parameter["accessMethod"]] }}',
		description: 'Download complete, verified files from FINRA fileX',
		defaults: { name: 'fileX Download' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{ name: 'fipApi', required: true, testedBy: 'fipApiTest' },
			{
				name: 's3BucketApi',
				required: true,
				testedBy: 's3BucketApiTest',
				displayOptions: { show: { destination: ['s3Bucket'] } },
			},
		],
		properties: downloadProperties,
	};

	methods = { credentialTest: { fipApiTest, s3BucketApiTest }, listSearch };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOnSpace(
			this,
			() => spaceSettingsOf(this),
			async ({ account, method, space, bulk }) => {
				refuseFromModel(this, parametersOf(this, 0), OF_WORKFLOW, 'Nothing was transferred. See docs/agents.md.');
				const destination = await openDestination(this);
				const reader = new CheckedReader(space, {
					open: async (file, listed) =>
						bulk.takes(listed.size) && (await destination.isLocal()) ? await bulk.download(file, listed) : undefined,
				});
				const { files, placesFor } = parallelOf(parametersOf(this, 0));
				const places = new KeyedSemaphore(() => cancelled('Downloading the file'));
				const download = async (step: Step, file: FilePath, startedAt: number): Promise<OutputItem> => {
					const store = await destination.prepare(file, step.itemIndex);
					const { size = 0 } = (await reader.listed(file)) ?? {};
					const leave = await places.acquire('', files, step.signal, placesFor(size));
					try {
						const checked = await reader.read(file);
						// A destination may refuse before it has read anything: disk full, no permission.
						const { binary, record } = await store(checked).finally(() => checked.stream.destroy());
						const sha256 = checked.sha256();
						const facts = { ...describeFile(file, checked.listed), sha256, accessMethod: method };
						const receipt = receiptOfDownload(this, step, file, startedAt, { ...checked, sha256 });
						return { record: { ...facts, ...record, receipt: { ...receipt } }, binary };
					} finally {
						leave();
					}
				};
				return {
					parallel: files,
					item: async (step) => {
						const startedAt = Date.now();
						const file = filePathOf(this, account, step.itemIndex);
						return [
							await download(step, file, startedAt).catch((error: unknown) => {
								throw withFailedReceipt(this, step, file, startedAt, error);
							}),
						];
					},
					close: async () => await destination.close(),
				};
			},
		);
	}
}
