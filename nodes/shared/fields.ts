import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { graded, parallel, type Parallelism } from '../../filex';
import type { Parameters } from './parameters';

export const accessMethodField: INodeProperties = {
	displayName: 'Access Method',
	name: 'accessMethod',
	type: 'options',
	noDataExpression: true,
	options: [
		{ name: 'HTTPS REST', value: 'rest', description: 'Port 443 to fileX, FIP and AWS S3' },
		{ name: 'S3 Direct', value: 's3', description: 'Port 443 to AWS S3, and to fileX and FIP for a token' },
		{ name: 'SFTP', value: 'sftp', description: 'Port 22 to fileX' },
	],
	default: 'rest',
	description: 'How to connect to fileX. S3 Direct does not list upload sub-spaces.',
};

/** Placeholders for a name and for a path. */
type Examples = [name: string, path: string];

const APPLICATION_EXAMPLES: Examples = ['e.g. crd', 'e.g. 0001/crd'];
const SUB_SPACE_EXAMPLES: Examples = ['e.g. reports', 'e.g. 0001/crd/reports'];

export function applicationField(displayOptions?: IDisplayOptions): INodeProperties {
	return locator('Application', 'application', 'applications', APPLICATION_EXAMPLES, displayOptions);
}

export function subSpaceField(displayOptions?: IDisplayOptions): INodeProperties {
	return locator('Sub-Space', 'subSpace', 'subSpaces', SUB_SPACE_EXAMPLES, displayOptions);
}

export function fileField(displayOptions?: IDisplayOptions): INodeProperties {
	return locator('File', 'file', 'files', ['e.g. report.pdf', 'e.g. 0001/crd/reports/report.pdf'], displayOptions);
}

export const uploadApplicationField = locator('Application', 'application', 'uploadApplications', [
	'e.g. focus',
	'e.g. 0001/focus',
]);

export const uploadSubSpaceField = locator('Sub-Space', 'subSpace', 'uploadSubSpaces', [
	'e.g. in',
	'e.g. 0001/focus/in',
]);

function locator(
	displayName: string,
	parameter: string,
	searchListMethod: string,
	[name, path]: Examples,
	displayOptions?: IDisplayOptions,
): INodeProperties {
	return {
		displayName,
		name: parameter,
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod, searchable: true },
			},
			{ displayName: 'By Name', name: 'name', type: 'string', placeholder: name },
			{ displayName: 'By Path', name: 'path', type: 'string', placeholder: path },
		],
		...(displayOptions && { displayOptions }),
	};
}

export const onBehalfOfOption: INodeProperties = {
	displayName: 'On Behalf of Organization ID',
	name: 'orgId',
	type: 'string',
	default: '',
	placeholder: 'e.g. 0001',
	description:
		"Another organization whose spaces this account may use; leading zeros count. Leave empty for the credential's organization.",
};

/** The guide's cure for clients and networks that upset the order of packets (FAQ 36). */
export const packetsInOrderOption: INodeProperties = {
	displayName: 'One Request at a Time',
	name: 'packetsInOrder',
	type: 'boolean',
	default: false,
	displayOptions: { show: { '/accessMethod': ['sftp'] } },
	description:
		'Whether to keep only one SFTP request in flight. Much slower; for servers or firewalls that reorder packets.',
};

/** "Parallel Downloads" and "Parallel Uploads". */
export function parallelOption(displayName: string, description: string): INodeProperties {
	return {
		displayName,
		name: 'parallel',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 16, numberPrecision: 0 },
		default: 16,
		description,
	};
}

export const namePatternOption: INodeProperties = {
	displayName: 'File Name Pattern',
	name: 'namePattern',
	type: 'string',
	default: '',
	placeholder: 'e.g. *.pdf',
	description:
		'Only files whose name matches: * stands for any characters, ? for one, [0-9] for one of a set, {csv,txt} for one of several. Commas make a list: *.csv, *.txt. Letter case is ignored.',
};

/** "Return All" and "Limit", shown where `show` says. */
export function limitFields(show: NonNullable<IDisplayOptions['show']>): INodeProperties[] {
	return [
		{
			displayName: 'Return All',
			name: 'returnAll',
			type: 'boolean',
			default: false,
			displayOptions: { show },
			description: 'Whether to return all results or only up to a given limit',
		},
		{
			displayName: 'Limit',
			name: 'limit',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: 50,
			displayOptions: { show: { ...show, returnAll: [false] } },
			description: 'Max number of results to return',
		},
	];
}

/** Fields, or what fileX itself says. */
export const outputField: INodeProperties = {
	displayName: 'Output',
	name: 'output',
	type: 'options',
	options: [
		{ name: 'Fields', value: 'fields', description: 'One item for each result' },
		{
			name: 'fileX XML (Raw)',
			value: 'xml',
			description: "One item with fileX's own XML of all results: filters and limit do not apply",
		},
	],
	default: 'fields',
	description: 'What to hand on',
};

/** Small files at a time, where no option says otherwise. */
const SMALL_FILES = 32;

/** What 'Parallel Downloads' or 'Parallel Uploads' says. @param most what the access method allows */
export function parallelismOf(options: Parameters, most = Infinity): Parallelism {
	if (!options.has('parallel')) return graded(Math.min(most, SMALL_FILES));
	return parallel(Math.min(most, options.number('parallel', 'number of files')));
}
