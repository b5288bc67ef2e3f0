import { FileXError, type FileXErrorKind } from '../../../filex';
import { promiseOf, type Sight, sightOf } from '../../../filex/diagnostics/guard';

const SIGHTS: Sight[] = ['seen', 'closed', 'unseen'];

describe('a place', () => {
	const refused = (kind: FileXErrorKind, isForeign = false) => ({
		error: new FileXError(kind, 'x', { hint: 'x', retrySafe: true, isForeign }),
	});

	it("is closed by fileX's own refusal only", () => {
		expect(sightOf(undefined)).toBe('unseen');
		expect(sightOf({})).toBe('seen');
		for (const kind of ['entitlement', 'not-found'] as const)
			expect([sightOf(refused(kind)), sightOf(refused(kind, true))]).toEqual(['closed', 'unseen']);
		expect(sightOf(refused('unavailable'))).toBe('unseen');
		expect([sightOf(refused('credentials')), sightOf(refused('credentials'), true)]).toEqual(['unseen', 'closed']);
	});
});

describe('what the guard can promise', () => {
	const promise = (method: 'rest' | 's3' | 'sftp', tracking: Sight, uploadSubSpace: Sight, archive: Sight) =>
		promiseOf(method, { tracking, uploadSubSpace, archive });

	it('is all of it where all can be seen', () => {
		for (const method of ['rest', 's3', 'sftp'] as const)
			expect(promise(method, 'seen', 'seen', 'seen')).toMatchObject({ verdict: 'ok', advice: '' });
	});

	it('is nothing while a place gives no answer: the file is held', () => {
		for (const method of ['rest', 's3', 'sftp'] as const) {
			for (const a of SIGHTS) {
				for (const b of SIGHTS) {
					for (const places of [
						['unseen', a, b],
						[a, 'unseen', b],
						[a, b, 'unseen'],
					] as Array<[Sight, Sight, Sight]>) {
						expect(promise(method, ...places)).toMatchObject({
							verdict: 'failed',
							met: expect.stringMatching(/ends as held/),
						});
					}
				}
			}
		}
	});

	it.each([
		['rest', 'closed', 'seen', 'seen', 'failed', /without tracking, an upload ends before it is sent/],
		['rest', 'seen', 'closed', 'seen', 'warning', /cannot be determined when another/],
		['rest', 'seen', 'seen', 'closed', 'warning', /name and size decide .* ten minutes longer/],
		['rest', 'seen', 'closed', 'closed', 'warning', /cannot be determined when another.*name and size decide/],
		['s3', 'seen', 'seen', 'closed', 'warning', /not recognized.*what was filed over HTTPS REST is/],
		['sftp', 'closed', 'seen', 'closed', 'warning', /Over SFTP, .*not recognized/],
		['sftp', 'closed', 'seen', 'seen', 'warning', /tracking is refused/],
		['s3', 'seen', 'closed', 'seen', 'warning', /not picked up yet, is not seen/],
	] as const)(
		'over %s with tracking %s, sub-space %s, archive %s is a %s',
		(method, tracking, uploadSubSpace, archive, verdict, met) => {
			const finding = promise(method, tracking, uploadSubSpace, archive);
			expect(finding).toMatchObject({ verdict, met: expect.stringMatching(met) });
			expect(finding.advice).not.toBe('');
		},
	);
});
