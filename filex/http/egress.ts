import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** What the surroundings demand of connections that their own HTTP client does not make: those to S3 and over SSH. */
export interface Egress {
	/** @throws FileXError where this may not be connected to */
	check(url: string): Promise<void>;
	/** In the place of the system's own; it may refuse addresses, with the code `EGRESS_REFUSED`. */
	lookup: LookupFunction;
	/** Told of each connection that has come about; it may be told again of the same peer. */
	connected?(peer: Peer): void;
}

/** Whom a connection leads to. */
export interface Peer {
	/** Scheme, host and port only. */
	url: string;
	/** The SHA-256 fingerprint of the SSH host key that it showed, `SHA256:…`. */
	hostKey?: string;
	/** The SHA-256 fingerprint of the TLS certificate that it showed: hex digits with colons. */
	tlsCertificate?: string;
	/** The proxy in between: scheme, host and port only. */
	proxy?: string;
}

/** No demands. */
export const UNRESTRICTED_EGRESS: Egress = { check: async () => {}, lookup };
