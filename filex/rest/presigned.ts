import { FileXError } from '../errors';
import { readJson } from '../http/body';
import type { HttpAnswer } from '../http/port';

export interface PresignedUrl {
	url: string;
	/** Only an upload has one. */
	trackingId?: string;
}

const URL_KEYS = ['url', 'preSignedUrl', 'presignedUrl', 'signedUrl', 'href', 'location'];
const ID_KEYS = ['trackingId', 'trackingID', 'id'];

/**
 * Finds the pre-signed URL in fileX's answer. The guide does not show how it comes back (its section
 * 5.4.4 lacks the page), so every shape that a sane service would use is read: a JSON object, a HAL
 * link, a bare URL as text or JSON string, a `Location` header.
 */
export function parsePresigned({ headers, body }: HttpAnswer<string>): PresignedUrl {
	const json = readJson(body);
	const url = json ? urlInJson(json) : (urlInText(body) ?? asUrl(headers.location));
	const found = url ?? asUrl(headers.location);
	if (!found) {
		throw new FileXError('unexpected-answer', 'fileX answered without a pre-signed URL', {
			hint: 'Report this to FINRA (800-321-6273) if it stays: fileX should hand out a URL here. Running it again is safe.',
			retrySafe: true,
		});
	}
	const trackingId = json
		? stringAt(json, ID_KEYS)
		: Object.entries(headers).find(([name]) => /tracking.*id/.test(name))?.[1];
	return trackingId === undefined ? { url: found } : { url: found, trackingId };
}

function urlInJson(json: Record<string, unknown>): string | undefined {
	return asUrl(stringAt(json, URL_KEYS)) ?? linkIn(json._links);
}

/** The link of a HAL `_links` that is signed, whatever its name. */
function linkIn(links: unknown): string | undefined {
	if (typeof links !== 'object' || links === null) return undefined;
	return Object.values(links)
		.flat()
		.map((link) => asUrl((link as { href?: unknown } | null)?.href))
		.find((href) => href !== undefined && /[?&]X-Amz-Signature=/i.test(href));
}

function urlInText(body: string): string | undefined {
	return asUrl(body.trim().replace(/^"(.*)"$/s, '$1').replace(/\\\//g, '/'));
}

function stringAt(json: Record<string, unknown>, keys: string[]): string | undefined {
	return keys.map((key) => json[key]).find((value) => typeof value === 'string');
}

function asUrl(value: unknown): string | undefined {
	return typeof value === 'string' && /^https?:\/\/\S+$/i.test(value) && URL.canParse(value)
		? value
		: undefined;
}
