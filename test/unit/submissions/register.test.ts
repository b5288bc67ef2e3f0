import { FileXError } from '../../../filex/errors';
import { Register } from '../../../filex/submissions/register';

const FILE = { orgId: '0001', application: 'focus', subSpace: 'in', name: 'a.zip' };
const refused = (kind: FileXError['kind'], httpStatus?: number) => new FileXError(kind, 'refused', { hint: '', retrySafe: kind === 'unavailable', httpStatus });

describe('the register of a sender that can do without tracking', () => {
	/** What is hidden at each of three looks, and how often tracking was asked. */
	async function looks(answers: Array<FileXError | undefined>): Promise<{ hidden: string[][]; asked: number }> {
		let asked = 0;
		const snapshot = async () => {
			const failure = answers[asked++];
			if (failure) throw failure;
			return { submissions: [], at: 0 };
		};
		const register = new Register({ snapshot }, { list: async () => [] }, { canMissTracking: true });
		const hidden: string[][] = [];
		for (let turn = 0; turn < 3; turn++) hidden.push((await register.look(FILE)).hidden);
		return { hidden, asked };
	}

	it('asks again where the service is unwell for a moment', async () => {
		expect(await looks([refused('unavailable', 503)])).toEqual({ hidden: [[], [], []], asked: 4 });
	});

	it.each([
		['stays unwell', [refused('unavailable', 503), refused('unavailable', 503)], 2],
		['cannot be reached', [refused('unavailable')], 1],
		['refuses the account', [refused('credentials', 401)], 1],
	])('does without it for good where it %s', async (_name, answers, asked) => {
		expect(await looks(answers)).toEqual({ hidden: [['tracking'], ['tracking'], ['tracking']], asked });
	});

	it('does not do without it once it has answered', async () => {
		await expect(looks([undefined, refused('unavailable', 503)])).rejects.toThrow('refused');
	});
});
