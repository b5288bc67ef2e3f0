import { planBody } from '../../../../sandbox/s3/get';
import { parseRange } from '../../../../sandbox/s3/range';

it.each([
	['bytes=0-9', 100, { start: 0, end: 9 }],
	['bytes=90-', 100, { start: 90, end: 99 }],
	['bytes=90-1000', 100, { start: 90, end: 99 }],
	['bytes=99-99', 100, { start: 99, end: 99 }],
	['bytes=-10', 100, { start: 90, end: 99 }],
	['bytes=-1000', 100, { start: 0, end: 99 }],
	['bytes=100-', 100, 'unsatisfiable'],
	['bytes=100-200', 100, 'unsatisfiable'],
	['bytes=-0', 100, 'unsatisfiable'],
	['bytes=0-', 0, 'unsatisfiable'],
	['bytes=-5', 0, 'unsatisfiable'],
	['bytes=99999999999999999999-', 100, 'unsatisfiable'],
	['bytes=-99999999999999999999', 100, { start: 0, end: 99 }],
	[undefined, 100, undefined],
	['bytes=0-1,5-6', 100, undefined],
	['bytes=5-2', 100, undefined],
	['bytes=-', 100, undefined],
	['bytes=a-b', 100, undefined],
	['lines=0-1', 100, undefined],
] as const)('reads %s of %d bytes', (header, size, expected) => {
	expect(parseRange(header, size)).toEqual(expected);
});

it.each([
	[undefined, { announced: 11, sent: 11, then: 'end' }],
	['cut', { announced: 11, sent: 5, then: 'destroy' }],
	['stall', { announced: 11, sent: 5, then: 'stall' }],
	['truncated', { announced: 5, sent: 5, then: 'end' }],
	['wrong-length', { announced: 12, sent: 11, then: 'destroy' }],
] as const)('plans a body under the fault %s', (effect, expected) => {
	expect(planBody({ start: 10, end: 20 }, effect)).toEqual(expected);
});

it('plans an empty body', () => {
	expect(planBody({ start: 0, end: -1 }, undefined)).toEqual({ announced: 0, sent: 0, then: 'end' });
	expect(planBody({ start: 0, end: -1 }, 'wrong-length')).toEqual({ announced: 1, sent: 0, then: 'destroy' });
});
