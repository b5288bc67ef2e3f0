/** A tracking ID as a key: letter case does not matter in a UUID (RFC 9562, section 4). */
export function trackingKey(trackingId: string): string {
	return trackingId.trim().toLowerCase();
}

export function sameTrackingId(a: string, b: string): boolean {
	return trackingKey(a) === trackingKey(b);
}
