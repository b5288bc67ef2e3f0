import { easternTime } from '../submissions/eastern';
import type { Submission } from '../submissions/submissions';

/** Days in which an archived copy can be downloaded (guide, section 5.4.6). */
const DOWNLOADABLE_DAYS = 30;

/** A submission as the guide's section 5.4.6 shows it. */
export function trackingRecord(submission: Submission, now: Date, root: string): object {
	const [, application, subSpace] = submission.space;
	const age = now.getTime() - submission.submittedAt.getTime();
	return {
		trackingId: submission.trackingId,
		submissionTime: easternTime(submission.submittedAt),
		userName: submission.username,
		fileName: submission.name,
		status: submission.status,
		downstreamStatus: submission.downstream,
		statusUpdateTime: easternTime(submission.statusAt),
		fileSize: submission.size,
		uploadLocation: submission.space.join('/'),
		applicationName: application,
		applicationSpaceName: subSpace,
		arcvFileName: submission.archiveName,
		downloadable: submission.archiveName !== null && age <= DOWNLOADABLE_DAYS * 24 * 3600 * 1000,
		_links: [
			{ rel: 'self', href: `${root}?id=${submission.trackingId}` },
			{ rel: 'parent', href: root },
		],
	};
}
