import { findFileXError } from '../errors';
import { SftpSpace } from '../sftp/sftp-space';
import { counted, type Finding, ok, skipped, warning } from './check';
import type { Context } from './context';
import { isNoFinding } from './run-check';

/** The run's only login over SFTP, by the login guard, and what the account sees there. The connection stays open for later checks. */
export async function logInOverSftp({ account, orgId, ports, known }: Context, signal: AbortSignal): Promise<Finding> {
	const method = account.privateKey ? 'key' : 'password';
	if (known.isPasswordRefused && !account.privateKey)
		return skipped(
			'FIP refused this password, or it is empty, so it is not sent to the SFTP server: a further refusal could lock the account.',
			'See fip.token.',
		);
	const space = new SftpSpace(account, {
		egress: ports.egress,
		guard: ports.guard,
		semaphore: ports.semaphore,
		signal,
		loginTimeout: ports.limit * 3,
	});
	try {
		await space.connect();
	} catch (error) {
		await space.close();
		const known = findFileXError(error);
		if (isNoFinding(known)) return skipped(known.message, known.hint, known.remedies);
		throw error;
	}
	known.sftp = space;
	const home = await space.applications('');
	const applications = home.some(({ name }) => name === orgId) ? (await space.applications(orgId)).length : undefined;
	return judgeHome(method, home.length, applications);
}

/** @param organizations directories of the home; @param applications undefined where the organization is not among them */
export function judgeHome(method: string, organizations: number, applications: number | undefined): Finding {
	const met = `The server accepted the login by ${method}. Other methods are not asked for, because that could count as a refused login. The home has ${organizations === 1 ? '1 directory' : `${organizations} directories`}`;
	if (applications !== undefined) return ok(`${met}; the organization has ${counted(applications, 'application')}`);
	return warning(
		`${met}; the organization is not among them`,
		"Check 'Organization ID', leading zeros included. The account may be entitled to other organizations only.",
	);
}
