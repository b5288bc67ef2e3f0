import { type FilePath, FileXError } from '../../../filex';
import { Content } from '../../support/content';
import { MIB } from '../../support/sizes';
import type { Bench } from './bench';

/** Places that are not there, or not for this account. */
export function refusing(bench: Bench): void {
	/** Why an upload is refused, be it when it is asked for or when it is sent. */
	const refusalOf = async (file: FilePath, size = 10): Promise<unknown> => {
		try {
			const outcome = await (
				await bench.space().requestUpload(file)
			).send(new Content(size).file(), new AbortController().signal);
			return outcome.outcome === 'rejected' ? outcome.error.kind : outcome.outcome;
		} catch (error) {
			return error instanceof FileXError ? error.kind : error;
		}
	};

	describe('says exactly what is missing', () => {
		it('an application', async () => {
			await expect(bench.space().list({ ...bench.target.reports, application: 'nosuch' })).rejects.toMatchObject({
				kind: 'not-found',
				field: 'Application',
				message: "There is no application 'nosuch' in organization '0001' for this account",
				hint: expect.stringContaining(bench.target.reports.application),
			});
		});

		it('a sub-space', async () => {
			const { reports } = bench.target;
			await expect(bench.space().list({ ...reports, subSpace: 'nosuch' })).rejects.toMatchObject({
				kind: 'not-found',
				field: 'Sub-Space',
				hint: expect.stringContaining(reports.subSpace),
			});
		});

		it('a file', async () => {
			await expect(bench.space().read({ ...bench.target.reports, name: 'gone.pdf' })).rejects.toMatchObject({
				kind: 'not-found',
				message: "There is no file 'gone.pdf' in '0001/crd/reports'",
			});
		});
	});

	describe('is refused where it has no business', () => {
		it('listing', async () => {
			await expect(bench.space().list(bench.target.foreign)).rejects.toMatchObject({
				kind: 'entitlement',
				retrySafe: false,
			});
		});

		it('reading', async () => {
			await expect(bench.space().read({ ...bench.target.foreign, name: 'secret.txt' })).rejects.toMatchObject({
				kind: 'entitlement',
				retrySafe: false,
			});
		});

		it.each([10, 70 * MIB])('uploading %i bytes', async (size) => {
			expect(await refusalOf({ ...bench.target.foreign, name: 'planted.zip' }, size)).toBe('entitlement');
			expect(await bench.target.leftovers()).toBe(0);
		});

		it('uploading where there is no such place', async () => {
			expect(await refusalOf({ ...bench.target.filings, subSpace: 'nosuch', name: 'lost.zip' })).toMatch(
				/^(entitlement|not-found)$/,
			);
			expect(await bench.target.arrived('lost.zip')).toEqual([]);
		});

		it('uploading where it may only read', async () => {
			expect(await refusalOf({ ...bench.target.reports, name: 'planted.zip' })).toMatch(/^(entitlement|not-found)$/);
			expect((await bench.space().list(bench.target.reports)).map(({ name }) => name)).not.toContain('planted.zip');
		});
	});
}
