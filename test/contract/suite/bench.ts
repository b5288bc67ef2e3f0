import type { FileSpace } from '../../../filex';
import type { Target } from './target';

/** What the tests of a target work with. */
export interface Bench {
	readonly target: Target;
	/** A space of the test's own, closed after it. */
	space(): FileSpace;
}
