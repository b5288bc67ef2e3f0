import type { Sighting } from '../../../filex/submissions/sighting';
import { unreadRequestsIn, type UnreadRequests } from '../../../filex/submissions/unread-requests';
import { submission } from './sample';

const NOON = Date.UTC(2026, 2, 31, 12);
const requested = (trackingId: string, seconds = 0) =>
	submission({ trackingId, submissionTime: new Date(NOON + seconds * 1000).toISOString() });
const seen = (...submissions: Array<ReturnType<typeof requested>>): Sighting => ({
	at: NOON,
	submissions,
	archived: [],
	unseen: [],
});
const nobodyElse = () => false;
const unread: UnreadRequests = { known: new Set(['old']), from: NOON, until: NOON + 500, count: 1 };

describe('upload requests whose answers could not be read', () => {
	it('are the new ones of that time, where there are as many of them', () => {
		expect(unreadRequestsIn(seen(requested('old'), requested('NEW')), unread, nobodyElse)).toEqual(['new']);
	});

	it('are not known where another sender has asked as well', () => {
		const sight = seen(requested('old'), requested('a'), requested('b'));
		expect(unreadRequestsIn(sight, unread, nobodyElse)).toBeUndefined();
		expect(unreadRequestsIn(sight, unread, (key) => key === 'a')).toEqual(['b']);
	});

	it.each([[-3], [3]])('are not those of another time (%i s)', (seconds) => {
		expect(unreadRequestsIn(seen(requested('new', seconds)), unread, nobodyElse)).toBeUndefined();
	});

	it('are not known before tracking shows them', () => {
		expect(unreadRequestsIn(seen(requested('old')), unread, nobodyElse)).toBeUndefined();
	});
});
