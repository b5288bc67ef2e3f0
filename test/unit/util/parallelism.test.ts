import { uploadPlaces } from '../../../filex/sftp/upload';
import { graded, parallel } from '../../../filex/util/parallelism';

const KIB = 1024;
const MIB = KIB * KIB;

describe('files at a time', () => {
	it.each([
		[0, 1],
		[256 * KIB, 1],
		[256 * KIB + 1, 2],
		[MIB, 4],
		[2 * MIB, 8],
		[60 * 1024 * MIB, 8],
	])('by their sizes: one of %i bytes takes %i of 32 places', (size, places) => {
		expect(graded(32).placesFor(size)).toBe(places);
		expect(parallel(16).placesFor(size)).toBe(1);
		expect(graded(1).placesFor(size)).toBe(1);
	});

	it.each([
		[0, 1],
		[64 * KIB, 1],
		[64 * KIB + 1, 2],
		[MIB, 16],
		[MIB + 1, 16],
	])(
		'over SFTP: an upload of %i bytes takes %i of 16 places, so that no more than 1 MiB shares the line',
		(size, places) => {
			expect(uploadPlaces(size, 16)).toBe(places);
			expect(uploadPlaces(size, 1)).toBe(1);
		},
	);
});
