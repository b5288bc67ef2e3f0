import { PATIENCE } from '../../filex/util/patience';
import type * as ByThread from './by-thread';

// The only limit of a test, for one that hangs: whatever else a test waits for is an event, on a slow machine too.
jest.setTimeout(300_000);

// What stays away is told at once, so that a test says how often a fault strikes. The tests of patience itself set it as it is.
PATIENCE.ms = 0;

if (process.env.FILEX_BY_THREAD) {
	const { letThreadTakeAll } = jest.requireActual<typeof ByThread>('./by-thread');
	letThreadTakeAll();
}
