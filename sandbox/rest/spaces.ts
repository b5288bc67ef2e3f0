import type { Store } from '../state/store';
import { maySee, type SandboxAccount } from '../world/accounts';
import { roleOf } from '../world/places';

interface Child {
	name: string;
	type: 'DIR' | 'FILE';
	metadata: { writable: boolean; contentLength?: number; lastModified?: string };
}

/** A space as the guide's sections 5.4.1 to 5.4.3 show it. */
export interface Directory {
	name: string;
	type: 'DIR';
	metadata: { writable: boolean };
	children: Child[];
	_links: Record<'self' | 'parent' | 'children', Array<{ href: string }>>;
}

/**
 * An organization, application or sub-space, with what the account may see of it; undefined where
 * there is none.
 *
 * @param root e.g. `http://127.0.0.1:8080/files`, for the links
 */
export function directory(store: Store, account: SandboxAccount, path: string[], root: string): Directory | undefined {
	const children = childrenOf(store, account, path);
	if (!children) return undefined;
	const href = (parts: string[]) => ({ href: [root, ...parts.map(encodeURIComponent)].join('/') });
	return {
		name: path.at(-1)!,
		type: 'DIR',
		metadata: { writable: isWritable(path) },
		children,
		_links: {
			self: [href(path)],
			parent: [href(path.slice(0, -1))],
			children: children.map(({ name }) => href([...path, name])),
		},
	};
}

function childrenOf(store: Store, account: SandboxAccount, path: string[]): Child[] | undefined {
	if (path.length < 3) {
		return store
			.directories(path)
			?.filter((name) => maySee(account, [...path, name]))
			.map((name) => ({ name, type: 'DIR', metadata: { writable: isWritable([...path, name]) } }));
	}
	return store.list(path)?.map(({ name, size, lastModified }) => ({
		name,
		type: 'FILE',
		metadata: { writable: false, contentLength: size, lastModified: lastModified.toISOString().replace('Z', '+0000') },
	}));
}

function isWritable([, application, subSpace]: string[]): boolean {
	return subSpace !== undefined && roleOf(application!, subSpace) === 'in';
}
