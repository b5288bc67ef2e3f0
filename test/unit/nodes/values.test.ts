import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileXError } from '../../../filex';
import { asChoice, asFlag, asList, asNumber, asPicked, asText, isBlank } from '../../../nodes/shared/values';

const FIELD = 'My Field';
const HUGE = 'x'.repeat(100_000);

/** No plain object: its text cannot be had. */
const BARE: unknown = Object.create(null);

function refusal(read: () => unknown): FileXError {
	try {
		const value = read();
		throw new Error(`taken as ${JSON.stringify(value)}`);
	} catch (error) {
		if (error instanceof FileXError) return error;
		throw error;
	}
}

/** Each reader takes the first and refuses the others, by the field's name and in few words. */
function walk(read: (value: unknown) => unknown, taken: Array<[unknown, unknown]>, refused: unknown[]): void {
	it.each(taken)('takes %p as %p', (value, expected) => expect(read(value)).toEqual(expected));

	it.each(refused.map((value) => [value]))('refuses %p', (value) => {
		const error = refusal(() => read(value));
		expect(error).toMatchObject({
			kind: 'input',
			field: FIELD,
			retrySafe: false,
			message: expect.stringContaining(`'${FIELD}'`) as string,
		});
		expect(error.message.length).toBeLessThan(250);
		expect(error.message).not.toContain('[object');
	});
}

describe('a text', () => {
	walk(
		(value) => asText(FIELD, value),
		[
			['a', 'a'],
			[' a ', ' a '],
			[888888, '888888'],
			[0, '0'],
			[1, '1'],
			['x'.repeat(4096), 'x'.repeat(4096)],
		],
		[HUGE, true, false, NaN, Infinity, [], ['a'], {}, BARE, new Date(), () => 'a', Symbol('a')],
	);
});

describe('a number', () => {
	walk(
		(value) => asNumber(FIELD, value, { what: 'number of files', min: 1, max: 16, whole: true, example: 4 }),
		[
			[4, 4],
			['4', 4],
			[' 16 ', 16],
			['1e1', 10],
			['4.0', 4],
			['+2', 2],
		],
		[
			0,
			17,
			-1,
			1.5,
			'1.5',
			NaN,
			Infinity,
			-Infinity,
			'NaN',
			'Infinity',
			'0x10',
			'4 files',
			'1,5',
			'',
			' ',
			true,
			false,
			[],
			[4],
			{},
			BARE,
			new Date(4),
			HUGE,
			'1'.repeat(100_000),
			`${'1'.repeat(100_000)}x`,
		],
	);

	it('may be a fraction where fractions make sense, and then more than 0', () => {
		const hours = (value: unknown) =>
			asNumber(FIELD, value, { what: 'number of hours', min: 0.01, whole: false, example: 24 });
		expect([hours('0.005'), hours(1.5)]).toEqual([0.005, 1.5]);
		expect(refusal(() => hours(0)).message).toBe("'My Field' must be a number of hours, more than 0, but it is '0'");
	});

	it('that is no whole one is reported as that', () => {
		expect(
			refusal(() => asNumber(FIELD, 1.5, { what: 'number of files', min: 1, whole: true, example: 10 })).message,
		).toBe("'My Field' must be a whole number of files, 1 or more, but it is '1.5'");
	});
});

describe('yes or no', () => {
	walk(
		(value) => asFlag(FIELD, value),
		[
			[true, true],
			[false, false],
			['true', true],
			['False', false],
			[' YES ', true],
			['no', false],
			['1', true],
			['0', false],
			[1, true],
			[0, false],
		],
		['', ' ', 'on', 'null', 'falsch', 2, -1, NaN, [], [false], {}, BARE, new Date(), HUGE],
	);
});

describe('a choice', () => {
	walk(
		(value) => asChoice(FIELD, value, ['rest', 'sftp']),
		[
			['rest', 'rest'],
			[' sftp ', 'sftp'],
		],
		['REST', 'ftp', '', 0, 1, true, NaN, ['rest'], [], { value: 'rest' }, BARE, new Date(), HUGE],
	);

	it('says what there is to choose', () =>
		expect(refusal(() => asChoice(FIELD, 'ftp', ['rest', 'sftp'])).hint).toContain('rest, sftp'));
});

describe('a list of choices', () => {
	walk(
		(value) => asList(FIELD, value, ['accepted', 'rejected'], 'event'),
		[
			[[], []],
			[['accepted'], ['accepted']],
			['accepted, rejected', ['accepted', 'rejected']],
			['accepted,,accepted', ['accepted']],
			[' ', []],
		],
		[['accepted', 'lost'], 'accepted;rejected', 1, true, NaN, [null], [['accepted']], {}, BARE, new Date(), HUGE],
	);
});

describe('what was picked', () => {
	const picked = (value: unknown) => ({ __rl: true, mode: 'list', value });
	walk(
		(value) => asPicked(FIELD, value),
		[
			[picked('crd'), 'crd'],
			[picked(null), ''],
			[picked(''), ''],
			[picked(1), '1'],
			['crd', 'crd'],
			[null, ''],
			[undefined, ''],
			[7, '7'],
		],
		[picked(HUGE), HUGE, picked(['crd']), picked({}), picked(true), {}, [], ['crd'], true, NaN, BARE, new Date()],
	);
});

it('takes nothing, and text of blanks only, for nothing', () => {
	expect([null, undefined, '', ' \t\n'].every(isBlank)).toBe(true);
	expect([0, false, NaN, [], {}, 'x'].some(isBlank)).toBe(false);
});

it('no node reads a field past the reader', () => {
	const folder = join(__dirname, '../../../nodes');
	const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
	const readers = files.filter((name) =>
		/get(Current)?NodeParameter|\$parameter\b(?!["[])|\.parameters\b/.test(
			readFileSync(join(folder, name), 'utf8')
				.replace(/subtitle:\s*['"`].*/g, '')
				.replace(/outputs: `.*/g, ''),
		),
	);
	expect(readers).toEqual([join('shared', 'parameters.ts')]);
});
