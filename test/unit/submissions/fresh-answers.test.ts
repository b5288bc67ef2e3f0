import { FreshAnswers } from '../../../filex/submissions/fresh-answers';

describe('fresh answers', () => {
	let asked: Array<(value: number | Error) => void>;
	let answers: FreshAnswers<number>;

	beforeEach(() => {
		asked = [];
		answers = new FreshAnswers(async () => {
			const value = await new Promise<number | Error>((resolve) => asked.push(resolve));
			if (value instanceof Error) throw value;
			return value;
		});
	});

	it('are to a question that was put after the call: callers meanwhile share the next one', async () => {
		const first = answers.ask();
		const later = [answers.ask(), answers.ask()];
		expect(asked).toHaveLength(1);
		asked[0]!(1);
		expect(await first).toBe(1);
		await new Promise(setImmediate);
		expect(asked).toHaveLength(2);
		asked[1]!(2);
		expect(await Promise.all(later)).toEqual([2, 2]);
	});

	it('come also after one that failed', async () => {
		const first = answers.ask();
		const second = answers.ask();
		asked[0]!(new Error('unwell'));
		await expect(first).rejects.toThrow('unwell');
		await new Promise(setImmediate);
		asked[1]!(2);
		expect(await second).toBe(2);
		void answers.ask();
		expect(asked).toHaveLength(3);
	});
});
