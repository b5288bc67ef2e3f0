import type { SandboxContext } from './context';
import type { Fault } from './faults';
import { readBody, sendJson, type Handler } from './http';

/**
 * The way to play FINRA:
 *
 * - `PUT /files/{org}/{app}/{space}/{file}[?lastModified=ISO]`: publishes the body there
 * - `DELETE` of the same: takes the file away
 * - `GET /log`, `DELETE /log`: what clients did
 * - `POST /faults` with a fault as JSON, `DELETE /faults`
 * - `DELETE /tokens`: revokes all bearer tokens
 */
export function controlHandler({ store, log, faults, tokens }: SandboxContext): Handler {
	return async (request, response, url) => {
		const [, root, ...path] = url.pathname.split('/').map(decodeURIComponent);
		switch (`${request.method} /${root}`) {
			case 'PUT /files': {
				if (path.length !== 4 || !(await store.isDirectory(path.slice(0, 3)))) {
					return sendJson(response, 404, { message: 'no such sub-space' });
				}
				const lastModified = url.searchParams.get('lastModified');
				return sendJson(response, 201, await store.publish(path, request, lastModified ? new Date(lastModified) : undefined));
			}
			case 'DELETE /files':
				await store.remove(path);
				return sendJson(response, 200, {});
			case 'GET /log':
				return sendJson(response, 200, log.all());
			case 'DELETE /log':
				log.clear();
				return sendJson(response, 200, {});
			case 'POST /faults':
				faults.add(JSON.parse((await readBody(request)).toString()) as Fault);
				return sendJson(response, 201, {});
			case 'DELETE /faults':
				faults.clear();
				return sendJson(response, 200, {});
			case 'DELETE /tokens':
				tokens.revokeAll();
				return sendJson(response, 200, {});
			default:
				return sendJson(response, 404, { message: 'no such control' });
		}
	};
}
