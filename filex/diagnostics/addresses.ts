import type { LookupAddress } from 'node:dns';
import { connect, isIP } from 'node:net';
import type { ConnectProxy } from '../account/proxy';
import { FileXError, networkError } from '../errors';
import { hostAndPort } from '../http/connect';
import type { Egress } from '../http/egress';
import { failed, type Finding, ok, together, warning } from './check';

/** What is connected to. */
export interface Target {
	/** E.g. `https`, `sftp`. */
	scheme: string;
	/** Without brackets. */
	host: string;
	port: number;
	/** What connections go through. */
	proxy?: ConnectProxy;
}

/** One address of a host, and how connecting went. */
export interface TriedAddress {
	address: string;
	ms: number;
	/** Why it could not be connected to; undefined where it could. */
	reason?: string;
}

/** What was met of one host. */
export interface TriedHost {
	/** Host and port. */
	place: string;
	/** The proxy that is connected to instead, host and port. */
	through?: string;
	/** Why there are no addresses. */
	unresolved?: FileXError;
	tried: TriedAddress[];
}

/** How long one address may take to let a connection in, in ms, at most. */
const CONNECT_LIMIT = 8000;

/** The target that a base URL names. */
export function targetOf(url: string, proxy?: ConnectProxy): Target {
	const { protocol, hostname, port } = new URL(url);
	return {
		scheme: protocol.slice(0, -1),
		host: hostname.replace(/^\[|\]$/g, ''),
		port: Number(port) || (protocol === 'http:' ? 80 : 443),
		proxy,
	};
}

/** Looks up all addresses of a host, or of the proxy before it, and connects to each, sending nothing. Never fails. */
export async function tryHost(target: Target, egress: Egress, limit: number): Promise<TriedHost> {
	const place = hostAndPort(target.host, target.port);
	const proxy = target.proxy && targetOf(target.proxy.url);
	const { host, port } = proxy ?? target;
	const met: TriedHost = { place, ...(proxy && { through: hostAndPort(host, port) }), tried: [] };
	try {
		await egress.check(`${target.scheme}://${place}`);
		const addresses = await addressesOf(host, egress);
		met.tried = await Promise.all(
			addresses.map(async (address) => await tryAddress(address, port, Math.min(CONNECT_LIMIT, limit * 0.8))),
		);
	} catch (error) {
		met.unresolved = error instanceof FileXError ? error : networkError(place, error);
	}
	return met;
}

async function addressesOf(host: string, egress: Egress): Promise<string[]> {
	if (isIP(host)) return [host];
	const found = await new Promise<string | LookupAddress[]>((resolve, reject) => {
		egress.lookup(host, { all: true, family: 0 }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
	});
	return [...new Set(typeof found === 'string' ? [found] : found.map(({ address }) => address))];
}

async function tryAddress(address: string, port: number, limit: number): Promise<TriedAddress> {
	const began = performance.now();
	const tried = (reason?: string): TriedAddress => ({
		address,
		ms: Math.round(performance.now() - began),
		...(reason && { reason }),
	});
	return await new Promise((resolve) => {
		const socket = connect({ host: address, port });
		const timer = setTimeout(() => {
			resolve(tried(`no answer within ${Math.round(limit)} ms`));
			socket.destroy();
		}, limit);
		const end = (reason?: string) => {
			clearTimeout(timer);
			resolve(tried(reason));
			socket.destroy();
		};
		socket.once('connect', () => end());
		socket.once('error', (error: NodeJS.ErrnoException) =>
			end(
				networkError(address, error).message.replace(/^[^:]*connection to .*?: /, '') +
					(error.code ? ` (${error.code})` : ''),
			),
		);
	});
}

const OPEN_FIREWALL =
	'Let your network team open the port for every address that the name has (guide, section 3): the service moves between them.';

/** What some hosts' addresses say. */
export function judgeAddresses(hosts: TriedHost[]): Finding {
	return together(hosts.map(judgeHost));
}

function judgeHost({ place, through, unresolved, tried }: TriedHost): Finding {
	const way =
		through === undefined
			? place
			: `${place} through the proxy ${through} (a direct connection is not used, so it was not tried)`;
	if (unresolved) return failed(`${way}: ${unresolved.message}`, unresolved.hint);
	const met = `${way}: ${tried.map(({ address, ms, reason }) => (reason === undefined ? `${address} connected in ${ms} ms` : `${address} did not connect: ${reason}`)).join(', ')}`;
	const dead = tried.filter(({ reason }) => reason !== undefined);
	if (tried.length === 0)
		return failed(
			`${way}: the name has no address`,
			'Check the host name in the credential, and the DNS of this machine.',
		);
	if (dead.length === 0) return ok(met);
	if (dead.length === tried.length)
		return failed(
			met,
			through === undefined
				? `${OPEN_FIREWALL} Check the host and port in the credential.`
				: 'Check the address of the proxy, and whether it runs.',
		);
	return warning(
		met,
		`${dead.map(({ address }) => address).join(', ')} cannot be reached, so some connections are slow or fail. ${OPEN_FIREWALL}`,
	);
}
