/**
 * Weekdays on which the New York Stock Exchange is closed, written down by hand from what it publishes, not reckoned:
 * nyse.com/markets/hours-calendars. The day of mourning of 9 January 2025 is not in it: no rule knows such a day before.
 */
export const NYSE_CLOSINGS: Readonly<Record<number, readonly string[]>> = {
	2024: ['01-01', '01-15', '02-19', '03-29', '05-27', '06-19', '07-04', '09-02', '11-28', '12-25'],
	2025: ['01-01', '01-20', '02-17', '04-18', '05-26', '06-19', '07-04', '09-01', '11-27', '12-25'],
	2026: ['01-01', '01-19', '02-16', '04-03', '05-25', '06-19', '07-03', '09-07', '11-26', '12-25'],
	2027: ['01-01', '01-18', '02-15', '03-26', '05-31', '06-18', '07-05', '09-06', '11-25', '12-24'],
	// New Year's Day of 2028 is a Saturday: the Friday before is a trading day.
	2028: ['01-17', '02-21', '04-14', '05-29', '06-19', '07-04', '09-04', '11-23', '12-25'],
};
