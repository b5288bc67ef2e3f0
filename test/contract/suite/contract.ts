import type { FileSpace } from '../../../filex';
import { describeUnless } from '../../support/needs';
import type { Bench } from './bench';
import { listing } from './listing';
import { outliving } from './outliving';
import { reading } from './reading';
import { refusing } from './refusing';
import type { Target, TargetSource } from './target';
import { writing } from './writing';

/** The contract of a file space: what everyone may rely on, whatever the access method and the server. */
export function describeContract(source: TargetSource): void {
	describeUnless(source.missing, `a file space over ${source.name}`, () => {
		let target: Target;
		const opened: FileSpace[] = [];
		const bench: Bench = {
			get target() {
				return target;
			},
			space() {
				const space = target.open();
				opened.push(space);
				return space;
			},
		};
		beforeAll(async () => {
			target = await source.open();
		});
		afterEach(async () => await Promise.all(opened.splice(0).map(async (space) => await space.close())));
		afterAll(async () => await target?.close());

		listing(bench);
		reading(bench);
		writing(bench);
		refusing(bench);
		if (source.method === 's3') outliving(bench);
	});
}
