import type { FileXError, Remedy } from '../../filex';

/** What helps beside an error's own hint, by the names of these nodes and of n8n. */
const REMEDIES: Record<Remedy, string> = {
	'allow-more-connections': "If FINRA allows you more, raise 'SFTP Connections' in the credential.",
	'allow-repeated-filing':
		"If you know that no other upload is under way, set 'If Already Filed' to 'Allow', which sends at once.",
	'check-source': "Check the step that made the file, and n8n's binary data store.",
	'clear-refused-login':
		'If the account was unlocked and the secret is right, test the credential: that tries once more, at most twice an hour. In queue mode, restart the workers, which each remember a refusal.',
	'look-for-copy': 'fileX List shows the archive sub-space.',
	'look-for-submission': 'fileX Track finds it by its tracking ID.',
	'repeat-is-guarded':
		"Running this step again is safe unless 'If Already Filed' is 'Allow': it checks with fileX before it sends.",
	'see-health': "fileX List, operation 'Get Service Health', shows the service's state and its SFTP host key.",
	'settle-longer': "To wait longer in this step, raise 'Time to Settle (Seconds)'.",
	'skip-filed':
		"To continue where a file was filed before, set 'If Already Filed' to 'Skip'. 'Allow' files it again, which makes two filings.",
	'submit-without-tracking':
		"If HTTPS to fileX is closed on this machine, switch on 'Submit Without Tracking', which S3 Direct and SFTP have.",
	'wait-longer':
		"Raise 'Time Limit (Minutes)', or set 'When Time Is Up' to 'Second Output' to let the workflow continue.",
};

/** An error's hint, and what else helps. */
export function hintOf({ hint, remedies = [] }: Pick<FileXError, 'hint' | 'remedies'>): string {
	return [hint, ...remedies.map((remedy) => REMEDIES[remedy])].filter((sentence) => sentence !== '').join(' ');
}
