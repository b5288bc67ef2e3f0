import type { TcpNetConnectOpts } from 'node:net';

/**
 * A host may have several addresses, of which the first is dead: each is tried in turn, and one that does not answer for
 * three seconds makes way for the next. Said for each connection, because n8n switches it off for its process
 * (`net.setDefaultAutoSelectFamily(false)`); it tries addresses of one family in turn, too.
 */
export const EACH_ADDRESS = {
	autoSelectFamily: true,
	autoSelectFamilyAttemptTimeout: 3_000,
} as const satisfies Partial<TcpNetConnectOpts>;
