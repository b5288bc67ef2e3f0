import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { SandboxContext } from '../context';
import { controlHandler } from '../control/control';
import { type Handler, send, sendJson } from '../http';
import type { SandboxInfo } from '../info';

const PAGE: Record<string, [file: string, type: string]> = {
	'/': ['index.html', 'text/html; charset=utf-8'],
	'/console.css': ['console.css', 'text/css; charset=utf-8'],
	'/console.js': ['console.js', 'text/javascript; charset=utf-8'],
};

/** The console page for people, and the control endpoint that it and programs use. */
export function consoleHandler(context: SandboxContext, info: SandboxInfo, controlHost: string): Handler {
	const control = controlHandler(context, info);
	return async (request, response, url) => {
		if (isForeign(request, controlHost))
			return sendJson(response, 403, { message: 'Only pages of the sandbox itself may use it.' });
		const page = request.method === 'GET' ? PAGE[url.pathname] : undefined;
		if (!page) return await control(request, response, url);
		response.setHeader(
			'Content-Security-Policy',
			"default-src 'none'; img-src data:; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'",
		);
		response.setHeader('Cache-Control', 'no-store');
		send(response, 200, page[1], await readFile(join(__dirname, 'page', page[0])));
	};
}

/**
 * Whether a page of another site sent this: the console can be reached from any browser on this
 * machine, so every page open in one could try. A name that is no address, and that no one gave to the
 * sandbox, may be DNS rebinding.
 */
function isForeign({ headers }: IncomingMessage, controlHost: string): boolean {
	const host = headers.host ?? '';
	if (headers.origin !== undefined && headers.origin !== `http://${host}`) return true;
	const name = host.replace(/:\d+$/, '').toLowerCase();
	return name !== controlHost.toLowerCase() && !/^(localhost|\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:]+\])(:\d+)?$/i.test(host);
}
