import { cancelled } from '../errors';
import { Recent } from '../recent';
import { Slots } from '../slots';

/** Uploads of one name go out one at a time in a process: a second one sees what became of the first. */
export const uploadLine = new Slots((path) => cancelled(`Waiting for another upload of '${path}'`));

/** Upload requests of this process that it will never use (any more), by tracking ID: nobody need wait for them. */
export const abandonedRequests = new Recent<string, true>();
