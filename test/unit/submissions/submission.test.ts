import { parseSubmissions as parse } from '../../../filex/submissions/submission';

const parseSubmissions = (body: string, status = 200) => parse({ status, headers: {}, body });

/** The guide's sample (section 5.4.6). */
const SAMPLE = {
	trackingId: '343dab32-516b-4e04-b60e-2526fa72e879',
	submissionTime: '2022-11-01T12:00:00.000-05:00',
	userName: 'filexhttpuser11',
	fileName: 'file1.txt',
	status: 'Received by FINRA',
	downstreamStatus: null,
	statusUpdateTime: '2022-11-01T12:30:00.000-05:00',
	fileSize: 10,
	uploadLocation: '0001/app1/in',
	applicationName: 'app1',
	applicationSpaceName: 'in',
	arcvFileName: '20221101120000000_file1.txt',
	downloadable: true,
	_links: [{ rel: 'self', href: 'https://filex.finra.org/tracking?id=343dab32-516b-4e04-b60e-2526fa72e879' }],
};

const read = (changes: object) => parseSubmissions(JSON.stringify([{ ...SAMPLE, ...changes }]))[0]!;

describe("tracking's answer", () => {
	it("gives the guide's submission", () => {
		expect(parseSubmissions(JSON.stringify([SAMPLE]))).toEqual([
			{
				trackingId: '343dab32-516b-4e04-b60e-2526fa72e879',
				orgId: '0001',
				application: 'app1',
				subSpace: 'in',
				fileName: 'file1.txt',
				path: '0001/app1/in/file1.txt',
				userName: 'filexhttpuser11',
				status: 'Received by FINRA',
				downstreamStatus: null,
				submittedAt: '2022-11-01T17:00:00.000Z',
				statusUpdatedAt: '2022-11-01T17:30:00.000Z',
				submissionTime: '2022-11-01T12:00:00.000-05:00',
				statusUpdateTime: '2022-11-01T12:30:00.000-05:00',
				size: 10,
				archiveFileName: '20221101120000000_file1.txt',
				archivePath: '0001/app1/in_arcv/20221101120000000_file1.txt',
				downloadable: true,
			},
		]);
	});

	it('may hold none, several, or be a single one', () => {
		expect(parseSubmissions('[]')).toEqual([]);
		expect(parseSubmissions(JSON.stringify([SAMPLE, SAMPLE]))).toHaveLength(2);
		expect(parseSubmissions(JSON.stringify(SAMPLE))).toEqual([read({})]);
	});

	it("is read in both of the guide's spellings", () => {
		const { statusUpdateTime, applicationName, applicationSpaceName, ...rest } = SAMPLE;
		const other = {
			...rest,
			statusUpdatedTime: statusUpdateTime,
			application: applicationName,
			applicationSpace: applicationSpaceName,
		};
		expect(parseSubmissions(JSON.stringify([other]))[0]).toEqual(read({}));
		const placeless = { ...other, uploadLocation: undefined };
		expect(parseSubmissions(JSON.stringify([placeless]))[0]).toMatchObject({
			orgId: null,
			application: 'app1',
			subSpace: 'in',
			path: null,
			archivePath: null,
		});
	});

	it('of an upload that was only asked for has no size, archive and decision', () => {
		expect(read({ status: 'Request Received', fileSize: null, arcvFileName: null, downloadable: false })).toMatchObject(
			{
				path: '0001/app1/in/file1.txt',
				size: null,
				archiveFileName: null,
				archivePath: null,
				downstreamStatus: null,
				downloadable: false,
			},
		);
	});

	it.each([
		['2022-11-01T12:00:00.000-05:00', '2022-11-01T17:00:00.000Z'],
		['2022-11-01T17:00:00.000+0000', '2022-11-01T17:00:00.000Z'],
		['2022-11-01T17:00:00Z', '2022-11-01T17:00:00.000Z'],
		// Without an offset it is fileX's own time, US Eastern.
		['2022-11-01T12:00:00.000', '2022-11-01T16:00:00.000Z'],
		['yesterday', null],
		['', null],
		[null, null],
		[1667322000000, '2022-11-01T17:00:00.000Z'],
		[1667322000, '2022-11-01T17:00:00.000Z'],
		['1667322000', '2022-11-01T17:00:00.000Z'],
		['2022-11-01T12:00:00-05', '2022-11-01T17:00:00.000Z'],
		['2022-11-01T12:00:00-0500', '2022-11-01T17:00:00.000Z'],
		['2022-11-01 12:00:00', '2022-11-01T16:00:00.000Z'],
		['2022-02-30T12:00:00Z', null],
		[true, null],
	])('has the time %j as %j', (time, utc) => {
		expect(read({ submissionTime: time, statusUpdateTime: time })).toMatchObject({
			submittedAt: utc,
			statusUpdatedAt: utc,
		});
	});

	it.each([
		[{ fileSize: '10' }, { size: 10 }],
		[{ fileSize: 0 }, { size: 0 }],
		[{ fileSize: -1 }, { size: null }],
		[{ fileSize: 'large' }, { size: null }],
		[{ fileSize: '' }, { size: null }],
		[{ fileSize: true }, { size: null }],
		[{ fileSize: 1.5 }, { size: null }],
		[{ fileSize: [] }, { size: null }],
		[{ uploadLocation: '/0001/app1/in/' }, { path: '0001/app1/in/file1.txt' }],
		[{ uploadLocation: '0001/app1/in/file1.txt' }, { path: '0001/app1/in/file1.txt' }],
		[
			{ uploadLocation: '0001', applicationName: 5 },
			{ orgId: '0001', application: null, subSpace: 'in', path: null },
		],
		[{ downstreamStatus: '' }, { downstreamStatus: null }],
		[{ downstreamStatus: 'IN_REVIEW' }, { downstreamStatus: 'IN_REVIEW' }],
		[{ downloadable: 'true' }, { downloadable: true }],
		[{ downloadable: undefined }, { downloadable: false }],
		[
			{ fileName: undefined, userName: undefined },
			{ fileName: null, userName: null, path: null },
		],
	])('with %j is read as %j', (changes, expected) => expect(read(changes)).toMatchObject(expected));

	it.each([
		['an object round a list', { submissions: [SAMPLE, SAMPLE] }, 2],
		['another one', { data: [SAMPLE] }, 1],
		['two objects round a list', { response: { tracking: [SAMPLE] } }, 1],
		['HAL', { _embedded: { submissions: [SAMPLE] }, _links: { self: { href: '/tracking' } } }, 1],
		['an object round a single one', { data: SAMPLE }, 1],
		['an empty list by its own name', { submissions: [] }, 0],
	])('may be %s', (_what, body, count) => expect(parseSubmissions(JSON.stringify(body))).toHaveLength(count));

	it('may be spelt in any letter case, and with underscores', () => {
		const snake = Object.fromEntries(
			Object.entries(SAMPLE).map(([key, value]) => [
				key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
				value,
			]),
		);
		const upper = Object.fromEntries(Object.entries(SAMPLE).map(([key, value]) => [key.toUpperCase(), value]));
		expect(parseSubmissions(JSON.stringify([snake, upper]))).toEqual([read({}), read({})]);
	});

	it('is none at all with HTTP 204, and nothing else is', () => {
		expect(parseSubmissions('', 204)).toEqual([]);
		expect(() => parseSubmissions('<html>', 204)).toThrow('a list of submissions');
	});

	it.each([
		'{"data":[]}',
		'{"items":[]}',
		'{"error":"x","submissions":[]}',
		'{"submissions":{}}',
		'',
		'OK',
		'null',
		'42',
		'<html></html>',
		'{}',
		'[null]',
		'["x"]',
		'[[]]',
		JSON.stringify([SAMPLE, { trackingId: 'x' }]),
	])('is not %j', (body) => {
		expect(() => parseSubmissions(body)).toThrow(
			expect.objectContaining({
				kind: 'unexpected-answer',
				message: expect.stringContaining('a list of submissions'),
			}),
		);
	});
});
