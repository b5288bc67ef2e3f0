import { listen, readBody, sendJson } from '../../sandbox/http';

/** What the model asks for, in place of a text. */
export interface ToolCall {
	name: string;
	arguments: object;
}

/** A stand-in for a chat model whose API is compatible with OpenAI's. */
export interface ChatModel {
	url: string;
	/** The names of the tools that it was offered, of each request. */
	offered: string[][];
	/** What it asks for when it is spoken to next; then it answers with what the tool told it. */
	next?: ToolCall;
	close(): Promise<void>;
}

interface Question {
	messages: Array<{ role: string; content: unknown }>;
	tools?: Array<{ function: { name: string } }>;
}

export async function startChatModel(): Promise<ChatModel> {
	const model: ChatModel = { url: '', offered: [], close: async () => await server.close() };
	const server = await listen({ host: '127.0.0.1', port: 0 }, async (request, response) => {
		if (request.url !== '/v1/chat/completions') return sendJson(response, 404, { error: { message: 'not here' } });
		const { messages, tools = [] } = JSON.parse((await readBody(request)).toString()) as Question;
		model.offered.push(tools.map((tool) => tool.function.name));
		const last = messages.at(-1)!;
		const call = last.role === 'tool' ? undefined : model.next;
		if (call) model.next = undefined;
		const message = call
			? { role: 'assistant', content: null, tool_calls: [toolCall(call)] }
			: { role: 'assistant', content: `The tool says: ${textOf(last.content)}` };
		sendJson(response, 200, {
			id: 'chatcmpl-1',
			object: 'chat.completion',
			created: 0,
			model: 'stand-in',
			choices: [{ index: 0, message, finish_reason: call ? 'tool_calls' : 'stop' }],
			usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
		});
	});
	model.url = `${server.url}/v1`;
	return model;
}

function toolCall({ name, arguments: given }: ToolCall): object {
	return { id: 'call_1', type: 'function', function: { name, arguments: JSON.stringify(given) } };
}

function textOf(content: unknown): string {
	return typeof content === 'string' ? content : JSON.stringify(content);
}
