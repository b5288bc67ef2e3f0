/**
 * A text that came from a client, up to where a signature begins: a client that spoils the `?` of a
 * pre-signed URL sends its query as part of the path.
 */
export function withoutSignature(text: string): string {
	return text.replace(
		/x-amz-(?:algorithm|credential|date|expires|security-token|signature|signedheaders)(?:=|%3d).*$/is,
		'…',
	);
}
