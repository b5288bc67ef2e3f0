// Runs a command on Node 24, which n8n needs, whatever Node this machine has: on the running one if
// it is new enough, else on the one of the npm package `node`, unpacked on first use (its own install
// script is off, like all install scripts here). It is the one script that older versions must run.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const onWindows = process.platform === 'win32';

function binFolder() {
	const folder = join(root, 'node_modules', 'node', 'bin');
	if (!existsSync(join(folder, onWindows ? 'node.exe' : 'node'))) {
		process.stderr.write('Unpacking Node 24 (once)\n');
		const { status } = spawnSync('npm', ['rebuild', 'node', '--ignore-scripts=false'], {
			cwd: root,
			stdio: ['ignore', 'ignore', 'inherit'],
			shell: onWindows,
		});
		if (status !== 0) throw new Error('npm rebuild node did not work: run npm ci first');
	}
	return folder;
}

const isNewEnough = Number(process.versions.node.split('.')[0]) >= 24;
const path = [isNewEnough ? [] : binFolder(), join(root, 'node_modules', '.bin'), process.env.PATH];
const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, {
	stdio: 'inherit',
	env: { ...process.env, PATH: path.flat().join(delimiter) },
	shell: onWindows,
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
	process.stderr.write(`${command}: ${error.message}\n`);
	process.exit(1);
});
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
