import { FileXError } from '../../filex/errors';
import { explainMissing } from '../../filex/explain-missing';
import type { FileSpace } from '../../filex/space';

const FILE = { orgId: '0001', application: 'crd', subSpace: 'in', name: 'a.zip' };

const failing = (kind: FileXError['kind'], message: string) => async (): Promise<never> =>
	await Promise.reject(new FileXError(kind, message, { hint: '', retrySafe: true }));

const capabilities = (list: FileSpace['list']) => ({
	registersUploads: false,
	parallelUploads: 1,
	uploadListing: { list },
});

describe('what is not there', () => {
	const space = (listings: FileXError['kind']): FileSpace => {
		const list = failing(listings, 'a listing');
		const missing = failing('not-found', 'the first answer');
		return explainMissing({
			...capabilities(list),
			applications: list,
			subSpaces: list,
			list,
			read: missing,
			requestUpload: missing,
			close: async () => {},
		});
	};

	it('is reported as fileX reported it while nothing can be listed', async () => {
		await expect(space('unavailable').read(FILE)).rejects.toThrow('the first answer');
		await expect(space('unavailable').requestUpload(FILE)).rejects.toThrow('the first answer');
	});

	it('is reported as a place that the account does not see where listings say so', async () => {
		await expect(space('entitlement').read(FILE)).rejects.toThrow(
			"There is no sub-space 'in' in application 'crd' of '0001' for this account",
		);
	});
});

it('names what there is, thirty of it at most, each shortened: an organization may have any number', async () => {
	const missing = failing('not-found', 'the first answer');
	const applications = async () =>
		Array.from({ length: 100_000 }, (_, index) => ({ name: `${String(index).padStart(6, '0')}${'x'.repeat(1000)}` }));
	const space = explainMissing({
		...capabilities(missing),
		applications,
		subSpaces: missing,
		list: missing,
		read: missing,
		requestUpload: missing,
		close: async () => {},
	});
	const error = (await space.read(FILE).catch((thrown: unknown) => thrown)) as FileXError;
	expect(error.message).toBe("There is no application 'crd' in organization '0001' for this account");
	expect(error.hint).toContain('and 99970 more');
	expect(error.hint.length).toBeLessThan(2500);
});
