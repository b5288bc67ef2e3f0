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
	const trackingId =
		(json && (stringAt(json, ID_KEYS) ?? idInLinks(json._links))) ??
		Object.entries(headers).find(([name]) => /tracking.*id/.test(name))?.[1];
	return trackingId === undefined ? { url: found } : { url: found, trackingId };
}

/** How long a pre-signed URL may wait for its use, in ms; undefined where it does not say. */
export function lifetimeOf(url: string): number | undefined {
	const seconds = Number(new URL(url).searchParams.get('X-Amz-Expires') ?? NaN);
	return seconds > 0 ? seconds * 1000 : undefined;
}

function urlInJson(json: Record<string, unknown>): string | undefined {
	return URL_KEYS.map((key) => asUrl(json[key])).find((url) => url !== undefined) ?? linkIn(json._links);
}

/** The link of a HAL `_links` that is signed, whatever its name. */
function linkIn(links: unknown): string | undefined {
	return hrefsIn(links).find((href) => /[?&]X-Amz-Signature=/i.test(href));
}

/** The id in the link to fileX's tracking, whatever the link's name. */
function idInLinks(links: unknown): string | undefined {
	const tracking = hrefsIn(links).find((href) => new URL(href).pathname.endsWith('/tracking'));
	return (tracking && new URL(tracking).searchParams.get('id')) || undefined;
}

function hrefsIn(links: unknown): string[] {
	if (typeof links !== 'object' || links === null) return [];
	return Object.values(links)
		.flat()
		.map((link) => asUrl((link as { href?: unknown } | null)?.href))
		.filter((href) => href !== undefined);
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
