import type { IExecuteFunctions } from 'n8n-workflow';
import { FileXError } from '../../../filex';
import { bucketOf, keyUnder } from '../../shared/bucket';
import { parametersOf } from '../fields';
import type { Inventory, OwnFile } from './inventory';

/** The objects right under a prefix of a bucket of the user's own. */
export async function bucketInventory(context: IExecuteFunctions): Promise<Inventory> {
	const bucket = await bucketOf(context);
	return {
		async of(itemIndex) {
			const prefix = keyUnder(parametersOf(context, itemIndex).text('bucketFolder'), '');
			const files = await bucket.list(prefix);
			return files.map(({ name, size }): OwnFile => {
				const key = `${prefix}${name}`;
				const where = bucket.urlOf(key);
				const open = async () => {
					const found = await bucket.find(key);
					if (found.size !== size) throw changed(where);
					return await found.open();
				};
				return { name, size, where, content: { size, open } };
			});
		},
		close: async () => await bucket.close(),
	};
}

function changed(where: string): FileXError {
	return new FileXError('incomplete', `'${where}' changed while it was being compared`, {
		hint: 'Let the step that writes it finish first. Running it again is safe.',
		retrySafe: true,
	});
}
