import { compositeEtag, readNamedParts } from '../../../../sandbox/s3/completion';
import { element, xmlDocument } from '../../../../sandbox/s3/xml';

const part = (number: string, etag: string, more = '') =>
	`<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag>${more}</Part>`;
const document = (content: string) =>
	`<?xml version="1.0" encoding="UTF-8"?>\n<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content}</CompleteMultipartUpload>`;

it('reads the parts that a client names, however it writes their quotes', () => {
	const xml = document(
		part('1', '"a"') +
			part('2', '&quot;b&quot;') +
			part('3', '&#34;c&#34;') +
			part('10', 'd', '<ChecksumCRC32>AAAAAA==</ChecksumCRC32>'),
	);
	expect(readNamedParts(xml)).toEqual([
		{ number: 1, etag: 'a', checksums: {} },
		{ number: 2, etag: 'b', checksums: {} },
		{ number: 3, etag: 'c', checksums: {} },
		{ number: 10, etag: 'd', checksums: { CRC32: 'AAAAAA==' } },
	]);
	expect(readNamedParts(document(part('01', '1e5')))).toEqual([{ number: 1, etag: '1e5', checksums: {} }]);
});

it.each([
	['nothing', ''],
	['text', 'hello'],
	['no parts', document('')],
	['another document', '<Delete/>'],
	['a broken one', '<CompleteMultipartUpload><Part></CompleteMultipartUpload>'],
	['a part without number', document('<Part><ETag>a</ETag></Part>')],
	['a part without tag', document('<Part><PartNumber>1</PartNumber></Part>')],
	['a number that is not one', document(part('-1', 'a'))],
	['a part that is text', document('<Part>x</Part>')],
	['entities of its own', `<!DOCTYPE a [<!ENTITY x "y">]>${document(part('1', '&x;'))}`],
	['prototypes', document('<__proto__><Part/></__proto__>')],
])('refuses %s', (_what, xml) => {
	expect(() => readNamedParts(xml)).toThrow(expect.objectContaining({ code: 'MalformedXML' }));
});

it('makes the entity tag of parts', () => {
	expect(
		compositeEtag([{ etag: '5d41402abc4b2a76b9719d911017c592' }, { etag: '7d793037a0760186574b0282f2f435e7' }]),
	).toBe('065947336a2f2a95ba8899f3675c3be6-2');
});

it('writes XML that nothing breaks out of', () => {
	expect(element('A', '<&>"\'\r\u0000\ud800😀')).toBe('<A>&lt;&amp;&gt;&quot;&apos;&#13;\ufffd\ufffd😀</A>');
	expect(xmlDocument('A', { B: [1, { C: true }], D: undefined })).toBe(
		'<?xml version="1.0" encoding="UTF-8"?>\n<A xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><B>1</B><B><C>true</C></B></A>',
	);
});
