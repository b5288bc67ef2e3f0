import { findFileXError } from '../errors';
import { readFipAnswer } from '../fip/answer';
import { requestToken } from '../fip/token';
import type { TextAnswer } from '../http/unexpected-answer';
import { senderOf } from './answers';
import { type Finding, ok, warning } from './check';
import type { Context } from './context';
import { observing, type Shape, tokenHttp } from './observed';
import { findingOf } from './run-check';
import { missingKeys } from './shapes';

/** A token that lives shorter than this is reported, in seconds: the guide's live 12 hours (FAQ 38). */
const SHORT_LIFE = 3600;

/** The run's only login at FIP. It uses the login guard, so that none is sent that was refused before. */
export async function logInAtFip({ account, ports, observed, known }: Context, signal: AbortSignal): Promise<Finding> {
	const ask = observing(ports.http, observed, 'fip');
	let answer: TextAnswer | undefined;
	const text: typeof ask = async (request) => (answer = await ask({ ...request, signal }));
	try {
		const token = await requestToken({ ...ports.http, text }, account, { guard: ports.guard, patience: 0 });
		known.rest = tokenHttp(ports.http, observed, token, account.endpoints.rest);
	} catch (error) {
		const { kind } = findFileXError(error) ?? {};
		known.isPasswordRefused = kind === 'credentials';
		const finding = findingOf(error);
		return answer ? { ...finding, met: `${finding.met}; ${senderOf(answer)}` } : finding;
	}
	observed.noteShape('fipToken', answer!);
	const read = readFipAnswer(answer!);
	return judgeToken(answer!, observed.shape('fipToken')!, read.outcome === 'token' ? read.expiresIn : undefined);
}

/** What an answer with a token shows. @param expiresIn seconds */
export function judgeToken(answer: TextAnswer, shape: Shape, expiresIn: number | undefined): Finding {
	const met = `FIP gave a token: ${senderOf(answer)}, ${shape.keys}; ${expiresIn === undefined ? 'no lifetime given' : `valid for ${told(expiresIn)}`}`;
	const missing = missingKeys('fipToken', shape);
	if (missing.length > 0)
		return warning(
			`${met}; keys of the guide's that are not there: ${missing.join(', ')}`,
			"It was read anyway, so no action is needed. Please report this item on the project's page.",
		);
	if (expiresIn !== undefined && expiresIn < SHORT_LIFE)
		return warning(
			met,
			'The guide says 12 hours. The token is renewed when fileX no longer takes it, and each renewal is a login.',
		);
	return ok(met);
}

function told(seconds: number): string {
	return seconds >= 7200
		? `${Math.round(seconds / 360) / 10} h`
		: seconds >= 120
			? `${Math.round(seconds / 60)} min`
			: `${seconds} s`;
}
