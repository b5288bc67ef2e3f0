import { prefixFor, splitPath } from '../../../filex/s3/location';

const SPACE = { orgId: '0001', application: 'app1', subSpace: 'in' };

describe("a token's paths", () => {
	it.each([
		['bucket-filex/0001/app1/out/', { bucket: 'bucket-filex', prefix: '0001/app1/out/' }],
		['/bucket-filex/0001/app1/out', { bucket: 'bucket-filex', prefix: '0001/app1/out/' }],
		['s3://bucket-filex/0001/app1/', { bucket: 'bucket-filex', prefix: '0001/app1/' }],
		['bucket-filex', { bucket: 'bucket-filex', prefix: '' }],
	])('%s is a bucket and a prefix', (path, place) => {
		expect(splitPath(path)).toEqual(place);
	});

	it.each([
		[['b/0001/app1/out/', 'b/0001/app1/in/'], { bucket: 'b', prefix: '0001/app1/in/' }],
		[['b/0001/app1/'], { bucket: 'b', prefix: '0001/app1/in/' }],
		[['b/0001/'], { bucket: 'b', prefix: '0001/app1/in/' }],
		[['b/prod/0001/app1/in/'], { bucket: 'b', prefix: 'prod/0001/app1/in/' }],
		[['a/0001/app2/in/', 'b/0001/app1/in/'], { bucket: 'b', prefix: '0001/app1/in/' }],
	])('%j say where a sub-space lies', (paths, place) => {
		expect(prefixFor(paths, SPACE)).toEqual(place);
	});

	it.each([[[]], [['b/0001/app1/in_arcv/']], [['b/10001/app1/in/']], [['b/0001/app10/']], [['b/']]])(
		'%j do not cover it',
		(paths) => {
			expect(prefixFor(paths, SPACE)).toBeUndefined();
		},
	);
});
