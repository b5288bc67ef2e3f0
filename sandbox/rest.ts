import type { SandboxContext } from './context';
import { sendJson, type Handler } from './http';
import { isWritable, mayUse } from './world';

/** fileX's REST API: listings and pre-signed downloads (guide, section 5.4). */
export function restHandler({ store, tokens, log, faults, presigner }: SandboxContext): Handler {
	return async (request, response, url) => {
		const account = tokens.accountOf(request.headers.authorization);
		const answer = (status: number, body: object) => {
			log.add({ service: 'rest', request: `${request.method} ${url.pathname}`, username: account?.username, outcome: String(status) });
			sendJson(response, status, body);
		};
		if (url.pathname === '/health') return answer(200, { status: 'UP' });
		if (!account) return answer(401, { message: 'Unauthorized' });
		const [, root, ...path] = url.pathname.split('/').map(decodeURIComponent);
		if (root !== 'files' || path.length === 0 || path.length > 4) return answer(403, { message: 'Forbidden' });
		if (request.method !== 'GET') return answer(403, { message: 'Forbidden' });
		if (!/^[0-9]+$/.test(path[0]!)) return answer(400, { message: 'Bad Request' });
		if (!mayUse(account, path)) return answer(401, { message: 'Unauthorized' });

		if (path.length === 4) {
			if (!(await store.find(path))) return answer(404, { message: 'Not Found' });
			return answer(200, { url: presigner.sign('GET', path), method: 'GET' });
		}
		const effect = faults.strike('rest.list', path);
		if (effect === 'cut') return void response.destroy();
		if (effect === 'fail') return answer(500, { message: 'Internal Server Error' });
		const children = effect === 'empty' ? [] : await childrenOf(path);
		if (!children) return answer(404, { message: 'Not Found' });
		const visible = children.filter(({ type, name }) => type === 'FILE' || mayUse(account, [...path, name]));
		answer(200, directory(path, visible, `http://${request.headers.host}/files`));
	};

	async function childrenOf(path: string[]): Promise<Child[] | undefined> {
		if (path.length < 3) {
			return (await store.directories(path))?.map((name) => ({
				name,
				type: 'DIR',
				metadata: { writable: path.length === 2 && isWritable(path[1]!, name) },
			}));
		}
		return (await store.list(path))?.map(({ name, size, lastModified }) => ({
			name,
			type: 'FILE',
			metadata: { writable: false, contentLength: size, lastModified: lastModified.toISOString().replace('Z', '+0000') },
		}));
	}
}

interface Child {
	name: string;
	type: 'DIR' | 'FILE';
	metadata: object;
}

function directory(path: string[], children: Child[], root: string): object {
	const href = (parts: string[]) => ({ href: [root, ...parts.map(encodeURIComponent)].join('/') });
	return {
		name: path.at(-1),
		type: 'DIR',
		metadata: { writable: path.length === 3 && isWritable(path[1]!, path[2]!) },
		children,
		_links: {
			self: [href(path)],
			parent: [href(path.slice(0, -1))],
			children: children.map(({ name }) => href([...path, name])),
		},
	};
}
