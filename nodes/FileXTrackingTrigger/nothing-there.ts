import { FileXError } from '../../filex';

/**
 * Why a manual test has nothing to show.
 *
 * @param tracked submissions that fileX shows
 * @param fitting those of them that the options let through
 */
export function nothingThere(tracked: number, fitting: number): FileXError {
	const [message, hint] = reasons(tracked, fitting);
	return new FileXError('not-found', message, { hint: `The connection works. ${hint}`, retrySafe: true });
}

function reasons(tracked: number, fitting: number): [message: string, hint: string] {
	if (tracked === 0) {
		return [
			'fileX tracks no submission of this account at the moment',
			'fileX tracks uploads over HTTPS REST only, for 90 days. Publish the workflow and it fires when one changes, or test again after an upload.',
		];
	}
	return fitting === 0
		? [
				`No submission matches the filters in 'Options': fileX tracks ${tracked}`,
				'Change the filters, or remove them to see all submissions.',
			]
		: [
				`No submission has had an event of 'Fire On': fileX tracks ${tracked}, and ${fitting} of them match the filters in 'Options'`,
				'Publish the workflow and it fires when one does, or choose more events.',
			];
}
