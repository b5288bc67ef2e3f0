import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** What the surroundings demand of connections that their own HTTP client does not make: those to S3 and over SSH. */
export interface Egress {
	/** @throws FileXError where this may not be connected to */
	check(url: string): Promise<void>;
	/** In the place of the system's own; it may refuse addresses, with the code `EGRESS_REFUSED`. */
	lookup: LookupFunction;
}

/** No demands. */
export const UNRESTRICTED_EGRESS: Egress = { check: async () => {}, lookup };
