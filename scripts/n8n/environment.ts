import { delimiter, dirname, join } from 'node:path';
import { ROOT } from '../run';

/** What this process runs under, and must not hand on: a test runner's mode, another n8n's settings. */
const NOT_HANDED_ON = /^(N8N_|DB_|QUEUE_|NODE_ENV$|JEST_)/;

/** An environment for children: this one's, on the very Node that runs this, with `more`. */
export function childEnvironment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
	const inherited = Object.entries(process.env).filter(([name]) => !NOT_HANDED_ON.test(name));
	const path = [dirname(process.execPath), join(ROOT, 'node_modules', '.bin'), process.env.PATH];
	return { ...Object.fromEntries(inherited), PATH: path.join(delimiter), ...more };
}
