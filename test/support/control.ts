import type { SandboxInfo } from '../../sandbox/info';

/** Asks the control service of a sandbox that is another process. Gives the answer's body. @throws Error for a refusal */
export async function control(
	{ control: url }: SandboxInfo,
	path: string,
	method = 'GET',
	body?: BodyInit,
): Promise<string> {
	const answer = await fetch(`${url}/${path}`, { method, body });
	if (!answer.ok) throw new Error(`${method} /${path} answered ${answer.status}`);
	return await answer.text();
}
