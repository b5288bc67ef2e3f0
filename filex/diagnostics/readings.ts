import { FileXError } from '../errors';
import { hostAndPort } from '../http/connect';
import { shapeOf } from '../http/unexpected-answer';
import { formatFile } from '../places/paths';
import { callRest } from '../rest/call';
import { lifetimeOf, readPresigned } from '../rest/presigned';
import { restError } from '../rest/rest-errors';
import { S3Space } from '../s3/s3-space';
import { requestS3Token } from '../s3/token';
import { Tracking } from '../submissions/tracking';
import { targetOf } from './addresses';
import { counted, failed, type Finding, ok, skipped, together, warning } from './check';
import type { Context } from './context';
import { isUploadSpace, NO_TOKEN } from './places';
import { judgeShape } from './shapes';

/** The forms of the listings that were read. */
export function lookAtListings({ known, observed }: Context): Finding {
	if (!known.rest) return skipped(NO_TOKEN);
	if (!known.applications) return skipped('No listing was read (see places.applications).');
	const isEmpty = known.subSpaces.every(({ files }) => !files);
	return together([
		judgeShape('organization', 'an organization', observed.shape('organization'), known.applications?.length === 0),
		judgeShape('application', 'an application', observed.shape('application'), known.subSpaces.length === 0),
		judgeShape('subSpace', 'a sub-space', observed.shape('subSpace'), isEmpty),
	]);
}

/** Asks for all of tracking, as fileX Track and the guard of fileX Upload do. */
export async function lookAtTracking({ account, known, observed }: Context, signal: AbortSignal): Promise<Finding> {
	if (!known.rest) return skipped(NO_TOKEN);
	try {
		const { submissions, at } = await new Tracking(account.endpoints.rest, known.rest, signal, 0).snapshot();
		known.tracking = {};
		const shape = judgeShape(
			'tracking',
			`tracking has ${counted(submissions.length, 'submission')} of the last 90 days`,
			observed.shape('tracking'),
			submissions.length === 0,
		);
		// 404 of fileX's own stands for none.
		const finding = shape.verdict === 'skipped' ? ok('tracking has no submissions') : shape;
		return Number.isNaN(at)
			? together([
					finding,
					warning(
						'fileX gives no date with it',
						'Without a date the guard never considers another request dead, and holds a file longer. A proxy may remove the header.',
					),
				])
			: finding;
	} catch (error) {
		if (error instanceof FileXError) known.tracking = { error };
		throw error;
	}
}

/** Asks for a pre-signed URL of a file that exists. It is not used: nothing is downloaded. */
export async function lookAtPresigned({ account, known }: Context, signal: AbortSignal): Promise<Finding> {
	if (!known.rest) return skipped(NO_TOKEN);
	const sample = known.subSpaces.find(({ sample }) => sample !== undefined)?.sample;
	if (!sample) return skipped('No file is known whose URL could be requested (see places.subSpaces).');
	const base = account.endpoints.rest;
	const path = formatFile(sample);
	const answer = await callRest(
		{ baseUrl: base, http: known.rest, signal },
		'GET',
		`files/${path.split('/').map(encodeURIComponent).join('/')}`,
	);
	// The name of a file may say more than an issue should.
	const place = `a file of ${sample.application}/${sample.subSpace}`;
	if (answer.status >= 400) throw restError(answer, place);
	const { url, headers } = readPresigned(answer, { method: 'GET', what: place, base });
	const { scheme, host, port } = targetOf(url);
	const life = lifetimeOf(url);
	const met = `${place}: ${shapeOf(answer)}; the URL (not used) is at ${scheme}://${hostAndPort(host, port)}, ${life === undefined ? 'no lifetime given' : `valid for ${life / 1000} s`}${headers ? `, with headers to send along: ${Object.keys(headers).join(', ')}` : ''}`;
	if (scheme === 'http' && base.startsWith('https:'))
		return failed(
			met,
			'fileX handed out an unencrypted URL, which the nodes do not use. Report this to FINRA (800-321-6273).',
		);
	const origin = new URL(url).origin;
	if (!known.s3.includes(origin)) known.s3.push(origin);
	return ok(met);
}

/** Asks for an S3 token. It is not used, and forgotten. */
export async function lookAtS3Token(
	{ account, orgId, known, observed }: Context,
	signal: AbortSignal,
): Promise<Finding> {
	if (account.endpoints.s3 !== undefined && !known.s3.includes(account.endpoints.s3))
		known.s3.unshift(account.endpoints.s3);
	if (!known.rest) return skipped(NO_TOKEN);
	const application =
		(known.subSpaces.find(({ sample }) => sample !== undefined) ?? known.subSpaces[0])?.path.application ??
		known.applications?.[0]?.name;
	if (application === undefined) return skipped('No application is known (see places.applications).');
	const { token, life } = await requestS3Token(
		{ baseUrl: account.endpoints.rest, http: known.rest, signal },
		orgId,
		application,
		application,
	);
	const endpoint = account.endpoints.s3 ?? `https://s3.${token.region}.amazonaws.com`;
	if (!known.s3.includes(endpoint)) known.s3.unshift(endpoint);
	const shape = judgeShape('s3Token', `a token for ${application}`, observed.shape('s3Token'));
	const met = `${shape.met}; region ${token.region}, ${counted(token.readPaths.length, 'path')} to read, ${counted(token.writePaths.length, 'path')} to write, valid for ${Math.round(life / 60_000)} min`;
	if (life < 5 * 60_000) return warning(met, "The guide says one hour. Check this machine's clock (see clocks).");
	return { ...shape, met };
}

/** Lists over S3 Direct what REST has listed. */
export async function listOverS3({ account, known, ports }: Context, signal: AbortSignal): Promise<Finding> {
	if (!known.rest) return skipped(NO_TOKEN);
	const listed =
		known.subSpaces.find(({ sample }) => sample !== undefined) ??
		known.subSpaces.find(
			({ path, look }) => look !== undefined && look.error === undefined && !isUploadSpace({ path }),
		);
	if (!listed) return skipped('No sub-space to list is known (see places.subSpaces).');
	const { path, files } = listed;
	const space = new S3Space(account.endpoints, known.rest, { egress: ports.egress, signal });
	try {
		const found = await space.list(path);
		const met = `${path.application}/${path.subSpace} has ${counted(found.length, 'file')} over S3 Direct, and ${files} over REST`;
		// A file may have come or gone in between.
		return found.length === 0 && files! > 1
			? failed(
					met,
					"S3 Direct does not show what REST shows: do not use it as 'Access Method', and report this item to FINRA (800-321-6273).",
				)
			: ok(met);
	} finally {
		await space.close();
	}
}
