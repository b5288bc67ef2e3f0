import type { IssuedS3Token, S3Token } from './token';

/** A token is renewed when it has less than this left, in ms, or less than this share of its life. */
const MARGIN = 5 * 60_000;
const MARGIN_SHARE = 0.2;

interface HeldToken {
	token: S3Token;
	/** By `now`. */
	renewAt: number;
}

/** The S3 token of one application: kept in memory, renewed well before its end, shared by all who ask. */
export class S3TokenSource {
	private asked?: Promise<HeldToken>;
	private latest?: S3Token;

	/** @param now ms, from any beginning */
	constructor(
		private readonly request: (what: string) => Promise<IssuedS3Token>,
		private readonly now: () => number = () => performance.now(),
	) {}

	/** @param what the path to name where the token is refused */
	async credentials(what: string): Promise<S3Token> {
		const asked = this.asked;
		if (asked) {
			const held = await asked;
			if (this.now() < held.renewAt) return held.token;
		}
		// Another caller may have renewed it by now.
		if (this.asked && this.asked !== asked) return (await this.asked).token;
		return (await this.renew(what)).token;
	}

	/** Forgets a token that S3 does not take. */
	drop(token: S3Token): void {
		if (this.latest === token) this.asked = undefined;
	}

	private async renew(what: string): Promise<HeldToken> {
		const renewed = this.ask(what);
		this.asked = renewed;
		try {
			return await renewed;
		} catch (error) {
			// The next caller may have better luck.
			if (this.asked === renewed) this.asked = undefined;
			throw error;
		}
	}

	private async ask(what: string): Promise<HeldToken> {
		const began = this.now();
		const { token, life } = await this.request(what);
		this.latest = token;
		return { token, renewAt: began + life - Math.min(MARGIN, life * MARGIN_SHARE) };
	}
}
