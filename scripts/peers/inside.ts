import { delimiter } from 'node:path';
import spawn from 'cross-spawn';
import { startChild, tail, type Child } from '../n8n/child';

/** Environment of what runs as root: Debian keeps its tools apart from those of other users. */
export function rootEnvironment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
	const path = ['/usr/sbin', '/usr/bin', '/sbin', '/bin', process.env.PATH];
	return { ...process.env, PATH: path.join(delimiter), LC_ALL: 'C.UTF-8', ...more };
}

/** Runs a command to its end and gives what it printed; shows all that it said only where it failed. */
export async function output(command: string, args: string[], signal: AbortSignal): Promise<string> {
	const env = rootEnvironment({ DEBIAN_FRONTEND: 'noninteractive' });
	const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env, signal });
	let printed = '';
	let log = '';
	child.stdout!.setEncoding('utf8').on('data', (text: string) => (printed += text));
	child.stderr!.setEncoding('utf8').on('data', (text: string) => (log += text));
	const code = await new Promise<number | null>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', resolve);
	});
	if (code === 0) return printed;
	throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${tail(printed + log)}`);
}

/** A server of the chroot, in the foreground, that the kernel ends should this process be killed. */
export function startInside(chroot: string, program: string, args: string[]): Child {
	const command = ['--pdeathsig', 'KILL', '--', 'chroot', chroot, program, ...args];
	return startChild('setpriv', command, { env: rootEnvironment() });
}
