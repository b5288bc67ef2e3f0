import { connect as tcpConnect, isIP, type Socket } from 'node:net';
import { connect as tlsConnect, rootCertificates, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { X509Certificate } from 'node:crypto';
import { networkError, redact } from '../errors';
import { connectThrough, hostAndPort } from '../http/connect';
import type { Egress } from '../http/egress';
import { shorten } from '../util/shorten';
import type { Target } from './addresses';
import { failed, type Finding, ok, skipped, warning } from './check';

export interface MetCertificate {
	/** E.g. `filex.finra.org`. */
	subject: string;
	/** E.g. `DigiCert Inc, DigiCert TLS RSA SHA256 2020 CA1`. */
	issuer: string;
	validTo: Date;
}

/** What a TLS server showed. */
export interface MetTls {
	place: string;
	/** E.g. `TLSv1.3`. */
	protocol: string;
	/** Why Node.js does not trust it, e.g. `CERT_HAS_EXPIRED`; undefined where it does. */
	distrust?: string;
	/** From the server's own to the root. */
	chain: MetCertificate[];
	/** Whether its root is among those that Node.js brings along. */
	hasPublicRoot: boolean;
}

const DAY = 86_400_000;

/** How long before its end a certificate is warned of, in ms. */
const SOON = 14 * DAY;

/** Shakes hands and leaves; no request is sent. */
export async function meetTls(target: Target, egress: Egress, signal: AbortSignal): Promise<MetTls> {
	const place = hostAndPort(target.host, target.port);
	await egress.check(`${target.scheme}://${place}`);
	const raw = target.proxy
		? await connectThrough(target.proxy, place, { lookup: egress.lookup, signal })
		: tcpConnect({ host: target.host, port: target.port, lookup: egress.lookup, signal });
	try {
		return { place, ...(await handshake(raw, target.host, signal)) };
	} catch (error) {
		throw signal.aborted ? signal.reason : networkError(place, error);
	} finally {
		raw.destroy();
	}
}

async function handshake(raw: Socket, host: string, signal: AbortSignal): Promise<Omit<MetTls, 'place'>> {
	return await new Promise((resolve, reject) => {
		raw.on('error', reject);
		// What is not trusted is to be looked at, too; nothing is sent to it.
		const socket = tlsConnect({
			socket: raw,
			servername: isIP(host) ? undefined : host,
			host,
			rejectUnauthorized: false,
		});
		const stop = () => socket.destroy(signal.reason as Error);
		signal.addEventListener('abort', stop, { once: true });
		socket.once('error', reject);
		socket.once('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
		socket.once('secureConnect', () => {
			resolve(metOf(socket));
			signal.removeEventListener('abort', stop);
			socket.destroy();
		});
	});
}

function metOf(socket: TLSSocket): Omit<MetTls, 'place'> {
	const certificates = chainOf(socket.getPeerCertificate(true));
	const { authorized, authorizationError } = socket as {
		authorized: boolean;
		authorizationError?: Error | string | null;
	};
	const distrust =
		authorizationError instanceof Error
			? ((authorizationError as NodeJS.ErrnoException).code ?? authorizationError.message)
			: authorizationError;
	const root = certificates.at(-1);
	return {
		protocol: socket.getProtocol() ?? 'unknown',
		...(!authorized && { distrust: distrust ?? 'it is not trusted' }),
		chain: certificates.map(({ subject, issuer, valid_to }) => ({
			subject: nameOf(subject),
			issuer: nameOf(issuer),
			validTo: new Date(valid_to),
		})),
		hasPublicRoot: root !== undefined && publicRoots().has(root.fingerprint256),
	};
}

/** A chain longer than any real one is cut. */
const LONGEST_CHAIN = 10;

function chainOf(own: DetailedPeerCertificate): DetailedPeerCertificate[] {
	const chain: DetailedPeerCertificate[] = [];
	for (
		let each: DetailedPeerCertificate | undefined = own;
		each && Object.keys(each).length > 0 && chain.length < LONGEST_CHAIN;
		each = each.issuerCertificate
	) {
		if (chain.includes(each)) break;
		chain.push(each);
	}
	return chain;
}

function nameOf(name: object | undefined): string {
	const { O, CN } = (name ?? {}) as { O?: string | string[]; CN?: string | string[] };
	const parts = [O, CN].flat().filter((part): part is string => typeof part === 'string' && part !== '');
	return shorten(redact(parts.join(', ')), 120) || 'without a name';
}

let fingerprints: Set<string> | undefined;

function publicRoots(): Set<string> {
	return (fingerprints ??= new Set(rootCertificates.map((pem) => new X509Certificate(pem).fingerprint256)));
}

/** What a handshake says of who is at the other end. */
export function judgeTls({ place, protocol, distrust, chain, hasPublicRoot }: MetTls, now: Date): Finding {
	const [own] = chain;
	const issuers = chain.map(({ issuer }) => issuer).filter((issuer, index, all) => all.indexOf(issuer) === index);
	const ends = chain.map(({ validTo }) => validTo.toISOString().slice(0, 10));
	const met = `${place}: ${protocol}, certificate of ${own?.subject ?? 'an unknown subject'}, issued by ${issuers.join(' ← ') || 'an unknown issuer'}, valid until ${ends.join(', ')}`;
	if (distrust !== undefined) {
		const { message, hint } = networkError(place, { code: distrust });
		return failed(
			`${met}; Node.js does not trust it: ${message.replace(/^[^:]*connection to .*?: /, '')} (${distrust})`,
			hint.replace(/ Technical detail:.*$/, ''),
		);
	}
	if (/^(SSL|TLSv1$|TLSv1\.1)/.test(protocol))
		return warning(
			`${met}; trusted`,
			'The protocol is outdated. FINRA speaks TLS 1.2 and later: ask your network team what stands between this machine and fileX.',
		);
	if (!hasPublicRoot)
		return warning(
			`${met}; trusted, but not by a root that Node.js brings along: a proxy of your firm may inspect TLS`,
			"If this is your firm's own inspection, no action is needed: NODE_EXTRA_CA_CERTS or the system's store names its CA. The inspection reads everything that is sent, passwords included, and may change or block answers.",
		);
	const soonest = chain.find(({ validTo }) => validTo.getTime() - now.getTime() < SOON);
	if (soonest)
		return warning(
			`${met}; trusted`,
			`The certificate of ${soonest.subject} ends within 14 days. The operator of ${place} must renew it.`,
		);
	return ok(`${met}; trusted, by a public root`);
}

/** What is said of an address that is not encrypted. */
export function withoutTls({ host, port }: Target): Finding {
	const place = hostAndPort(host, port);
	if (/^(localhost|127\..*|::1)$/.test(host))
		return skipped(`${place} is an http:// address of this machine, which has no TLS.`);
	return warning(
		`${place} is an http:// address: passwords, tokens and files go there unencrypted`,
		'Use https:// in the credential, except for a sandbox.',
	);
}
