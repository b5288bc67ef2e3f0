import type { Desk } from './desk';

const TOOLS = ['Check_Expected_Files', 'List_Files', 'List_Sub-Spaces', 'Track_Submissions'];

/** `agent-status-desk`. @param filing submitted before */
export function agent(running: () => Desk, filing: string): void {
	/** Asks by the editor's chat; gives the answer. */
	async function ask(question: string): Promise<string> {
		const { rig } = running();
		const sessionId = 'desk';
		await rig.api.run('agent-status-desk', 'Ask the Desk', sessionId);
		const answer = await fetch(`${rig.n8n.url}/webhook-test/agent-status-desk/${sessionId}`, {
			method: 'POST',
			headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify({ action: 'sendMessage', sessionId, chatInput: question }),
		});
		if (!answer.ok) throw new Error(`the chat answered ${answer.status}: ${await answer.text()}`);
		return ((await answer.json()) as { output: string }).output;
	}

	it('answer what became of a submission', async () => {
		const { chat, submission } = { chat: running().chat, submission: await running().submission(filing) };
		chat.next = { name: 'Track_Submissions', arguments: { fileName: filing } };
		const answer = await ask(`What became of ${filing}?`);
		expect(answer).toContain(submission!.trackingId);
		expect(answer).toContain('Received by FINRA');
		expect(answer.match(/trackingId/g)).toHaveLength(1);
	});

	it.each<[string, object, string]>([
		['List_Files', { application: 'crd', subSpace: 'reports', fileName: '*' }, '0001/crd/reports/'],
		['List_Sub-Spaces', { application: 'crd' }, 'reports'],
		[
			'Check_Expected_Files',
			{ application: 'crd', subSpace: 'reports', fileName: 'none_{yyyyMMdd}.csv', dueTime: '17:00' },
			'isException',
		],
	])('answer by %s', async (name, given, told) => {
		running().chat.next = { name, arguments: given };
		expect(await ask('How do things stand?')).toContain(told);
	});

	it('have no tool that submits, also where the model asks for one', async () => {
		const { chat } = running();
		for (const offered of chat.offered) expect([...offered].sort()).toEqual(TOOLS);
		expect(chat.offered.length).toBeGreaterThan(0);
		const before = await running().control<object[]>('arrivals');
		chat.next = { name: 'fileX_Upload', arguments: { application: 'focus', subSpace: 'in' } };
		await ask('Submit it again.').catch(() => {});
		expect(await running().control<object[]>('arrivals')).toEqual(before);
	});
}
