/** Percent-encoding by RFC 3986, as AWS signs it. Text is taken as UTF-8. */
export function encodePart(text: string): string {
	return encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The same, with slashes left as they are. */
export function encodePath(path: string): string {
	return path.split('/').map(encodePart).join('/');
}

/** E.g. `20130524T000000Z`. */
export function isoStamp(date: Date): string {
	return date.toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** Reads what {@link isoStamp} writes; undefined where it is something else. */
export function readIsoStamp(text: string): Date | undefined {
	const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
	if (!parts) return undefined;
	const [, year, month, day, hour, minute, second] = parts;
	const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
	return Number.isNaN(date.getTime()) ? undefined : date;
}
