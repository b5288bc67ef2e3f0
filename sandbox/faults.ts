/**
 * What can go wrong, in the order of an exchange:
 *
 * - `delay`: the answer waits for `seconds`
 * - `fail`: an error of the service (500; over SFTP a failure)
 * - `unavailable`: 503; from S3 `SlowDown`
 * - `drop`: the connection is dropped before anything is done
 * - `cut`: the connection is dropped in the middle of the body (or of the listing); an upload is not stored
 * - `stall`: the body stops in the middle, and the connection stays
 * - `truncated`: half of the body, and a length to match: it looks whole
 * - `wrong-length`: a length that is one byte more than what there is
 * - `lose`: all is done, and the connection is dropped before the answer
 * - `empty`: an empty listing
 * - `revoked`: the bearer token is not known any more
 * - `expired`: the URL or the session token has expired
 * - `disk-full`: no room for the upload
 * - `short`: SFTP answers with fewer bytes than asked for
 * - `reorder`: SFTP answers in another order than asked
 * - `too-many`: too many SFTP connections
 * - `page`: a proxy, a gateway or a login page answers in place of the service: HTML, with `status`
 */
export type Effect =
	| 'delay'
	| 'fail'
	| 'unavailable'
	| 'drop'
	| 'cut'
	| 'stall'
	| 'truncated'
	| 'wrong-length'
	| 'lose'
	| 'empty'
	| 'revoked'
	| 'expired'
	| 'disk-full'
	| 'short'
	| 'reorder'
	| 'too-many'
	| 'page';

const HTTP = ['delay', 'fail', 'unavailable', 'drop', 'lose', 'page'] as const;
const REST = [...HTTP, 'revoked'] as const;
const S3 = [...HTTP, 'expired'] as const;
const BODY_UP = [...S3, 'cut', 'disk-full'] as const;

/** Where things can go wrong, and what can go wrong there. */
export const FAULTS = {
	'fip.token': HTTP,
	'rest.list': [...REST, 'cut', 'empty'],
	'rest.download': REST,
	'rest.upload': REST,
	'rest.tracking': REST,
	'rest.s3-token': REST,
	'rest.health': HTTP,
	's3.get': [...S3, 'cut', 'stall', 'truncated', 'wrong-length'],
	's3.head': S3,
	's3.list': [...S3, 'empty'],
	's3.put': BODY_UP,
	's3.multipart': S3,
	's3.part': BODY_UP,
	's3.complete': S3,
	'sftp.login': ['delay', 'drop', 'too-many'],
	'sftp.list': ['delay', 'fail', 'cut', 'empty'],
	'sftp.read': ['delay', 'fail', 'cut', 'stall', 'short', 'reorder'],
	'sftp.write': ['delay', 'fail', 'cut', 'stall', 'disk-full', 'lose'],
} as const satisfies Record<string, readonly Effect[]>;

export type Where = keyof typeof FAULTS;

export interface Fault {
	where: Where;
	effect: Effect;
	/** How often it strikes before things work again. */
	times: number;
	/** Requests that it lets pass first; 0 where absent. */
	after?: number;
	/** Only there, e.g. `0001/crd/reports`, or a file; everywhere where absent. */
	path?: string;
	/** How long a `delay` is; 1 where absent. */
	seconds?: number;
	/** Of a `page`, from 200 to 599; 200 where absent. */
	status?: number;
}

/** The faults that are switched on. */
export class Faults {
	private active: Fault[] = [];

	/** @throws InvalidFault where there is no such fault */
	add(fault: Fault): void {
		check(fault);
		this.active.push({ ...fault });
	}

	all(): readonly Fault[] {
		return this.active;
	}

	clear(): void {
		this.active = [];
	}

	/** The fault that strikes here and now, counted down. */
	strike(where: Where, path: string[] = []): Fault | undefined {
		const place = path.join('/');
		const fault = this.active.find((each) => each.where === where && isAt(place, each.path));
		if (!fault) return undefined;
		if (fault.after) {
			fault.after--;
			return undefined;
		}
		if (--fault.times <= 0) this.active = this.active.filter((each) => each !== fault);
		return fault;
	}
}

export class InvalidFault extends Error {}

function isAt(place: string, path: string | undefined): boolean {
	return path === undefined || place === path || place.startsWith(`${path}/`);
}

function check({ where, effect, times, after = 0, path, seconds = 1, status = 200 }: Fault): void {
	if (!Object.hasOwn(FAULTS, where)) {
		throw new InvalidFault(`'where' takes one of: ${Object.keys(FAULTS).join(', ')}.`);
	}
	const effects: readonly Effect[] = FAULTS[where];
	if (!effects.includes(effect))
		throw new InvalidFault(`'effect' takes one of these at ${where}: ${effects.join(', ')}.`);
	if (!Number.isInteger(times) || times < 1) throw new InvalidFault("'times' takes a whole number from 1 up.");
	if (!Number.isInteger(after) || after < 0) throw new InvalidFault("'after' takes a whole number from 0 up.");
	if (typeof seconds !== 'number' || !(seconds >= 0 && seconds <= 3600))
		throw new InvalidFault("'seconds' takes a number from 0 to 3600.");
	if (!Number.isInteger(status) || status < 200 || status > 599)
		throw new InvalidFault("'status' takes a whole number from 200 to 599.");
	if (path !== undefined && typeof path !== 'string')
		throw new InvalidFault("'path' takes a text, e.g. 0001/crd/reports.");
}
