import { PATIENCE } from '../../filex/util/patience';

// The only limit of a test, for one that hangs: whatever else a test waits for is an event, on a slow machine too.
jest.setTimeout(300_000);

// What stays away is told at once, so that a test says how often a fault strikes. The tests of patience itself set it as it is.
PATIENCE.ms = 0;
