import type { SettingValues } from '../settings';
import type { Directory } from './spaces';

/** What a service that is not fileX could answer with. */
const FOREIGN = { status: 'ok', data: { widgets: [{ id: 7 }] } };

/** A listing in the shape of choice. */
export function listingAnswer(directory: Directory, shape: SettingValues['listingShape']): object {
	switch (shape) {
		case 'guide':
			return directory;
		case 'wrapped':
			return { data: directory };
		case 'list':
			return directory.children;
		case 'lower-case':
			return renamed(
				directory,
				(key) => key.toLowerCase(),
				(value) => (value === 'FILE' || value === 'DIR' ? value.toLowerCase() : value),
			) as object;
		case 'epoch':
			return renamed(
				directory,
				(key) => key,
				(value, key) => (key === 'lastModified' ? Date.parse(String(value).replace('+0000', 'Z')) : value),
			) as object;
		case 'no-metadata':
			return {
				...directory,
				metadata: undefined,
				children: directory.children.map(({ name, type }) => ({ name, type })),
			};
		case 'foreign':
			return FOREIGN;
	}
}

/** Submissions in the shape of choice. */
export function trackingAnswer(records: object[], shape: SettingValues['trackingListShape']): object {
	switch (shape) {
		case 'guide':
			return records;
		case 'wrapped':
			return { submissions: records, count: records.length };
		case 'snake-case':
			return renamed(
				records,
				(key) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
				(value) => value,
			) as object;
		case 'no-ids':
			return records.map((record) => ({ ...record, trackingId: undefined, _links: undefined }));
		case 'foreign':
			return FOREIGN;
	}
}

/** The same, its keys and values changed at every depth. */
function renamed(
	value: unknown,
	name: (key: string) => string,
	change: (value: unknown, key: string) => unknown,
	key = '',
): unknown {
	if (Array.isArray(value)) return value.map((each) => renamed(each, name, change, key));
	if (typeof value !== 'object' || value === null) return change(value, key);
	return Object.fromEntries(
		Object.entries(value).map(([inner, each]) => [name(inner), renamed(each, name, change, inner)]),
	);
}
