import { notFileXs } from '../hints';
import { readJson } from '../http/body';
import type { RemoteDirectory, RemoteFile } from '../space';

interface Child {
	name: string;
	type: string;
	metadata: Record<string, unknown>;
}

/** The directories in a REST listing (guide, sections 5.4.1 and 5.4.2). */
export function parseDirectories(body: string): RemoteDirectory[] {
	return children(body)
		.filter(({ type }) => type === 'DIR')
		.map(({ name, metadata }) => ({ name, ...writableOf(metadata) }));
}

/** The files in a REST listing (guide, section 5.4.3). */
export function parseFiles(body: string): RemoteFile[] {
	return children(body)
		.filter(({ type }) => type === 'FILE')
		.map(({ name, metadata }) => {
			const size = Number(metadata.contentLength);
			const lastModified = new Date(String(metadata.lastModified));
			if (!Number.isSafeInteger(size) || size < 0 || Number.isNaN(lastModified.getTime())) {
				throw notFileXs('no listing', `it gives no usable size and time for '${name}'`);
			}
			return { name, size, lastModified, ...writableOf(metadata) };
		});
}

function writableOf({ writable }: Record<string, unknown>): { writable?: boolean } {
	return typeof writable === 'boolean' ? { writable } : {};
}

function children(body: string): Child[] {
	const json = readJson(body);
	if (json?.type !== 'DIR') throw notFileXs('no listing', 'it is not a JSON directory');
	// An empty directory may come without the key.
	if (json.children === undefined || json.children === null) return [];
	if (!Array.isArray(json.children)) throw notFileXs('no listing', "its 'children' are not a list");
	return json.children.map((child: Partial<Child> | null) => {
		if (typeof child?.name !== 'string' || typeof child.type !== 'string') {
			throw notFileXs('no listing', 'one of its entries has no name or type');
		}
		return { name: child.name, type: child.type, metadata: child.metadata ?? {} };
	});
}
