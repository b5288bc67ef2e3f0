import { oneFileEach } from '../../../nodes/FileXDownload/destination/one-file-each';

const file = (subSpace: string) => ({ orgId: '0001', application: 'crd', subSpace, name: 'a.pdf' });

describe("the names of a run's files", () => {
	it('may be asked for again for the same file, and not for another', () => {
		const keepApart = oneFileEach('Folder');
		keepApart('/data/a.pdf', file('reports'));
		keepApart('/data/a.pdf', file('reports'));
		keepApart('/other/a.pdf', file('results'));
		expect(() => keepApart('/data/a.pdf', file('results'))).toThrow(
			"'0001/crd/results/a.pdf' would replace '0001/crd/reports/a.pdf'",
		);
	});
});
