/** What an XML element holds: text, elements by name, or several elements of the same name. Undefined is left out. */
export type XmlValue = string | number | boolean | undefined | XmlValue[] | { [name: string]: XmlValue };

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** A document of S3's, with its namespace. */
export function xmlDocument(root: string, content: XmlValue): string {
	return `${XML_DECLARATION}${rootElement(root, content)}`;
}

/** The same, without the declaration. */
export function rootElement(root: string, content: XmlValue): string {
	return `<${root} xmlns="${NAMESPACE}">${contentOf(content)}</${root}>`;
}

/** An element without a namespace: S3's errors have none. */
export function element(name: string, value: XmlValue): string {
	if (value === undefined) return '';
	if (Array.isArray(value)) return value.map((each) => element(name, each)).join('');
	return `<${name}>${contentOf(value)}</${name}>`;
}

function contentOf(value: XmlValue): string {
	if (value === undefined || Array.isArray(value)) return '';
	if (typeof value !== 'object') return escape(String(value));
	return Object.entries(value)
		.map(([name, each]) => element(name, each))
		.join('');
}

const ENTITIES: Record<string, string> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&apos;',
	'\r': '&#13;',
};

function escape(text: string): string {
	return (
		text
			// XML 1.0 cannot hold these at all, not even as references.
			// eslint-disable-next-line no-control-regex
			.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
			.replace(/[&<>"'\r]/g, (each) => ENTITIES[each]!)
	);
}
