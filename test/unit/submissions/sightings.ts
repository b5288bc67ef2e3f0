import type { Sighting } from '../../../filex/submissions/sighting';
import { submission } from './sample';

export const NOON = Date.UTC(2026, 2, 31, 12);

/** @param seconds after noon */
export const at = (seconds: number) => new Date(NOON + seconds * 1000).toISOString();

export const requested = (trackingId: string, seconds: number) =>
	submission({ trackingId, submissionTime: at(seconds) });

export const received = (trackingId: string, seconds: number, changes: object = {}) =>
	submission({
		trackingId,
		submissionTime: at(seconds),
		status: 'Received by FINRA',
		fileSize: 10,
		arcvFileName: `20260331080000000_${trackingId}`,
		...changes,
	});

export const seen = (changes: Partial<Sighting> = {}): Sighting => ({
	at: NOON,
	submissions: [],
	archived: [],
	unseen: [],
	...changes,
});

export const copy = (name: string, seconds: number, size = 10) => ({
	path: `0001/focus/in_arcv/${name}`,
	size,
	at: NOON + seconds * 1000,
});
