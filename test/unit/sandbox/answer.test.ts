import { wantsXml } from '../../../sandbox/rest/answer';

describe('the choice of JSON or XML', () => {
	it.each([
		[undefined, false],
		['', false],
		['*/*', false],
		['application/json', false],
		['application/xml', true],
		['text/xml', true],
		['APPLICATION/XML', true],
		['application/json, application/xml', false],
		['application/xml, application/json', true],
		['application/xml;q=0.5, application/json', false],
		['application/json;q=0.1, application/xml;q=0.9', true],
		['text/html', false],
		['text/html,application/xml;q=0.9,*/*;q=0.8', true],
	])('%s', (accept, xml) => expect(wantsXml(accept)).toBe(xml));
});
