import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { FreshAnswers } from '../../../filex/util/fresh-answers';

/** A question is put in the next turn of the event loop. */
async function turn(): Promise<void> {
	await turnOfTheLoop();
	await turnOfTheLoop();
}

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

	it('are to a question that was put after the call: callers at once share one, and callers meanwhile the next one', async () => {
		const first = [answers.ask(), answers.ask()];
		await turn();
		const later = [answers.ask(), answers.ask()];
		await turn();
		expect(asked).toHaveLength(1);
		asked[0]!(1);
		expect(await Promise.all(first)).toEqual([1, 1]);
		await turn();
		expect(asked).toHaveLength(2);
		asked[1]!(2);
		expect(await Promise.all(later)).toEqual([2, 2]);
	});

	it('come also after one that failed', async () => {
		const first = answers.ask();
		await turn();
		const second = answers.ask();
		asked[0]!(new Error('unwell'));
		await expect(first).rejects.toThrow('unwell');
		await turn();
		asked[1]!(2);
		expect(await second).toBe(2);
		void answers.ask();
		await turn();
		expect(asked).toHaveLength(3);
	});
});
