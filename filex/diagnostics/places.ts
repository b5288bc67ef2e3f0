import { FileXError, isFileXsOwn } from '../errors';
import { isArchive, subSpaceFacts } from '../places/catalogue';
import { formatSpace } from '../places/paths';
import { RestSpace } from '../rest/rest-space';
import { mapLimit } from '../util/map-limit';
import { counted, failed, type Finding, listed, ok, skipped, warning } from './check';
import type { Context, KnownSubSpace } from './context';

/** Why what needs a token is not tried. */
export const NO_TOKEN = 'There is no token of FIP (see fip.token), which fileX REST needs.';

/** Applications whose sub-spaces are looked at, and sub-spaces that are listed, at most. */
const MOST_APPLICATIONS = 40;
const MOST_LISTINGS = 60;

/** Requests at a time. */
const PARALLEL = 4;

/** The share of a check's time after which no further listing is begun. */
const TIME_SHARE = 0.75;

export async function findApplications({ account, orgId, known }: Context, signal: AbortSignal): Promise<Finding> {
	if (!known.rest) return skipped(NO_TOKEN);
	known.applications = await new RestSpace(account.endpoints.rest, known.rest, signal).applications(orgId);
	const names = known.applications.map(({ name }) => name).sort();
	if (names.length === 0)
		return warning(
			'This account sees no application of the organization.',
			"Check 'Organization ID', leading zeros included, and ask your firm's Account Administrator (SAA) or FINRA (800-321-6273) for the entitlements.",
		);
	return ok(`${counted(names.length, 'application')}: ${listed(names)}`);
}

/** Finds the sub-spaces of the applications, and lists each. @param limit how long it may take, in ms */
export async function findSubSpaces(context: Context, signal: AbortSignal, limit: number): Promise<Finding> {
	const { account, orgId, known } = context;
	if (!known.rest) return skipped(NO_TOKEN);
	if (!known.applications?.length) return skipped('No application is known (see places.applications).');
	const rest = new RestSpace(account.endpoints.rest, known.rest, signal);
	const until = performance.now() + limit * TIME_SHARE;
	const isOver = () => performance.now() > until || signal.aborted;
	const problems: Problem[] = [];
	const names = known.applications.map(({ name }) => name).sort();
	await mapLimit(names.slice(0, MOST_APPLICATIONS), PARALLEL, async (application) => {
		if (isOver()) return;
		try {
			for (const { name, writable } of await rest.subSpaces(orgId, application))
				known.subSpaces.push({ path: { orgId, application, subSpace: name }, writable });
		} catch (error) {
			if (!signal.aborted) problems.push(problemOf(application, error));
		}
	});
	known.subSpaces.sort((a, b) => (formatSpace(a.path) < formatSpace(b.path) ? -1 : 1));
	await mapLimit(firstTurns(known.subSpaces).slice(0, MOST_LISTINGS), PARALLEL, async (subSpace) => {
		if (isOver()) return;
		try {
			const files = await rest.list(subSpace.path);
			subSpace.look = {};
			subSpace.files = files.length;
			if (files[0]) subSpace.sample = { ...subSpace.path, name: files[0].name };
		} catch (error) {
			if (!(error instanceof FileXError)) throw error;
			if (signal.aborted) return;
			subSpace.look = { error };
			problems.push(problemOf(`${subSpace.path.application}/${subSpace.path.subSpace}`, error));
		}
	});
	return judgeListings(known.subSpaces, {
		applications: names.length,
		looked: Math.min(names.length, MOST_APPLICATIONS),
		problems,
	});
}

/** One of each application first, so that a cap leaves none out. */
function firstTurns(subSpaces: KnownSubSpace[]): KnownSubSpace[] {
	const turns = new Map<string, number>();
	const turnOf = subSpaces.map((subSpace) => {
		const turn = turns.get(subSpace.path.application) ?? 0;
		turns.set(subSpace.path.application, turn + 1);
		return { subSpace, turn };
	});
	return turnOf.sort((a, b) => a.turn - b.turn).map(({ subSpace }) => subSpace);
}

/** A place that could not be listed. */
export interface Problem {
	/** `{application}` or `{application}/{subSpace}` */
	place: string;
	/** Whether fileX itself refused it, as to an account without the entitlement. */
	isRefused: boolean;
	reason: string;
}

function problemOf(place: string, error: unknown): Problem {
	if (!(error instanceof FileXError)) throw error;
	const isRefused = isFileXsOwn(error, ['entitlement', 'not-found']);
	const why =
		error.kind === 'entitlement'
			? 'not entitled'
			: error.kind === 'not-found'
				? 'not there'
				: withoutPlace(error.message);
	return {
		place,
		isRefused,
		reason: `${why}${error.httpStatus !== undefined && isRefused ? ` (HTTP ${error.httpStatus})` : ''}`,
	};
}

/** The same reason for several places is said once. */
function withoutPlace(message: string): string {
	return message.replace(/ for '[^']*'/, '').slice(0, 300);
}

/** How many sub-spaces there are, and which of them could not be listed. */
export function judgeListings(
	subSpaces: KnownSubSpace[],
	{ applications, looked, problems }: { applications: number; looked: number; problems: Problem[] },
): Finding {
	const tried = subSpaces.filter(({ look }) => look !== undefined);
	const seen = tried.filter(({ look }) => look!.error === undefined);
	const files = seen.reduce((sum, each) => sum + (each.files ?? 0), 0);
	const met = [
		`${counted(subSpaces.length, 'sub-space')} in ${looked < applications ? `the first ${looked} of ${counted(applications, 'application')}` : counted(applications, 'application')}`,
		`${subSpaces.filter(isUploadSpace).length} to upload into, ${subSpaces.filter(({ path }) => isArchive(path.subSpace)).length} archives`,
		`${seen.length} of ${tried.length} that were tried can be listed${tried.length < subSpaces.length ? ` (at most ${MOST_LISTINGS} are tried, as long as the time lasts)` : ''}, with ${counted(files, 'file')}`,
		...grouped(problems),
	].join('; ');
	const foreign = problems.filter(({ isRefused }) => !isRefused);
	if (foreign.length > 0)
		return failed(
			met,
			'Where fileX gave no answer of its own, nothing is concluded. See answers.rest and addresses.rest for who answers in its place, then run this again.',
		);
	if (subSpaces.length === 0)
		return warning(met, "Ask your firm's Account Administrator (SAA) or FINRA (800-321-6273) for the entitlements.");
	if (problems.length > 0)
		return warning(
			met,
			"fileX refuses these places to this account. Where a workflow needs one, ask your firm's Account Administrator (SAA) or FINRA (800-321-6273) for the entitlement.",
		);
	return ok(met);
}

function grouped(problems: Problem[]): string[] {
	const byReason = new Map<string, string[]>();
	for (const { place, reason } of problems) byReason.set(reason, [...(byReason.get(reason) ?? []), place]);
	return [...byReason].map(([reason, places]) => `${listed(places.sort())}: ${reason}`);
}

/** Whether files can be uploaded there, as the listing says, or else the guide. */
export function isUploadSpace({ path, writable }: Pick<KnownSubSpace, 'path' | 'writable'>): boolean {
	if (isArchive(path.subSpace)) return false;
	return writable ?? subSpaceFacts(path.application, path.subSpace)?.action === 'Upload';
}
