import { FileXError } from '../errors';
import { ARCHIVE_SUFFIX } from '../places/archive';
import type { SpacePath } from '../places/paths';
import { RestSpace } from '../rest/rest-space';
import type { AccessMethod, FileSpace } from '../space';
import { failed, type Finding, listed, ok, skipped, together, warning } from './check';
import type { Context, KnownSubSpace, Look } from './context';
import { isUploadSpace, NO_TOKEN } from './places';

/** Whether a place can be seen: `closed` where fileX itself refuses it, `unseen` where no answer of fileX's own came. */
export type Sight = 'seen' | 'closed' | 'unseen';

/** What of an upload's way can be seen (docs/submissions.md). */
export interface Visibility {
	tracking: Sight;
	uploadSubSpace: Sight;
	archive: Sight;
}

/** Applications that are looked at, at most. */
const MOST_APPLICATIONS = 20;

const TITLES: Record<AccessMethod, string> = { rest: 'HTTPS REST', s3: 'S3 Direct', sftp: 'SFTP' };

/** What fileX Upload can promise this account by an access method: one upload sub-space of each application is looked at. */
export async function lookForGuard(context: Context, method: AccessMethod, signal: AbortSignal): Promise<Finding> {
	const { known } = context;
	if (!known.rest) return skipped(NO_TOKEN);
	if (method === 'sftp' && !known.sftp) return skipped('There is no SFTP login (see sftp.login).');
	const targets = uploadTargets(known.subSpaces).slice(0, MOST_APPLICATIONS);
	if (known.subSpaces.length === 0) return skipped('No sub-space is known (see places.subSpaces).');
	if (targets.length === 0) return skipped('This account sees no sub-space to upload into (see places.subSpaces).');
	// As fileX Upload does: a token for S3 Direct does not show what lies in an upload sub-space.
	const space = method === 'sftp' ? known.sftp! : new RestSpace(context.account.endpoints.rest, known.rest, signal);
	const looks = method === 'sftp' ? [] : known.subSpaces;
	const tracking = sightOf(known.tracking, method !== 'rest');
	const groups = new Map<string, { finding: Finding; places: string[] }>();
	for (const path of targets) {
		const archive = { ...path, subSpace: `${path.subSpace}${ARCHIVE_SUFFIX}` };
		const visibility = {
			tracking,
			uploadSubSpace: await lookInto(path, space, looks),
			archive: await lookInto(archive, space, looks),
		};
		// What the limit has cut short says nothing of the place.
		if (signal.aborted) break;
		const key = JSON.stringify(visibility);
		const group = groups.get(key) ?? { finding: promiseOf(method, visibility), places: [] };
		group.places.push(`${path.application}/${path.subSpace}`);
		groups.set(key, group);
	}
	if (groups.size === 0) throw signal.reason;
	return together(
		[...groups.values()].map(({ finding, places }) => ({ ...finding, met: `${listed(places)}: ${finding.met}` })),
	);
}

/** The first sub-space to upload into of each application. */
function uploadTargets(subSpaces: KnownSubSpace[]): SpacePath[] {
	const targets = new Map<string, SpacePath>();
	for (const each of subSpaces)
		if (isUploadSpace(each) && !targets.has(each.path.application)) targets.set(each.path.application, each.path);
	return [...targets.values()];
}

/** @param known what was listed before */
async function lookInto(path: SpacePath, space: Pick<FileSpace, 'list'>, known: KnownSubSpace[]): Promise<Sight> {
	const listedBefore = known.find(
		(each) => each.path.application === path.application && each.path.subSpace === path.subSpace,
	)?.look;
	if (listedBefore) return sightOf(listedBefore);
	try {
		// An entry that cannot be used does not hide the others.
		await space.list(path, { onUnreadable: () => {} });
		return 'seen';
	} catch (error) {
		if (!(error instanceof FileXError)) throw error;
		return sightOf({ error });
	}
}

/**
 * Only fileX's own refusal closes a place.
 *
 * @param byLogin whether a refused login closes it, too, as for those who need REST for tracking alone
 */
export function sightOf(look: Look | undefined, byLogin = false): Sight {
	if (look === undefined) return 'unseen';
	if (look.error === undefined) return 'seen';
	const closing = byLogin ? ['entitlement', 'not-found', 'credentials'] : ['entitlement', 'not-found'];
	return closing.includes(look.error.kind) && !look.error.isForeign ? 'closed' : 'unseen';
}

const ASK =
	"Ask your firm's Account Administrator (SAA) or FINRA (800-321-6273) for the entitlement to the archive sub-space.";
const AGAIN = 'See answers.rest for who answers in place of fileX, then run this again.';

/** What the guard against filing twice can promise where this much can be seen. */
export function promiseOf(method: AccessMethod, visibility: Visibility): Finding {
	const { tracking, uploadSubSpace, archive } = visibility;
	const seen = `tracking ${told(tracking)}, upload sub-space ${told(uploadSubSpace)}, archive ${told(archive)}`;
	const met = (promise: string) => `${seen}. Over ${TITLES[method]}, ${promise}`;
	if (tracking === 'unseen')
		return failed(
			met('nothing is filed while tracking gives no answer: a file ends as held.'),
			AGAIN,
			method === 'rest' ? undefined : ['submit-without-tracking'],
		);
	if (archive === 'unseen' || uploadSubSpace === 'unseen')
		return failed(met('nothing is filed while a place gives no answer: a file ends as held.'), AGAIN);
	return method === 'rest' ? overRest(visibility, met) : overOthers(visibility, met);
}

function overRest({ tracking, uploadSubSpace, archive }: Visibility, met: (promise: string) => string): Finding {
	if (tracking === 'closed')
		return failed(
			met('nothing is filed: without tracking, an upload ends before it is sent.'),
			'Ask FINRA (800-321-6273) why this account may not use tracking, or use S3 Direct or SFTP.',
		);
	const withoutArchive =
		'an archived copy cannot be compared, so name and size decide what is the same file, and Skip ends as Fail does';
	if (uploadSubSpace === 'closed') {
		const late =
			"it cannot be determined when another sender's request has died, so a file that another sender requested ends as held until tracking or the archive shows its outcome";
		return warning(
			met(`each file is filed once and only once, but ${late}${archive === 'closed' ? `; ${withoutArchive}` : ''}.`),
			archive === 'closed' ? ASK : 'Ask for the entitlement to list the upload sub-space, if files are held often.',
		);
	}
	if (archive === 'closed')
		return warning(
			met(
				`each file is filed once and only once by all senders that check first, but ${withoutArchive}, and a crashed sender's request is waited for ten minutes longer.`,
			),
			ASK,
		);
	return ok(met('each file is filed once and only once, by all senders that check first.'));
}

function overOthers({ tracking, uploadSubSpace, archive }: Visibility, met: (promise: string) => string): Finding {
	if (archive === 'closed') {
		return warning(
			met(
				`a file that was filed before is not recognized, because only the archive shows it${tracking === 'seen' ? ' (what was filed over HTTPS REST is)' : ''}: each run sends it again.`,
			),
			`${ASK} Until then, HTTPS REST is the safer method.`,
		);
	}
	const hidden =
		uploadSubSpace === 'closed' ? ' A file that lies in the upload sub-space, not picked up yet, is not seen.' : '';
	const untracked =
		tracking === 'closed'
			? ' Uploads over HTTPS REST that are under way are not seen, because tracking is refused to this account.'
			: '';
	const promise = met(
		`a file that was filed before is found. Two machines that send the same file at the same moment both file it.${hidden}${untracked}`,
	);
	return hidden || untracked
		? warning(promise, 'Where several machines file, use HTTPS REST, or let one machine file.')
		: ok(promise);
}

function told(sight: Sight): string {
	return { seen: 'can be seen', closed: 'is not open to this account', unseen: "gave no answer of fileX's own" }[sight];
}
