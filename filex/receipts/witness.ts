import type { Egress, Peer } from '../http/egress';
import type { FileXHttp, HttpAnswer } from '../http/port';

/** What a session saw of the way its files went, for receipts. */
export interface Seen {
	/** Hosts of transfers, with ports. */
	transferHost: string | null;
	hostKey: string | null;
	tlsCertificate: string | null;
	proxy: string | null;
	clockDifferenceSeconds: number | null;
}

/** Notes whom a session connects to, and what time it is there. */
export class Witness {
	private readonly peers = new Map<string, Peer>();
	/** fileX's clock minus this machine's, in ms; undefined where fileX has not said what time it is. */
	clockDifference?: number;

	/** The same demands; each connection is noted. */
	egress(egress: Egress): Egress {
		return {
			...egress,
			connected: (peer) => {
				egress.connected?.(peer);
				this.note(peer);
			},
		};
	}

	/** The same calls; the time of fileX's answers is noted. */
	http(http: FileXHttp): FileXHttp {
		return { ...http, authorized: async (request) => this.noteTime(await http.authorized(request)) };
	}

	/** A TLS session that is taken up again shows no certificate: it is with the server that showed one before. */
	private note(peer: Peer): void {
		const isKnown = [...this.peers.values()].some(({ url }) => url === peer.url);
		if (isKnown && peer.hostKey === undefined && peer.tlsCertificate === undefined) return;
		this.peers.set(JSON.stringify(peer), peer);
	}

	/** @param services base URLs of fileX and FIP, through which no file goes */
	seen(services: string[]): Seen {
		const origins = services.map((url) => new URL(url).host);
		const peers = [...this.peers.values()].filter(({ url }) => !origins.includes(new URL(url).host));
		const all = (of: (peer: Peer) => string | undefined): string | null =>
			[...new Set(peers.map(of).filter((text) => text !== undefined))].join(' ') || null;
		return {
			transferHost: all(({ url }) => url.split('//')[1]),
			hostKey: all(({ hostKey }) => hostKey),
			tlsCertificate: all(({ tlsCertificate }) => tlsCertificate),
			proxy: all(({ proxy }) => proxy),
			clockDifferenceSeconds: this.clockDifference === undefined ? null : Math.round(this.clockDifference / 1000),
		};
	}

	private noteTime<Body>(answer: HttpAnswer<Body>): HttpAnswer<Body> {
		const theirs = Date.parse(answer.headers.date ?? '');
		if (!Number.isNaN(theirs)) this.clockDifference = theirs - Date.now();
		return answer;
	}
}
