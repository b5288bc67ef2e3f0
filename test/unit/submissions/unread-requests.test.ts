import type { Sighting } from '../../../filex/submissions/sighting';
import { unreadRequestsIn } from '../../../filex/submissions/unread-requests';
import { submission } from './sample';

const seen = (...ids: string[]): Sighting => ({ at: 0, submissions: ids.map((trackingId) => submission({ trackingId })), archived: [], unseen: [] });
const nobodyElse = () => false;

describe('upload requests whose answers could not be read', () => {
	const unread = { known: new Set(['old']), count: 1 };

	it('are the new ones, where there are as many of them', () => {
		expect(unreadRequestsIn(seen('old', 'NEW'), unread, nobodyElse)).toEqual(['new']);
	});

	it('are not known where another sender has asked as well', () => {
		expect(unreadRequestsIn(seen('old', 'a', 'b'), unread, nobodyElse)).toBeUndefined();
		expect(unreadRequestsIn(seen('old', 'a', 'b'), unread, (key) => key === 'a')).toEqual(['b']);
	});

	it('are not known before tracking shows them, or where nobody looked before', () => {
		expect(unreadRequestsIn(seen('old'), unread, nobodyElse)).toBeUndefined();
		expect(unreadRequestsIn(seen('new'), { count: 1 }, nobodyElse)).toBeUndefined();
		expect(unreadRequestsIn(seen('new'), undefined, nobodyElse)).toBeUndefined();
	});
});
