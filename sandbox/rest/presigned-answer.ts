import type { SettingValues } from '../settings';
import type { Answer } from './answer';

type Shapes = Pick<SettingValues, 'urlShape' | 'trackingShape'>;

export interface Presigned {
	url: string;
	method: 'GET' | 'PUT';
	/** Only an upload has one. */
	trackingId?: string;
}

/**
 * The answer that hands out a pre-signed URL. The guide's page that shows it is missing (section
 * 5.4.4), so the sandbox can give it in every shape that a sane service would use.
 *
 * @param trackingRoot e.g. `http://127.0.0.1:8080/tracking`
 */
export function presignedAnswer(presigned: Presigned, shapes: Shapes, trackingRoot: string): Answer {
	const { url, trackingId } = presigned;
	const header: Record<string, string> = trackingId === undefined ? {} : { 'filex-tracking-id': trackingId };
	switch (shapes.urlShape) {
		case 'text':
			return { status: 200, headers: header, body: url };
		case 'json-string':
			return { status: 200, headers: { 'Content-Type': 'application/json', ...header }, body: JSON.stringify(url) };
		case 'created':
			return { status: 201, headers: { Location: url, ...header }, body: '' };
		case 'redirect':
			return { status: 302, headers: { Location: url, ...header }, body: '' };
		default: {
			const headers = shapes.trackingShape === 'header' ? header : {};
			return { status: 200, headers, body: fields(presigned, shapes, trackingRoot), root: 'presignedUrl' };
		}
	}
}

function fields(
	{ url, method, trackingId }: Presigned,
	{ urlShape, trackingShape }: Shapes,
	trackingRoot: string,
): object {
	const body: Record<string, unknown> = { method };
	const links: Record<string, { href: string }> = {};
	if (urlShape === 'hal') links[method === 'GET' ? 'download' : 'upload'] = { href: url };
	else body[urlShape] = url;
	if (trackingId !== undefined) {
		if (trackingShape === 'link') links.tracking = { href: `${trackingRoot}?id=${trackingId}` };
		else if (trackingShape !== 'header') body[trackingShape] = trackingId;
	}
	return Object.keys(links).length > 0 ? { ...body, _links: links } : body;
}
