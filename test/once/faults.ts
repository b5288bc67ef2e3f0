import type { Fault } from '../../sandbox/faults';

type SomeFault = Pick<Fault, 'where' | 'effect'> & Partial<Fault>;

/** What may go wrong between a sender and fileX, each at the second of five files. */
export const FAULTS: SomeFault[] = [
	{ where: 'fip.token', effect: 'fail', after: 0 },
	{ where: 'rest.upload', effect: 'fail' },
	{ where: 'rest.upload', effect: 'unavailable' },
	{ where: 'rest.upload', effect: 'drop' },
	{ where: 'rest.upload', effect: 'lose' },
	{ where: 'rest.upload', effect: 'revoked' },
	{ where: 'rest.tracking', effect: 'unavailable' },
	{ where: 'rest.list', effect: 'fail' },
	{ where: 's3.put', effect: 'expired' },
	{ where: 's3.put', effect: 'drop' },
	{ where: 's3.put', effect: 'cut' },
	{ where: 's3.put', effect: 'lose' },
	{ where: 's3.put', effect: 'fail' },
	{ where: 's3.put', effect: 'unavailable' },
	{ where: 's3.put', effect: 'disk-full' },
	{ where: 's3.put', effect: 'lose', times: 5, after: 0 },
];

/** E.g. `s3.put: lose, 5 times`. */
export function nameOf({ where, effect, times = 1 }: SomeFault): string {
	return `${where}: ${effect}${times > 1 ? `, ${times} times` : ''}`;
}
