/** A tracking ID to compare by: fileX may give the same UUID in either letter case. */
export function trackingKey(trackingId: string): string {
	return trackingId.toLowerCase();
}
