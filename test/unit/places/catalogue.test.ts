import { applicationTitle, isDeliverySpace, subSpaceFacts } from '../../../filex/places/catalogue';

describe('the catalogue', () => {
	it('knows titles, actions and retention of section 9', () => {
		expect(applicationTitle('focus')).toBe('eFOCUS');
		expect(subSpaceFacts('crd', 'incoming_filings')).toEqual({
			action: 'Upload',
			retention: 'Immediately Moved',
			note: 'Firms Only',
		});
		expect(subSpaceFacts('tradejrnl', 'whatever')).toEqual({ action: 'Download', retention: '30 calendar days' });
		expect(subSpaceFacts('crd', 'nosuch')).toBeUndefined();
		expect(applicationTitle('nosuch')).toBeUndefined();
	});

	it.each([
		['crd', 'reports', undefined, true],
		['crd', 'incoming_filings', undefined, false],
		['crd', 'incoming_filings_arcv', undefined, false],
		['tradejrnl', 'equity', undefined, true],
		['newapp', 'out', undefined, true],
		['newapp', 'in', undefined, false],
		['newapp', 'finra_in', undefined, false],
		['newapp', 'dropbox', undefined, true],
		['newapp', 'dropbox', true, false],
		['newapp', 'in', false, true],
	])('says whether FINRA delivers into %s/%s (writable: %s): %s', (application, subSpace, writable, delivers) => {
		expect(isDeliverySpace(application, subSpace, writable)).toBe(delivers);
	});
});
