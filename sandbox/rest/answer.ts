import type { ServerResponse } from 'node:http';
import { XMLBuilder } from 'fast-xml-parser';

/**
 * How XML looks is not in the guide: here an element for each key of the JSON, repeated for each
 * member of a list.
 */
const XML = new XMLBuilder({ format: true });

/** What a route answers. */
export interface Answer {
	status: number;
	headers?: Record<string, string>;
	/** An object goes out as JSON or XML, a text as it is. */
	body: object | string;
	/** The XML's root element. */
	root?: string;
	/** The XML's element for each member, where the body is a list. */
	member?: string;
	/** The connection is dropped in the middle of the body. */
	cut?: boolean;
}

/** Sends JSON, or XML where the client prefers it (guide, section 5.3). */
export function sendAnswer(response: ServerResponse, accept: string | undefined, answer: Answer): void {
	const { type, text } = render(accept, answer);
	response.writeHead(answer.status, {
		'Content-Type': type,
		'Content-Length': Buffer.byteLength(text),
		...answer.headers,
	});
	if (answer.cut) response.write(text.slice(0, text.length / 2), () => response.destroy());
	else response.end(text);
}

function render(accept: string | undefined, { body, root = 'answer', member }: Answer): { type: string; text: string } {
	if (typeof body === 'string') return { type: 'text/plain', text: body };
	if (!wantsXml(accept)) return { type: 'application/json', text: JSON.stringify(body) };
	const content = member === undefined ? body : { [member]: body };
	return { type: 'application/xml', text: `<?xml version="1.0" encoding="UTF-8"?>\n${XML.build({ [root]: content })}` };
}

/** Whether XML comes before JSON in an `Accept` header; JSON is the default. */
export function wantsXml(accept = ''): boolean {
	const known = accept
		.split(',')
		.map((each) => /^\s*([^;\s]*)(?:.*;\s*q=([\d.]+))?/i.exec(each))
		.map((match) => ({ type: match?.[1]?.toLowerCase() ?? '', weight: Number(match?.[2] ?? 1) }))
		.filter(({ type }) => /^(application\/(json|xml)|text\/xml|application\/\*|\*\/\*)$/.test(type))
		.sort((a, b) => b.weight - a.weight);
	return known[0]?.type.endsWith('/xml') ?? false;
}
