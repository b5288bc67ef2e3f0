import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { cancelled, CheckedReader, describeFile, KeyedSemaphore } from '../../filex';
import { s3BucketApiTest } from '../shared/bucket';
import { fipApiTest } from '../shared/credential-test';
import { listSearch } from '../shared/list-search';
import { runOnSpace } from '../shared/router';
import { openDestination } from './destination/open-destination';
import { downloadProperties, parallelOf, parametersOf, spaceSettingsOf } from './fields';
import { filePathOf } from './target';

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
				const destination = await openDestination(this);
				const reader = new CheckedReader(space, {
					open: async (file, listed) =>
						bulk.takes(listed.size) && (await destination.isLocal()) ? await bulk.download(file, listed) : undefined,
				});
				const { files, placesFor } = parallelOf(parametersOf(this, 0));
				const places = new KeyedSemaphore(() => cancelled('Downloading the file'));
				return {
					parallel: files,
					item: async ({ itemIndex, signal }) => {
						const file = filePathOf(this, account, itemIndex);
						const store = await destination.prepare(file, itemIndex);
						const { size = 0 } = (await reader.listed(file)) ?? {};
						const leave = await places.acquire('', files, signal, placesFor(size));
						try {
							const checked = await reader.read(file);
							// A destination may refuse before it has read anything: disk full, no permission.
							const { binary, record } = await store(checked).finally(() => checked.stream.destroy());
							const facts = { ...describeFile(file, checked.listed), sha256: checked.sha256(), accessMethod: method };
							return [{ record: { ...facts, ...record }, binary }];
						} finally {
							leave();
						}
					},
					close: async () => await destination.close(),
				};
			},
		);
	}
}
