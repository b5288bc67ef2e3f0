import { pdf, zip } from '../../sandbox/world/sample-files';

/** Three files of the kinds that FINRA delivers, valid ones, made on the spot. */
export function demoFiles(): Record<string, Buffer> {
	const csv = positions(5_000);
	return {
		'disclosure-report.pdf': pdf(['FINRA CRD', 'Disclosure report', 'Made for the demo']),
		'branch-positions.zip': zip('branch-positions.csv', csv),
		'registrations.csv': csv,
	};
}

function positions(rows: number): Buffer {
	const lines = Array.from({ length: rows }, (_, row) => `${1_000_000 + row},"Doe, Jane ${row}",BR-${row % 97},Active`);
	return Buffer.from(['CRD Number,Name,Branch,Status', ...lines, ''].join('\r\n'));
}
