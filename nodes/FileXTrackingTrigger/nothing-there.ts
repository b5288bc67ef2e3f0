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
			'It tracks uploads over HTTPS REST only, for 90 days. Publish the workflow and it fires when one changes, or test again after an upload.',
		];
	}
	return fitting === 0
		? [
				`No submission fits the filters in 'Options': fileX tracks ${tracked}`,
				'Change the filters, or remove them to see all submissions.',
			]
		: [
				`No submission has come to what 'Fire On' names: fileX tracks ${tracked}, and ${fitting} of them fit the filters in 'Options'`,
				'Publish the workflow and it fires when one does, or choose more events.',
			];
}
