// The only limit of a test, for one that hangs: whatever else a test waits for is an event, on a slow machine too.
jest.setTimeout(300_000);
