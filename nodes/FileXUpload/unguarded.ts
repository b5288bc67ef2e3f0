import type { Step } from '../shared/router';
import type { UploadItem } from './item';
import type { UploadRecord } from './record';

/** Whether the guard will not recognize this file later: fileX does not track it, and the archive is hidden. */
export function isUnguarded(
	{ space }: Step,
	{ ifAlreadyFiled }: UploadItem,
	{ outcome, checkedAgainst }: UploadRecord,
): boolean {
	const isTracked = space.registersUploads || checkedAgainst.includes('archive');
	return outcome === 'accepted' && ifAlreadyFiled !== 'allow' && !isTracked;
}

export const UNGUARDED_WARNING =
	'This account cannot see the archive of this sub-space. Files that it submits over SFTP or S3 Direct are not recognized when another n8n process, or this one after a restart, submits them again. Over HTTPS REST they are.';
