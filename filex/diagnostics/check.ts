import type { Remedy } from '../errors';

/**
 * What a check came to:
 *
 * - `ok`: as it should be.
 * - `warning`: it works, but something is not as the guide has it, or will fail for some users.
 * - `failed`: a step that needs this fails.
 * - `skipped`: not tried; `met` says why.
 */
export type Verdict = 'ok' | 'warning' | 'failed' | 'skipped';

/** What a check met, in words: names, numbers and keys, never a secret. */
export interface Finding {
	verdict: Verdict;
	met: string;
	/** What to do, as whole sentences; '' where nothing is to be done. */
	advice: string;
	/** What else can be done, as errors have it. */
	remedies?: readonly Remedy[];
}

/** One check of a run of diagnostics. */
export interface Check extends Finding {
	/** The same in every version, e.g. `addresses.rest`. */
	check: string;
	title: string;
	milliseconds: number;
}

export function ok(met: string): Finding {
	return { verdict: 'ok', met, advice: '' };
}

export function warning(met: string, advice: string): Finding {
	return { verdict: 'warning', met, advice };
}

export function failed(met: string, advice: string, remedies?: readonly Remedy[]): Finding {
	return { verdict: 'failed', met, advice, ...(remedies && { remedies }) };
}

/** @param why what it would have needed */
export function skipped(why: string, advice = '', remedies?: readonly Remedy[]): Finding {
	return { verdict: 'skipped', met: why, advice, ...(remedies && { remedies }) };
}

const GRAVITY: Verdict[] = ['skipped', 'ok', 'warning', 'failed'];

/** The gravest of some verdicts; `skipped` where there are none. */
export function worst(verdicts: Verdict[]): Verdict {
	return verdicts.reduce((a, b) => (GRAVITY.indexOf(b) > GRAVITY.indexOf(a) ? b : a), 'skipped');
}

/** Several findings about parts of one thing, in one. Advice that several give is given once. */
export function together(findings: Finding[]): Finding {
	const remedies = [...new Set(findings.flatMap((finding) => finding.remedies ?? []))];
	return {
		verdict: worst(findings.map(({ verdict }) => verdict)),
		met: findings.map(({ met }) => met).join('; '),
		advice: [...new Set(findings.map(({ advice }) => advice).filter((advice) => advice !== ''))].join(' '),
		...(remedies.length > 0 && { remedies }),
	};
}

/** The first of some names. */
export function listed(names: string[], most = 30): string {
	return names.length > most ? `${names.slice(0, most).join(', ')} and ${names.length - most} more` : names.join(', ');
}

/** E.g. `1 application`, `2 applications`. */
export function counted(count: number, noun: string): string {
	return `${count} ${count === 1 ? noun : `${noun}s`}`;
}
