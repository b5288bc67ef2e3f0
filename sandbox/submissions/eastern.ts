const PARTS = new Intl.DateTimeFormat('en-US', {
	timeZone: 'America/New_York',
	hourCycle: 'h23',
	year: 'numeric',
	month: '2-digit',
	day: '2-digit',
	hour: '2-digit',
	minute: '2-digit',
	second: '2-digit',
	fractionalSecondDigits: 3,
	timeZoneName: 'longOffset',
});

function partsOf(date: Date): Record<string, string> {
	return Object.fromEntries(PARTS.formatToParts(date).map(({ type, value }) => [type, value]));
}

/** `yyyymmddhh24missSSS` in US Eastern, as names in an archive begin (guide, section 9). */
export function easternStamp(date: Date): string {
	const { year, month, day, hour, minute, second, fractionalSecond } = partsOf(date);
	return `${year}${month}${day}${hour}${minute}${second}${fractionalSecond}`;
}

/** `2022-11-01T12:00:00.000-05:00`: US Eastern with its offset, as tracking gives times (guide, section 5.4.6). */
export function easternTime(date: Date): string {
	const { year, month, day, hour, minute, second, fractionalSecond, timeZoneName } = partsOf(date);
	return `${year}-${month}-${day}T${hour}:${minute}:${second}.${fractionalSecond}${timeZoneName!.replace('GMT', '')}`;
}
