import spawn from 'cross-spawn';

export interface Outcome {
	/** -1 where a signal ended it. */
	code: number;
	stdout: string;
	stderr: string;
}

export interface ProgramOptions {
	env?: Record<string, string>;
	cwd?: string;
	/** What it reads from its standard input. */
	input?: string | Buffer;
	/** Milliseconds after which it is ended. */
	limit?: number;
}

/** Runs a program of the system to its end, with nothing of this process's environment but the path. */
export async function runProgram(
	command: string,
	args: string[],
	{ env, cwd, input, limit = 60_000 }: ProgramOptions = {},
): Promise<Outcome> {
	const base = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', HOME: cwd ?? '/tmp', LC_ALL: 'C.UTF-8' };
	const child = spawn(command, args, { cwd, env: { ...base, ...env }, timeout: limit, killSignal: 'SIGKILL' });
	const read = (stream: NodeJS.ReadableStream | null) => {
		let text = '';
		stream?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
		return () => text;
	};
	const stdout = read(child.stdout);
	const stderr = read(child.stderr);
	child.stdin?.on('error', () => {});
	child.stdin?.end(input ?? '');
	const code = await new Promise<number>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (exitCode) => resolve(exitCode ?? -1));
	});
	return { code, stdout: stdout(), stderr: stderr() };
}

/** Like {@link runProgram}; throws if it did not succeed. */
export async function output(command: string, args: string[], options?: ProgramOptions): Promise<string> {
	const { code, stdout, stderr } = await runProgram(command, args, options);
	if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${stdout}${stderr}`);
	return stdout;
}
