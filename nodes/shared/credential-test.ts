import type { ICredentialsDecrypted, ICredentialTestFunctions, INodeCredentialTestResult } from 'n8n-workflow';
import {
	axiosFileXHttp,
	deadline,
	FileXError,
	findFileXError,
	openFileSpace,
	readAccount,
	redact,
	SftpSpace,
	type Account,
	type AccountFields,
} from '../../filex';

/** How long each of the three may take, in ms. */
const STEP_TIMEOUT = 30_000;

/**
 * n8n's test of the FIP credential, carried by every node that names it: logs in at FIP, lists the
 * organization over REST, connects by SFTP, and says in one line what worked. A password that FIP
 * refuses is not sent to SFTP: that would be a second refusal on the way to a locked account.
 */
export async function fipApiTest(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	try {
		const account = readAccount((credential.data ?? {}) as AccountFields);
		const rest = await step('REST', async () => await tryRest(account));
		if (rest.error?.kind === 'credentials' && !account.privateKey) {
			return failed(`FIP refused the login, so SFTP was not tried: ${tell(rest.error)}`);
		}
		const sftp = await step('SFTP', async () => await trySftp(account));
		const outcome = [rest, sftp].map(({ worked, name, error }) => worked ?? `${stepName(name, error!)}: ${tell(error!)}`);
		return rest.error || sftp.error
			? failed(outcome.join(' | '))
			: { status: 'OK', message: outcome.join('; ') };
	} catch (error) {
		return failed(tell(error));
	}
}

interface Step {
	name: string;
	worked?: string;
	error?: FileXError;
}

async function step(name: string, run: () => Promise<string>): Promise<Step> {
	try {
		return { name, worked: await run() };
	} catch (error) {
		return { name, error: findFileXError(error) ?? unforeseen(error) };
	}
}

async function tryRest(account: Account): Promise<string> {
	const space = openFileSpace(account, 'rest', { http: axiosFileXHttp(account) });
	const applications = await space.applications(account.orgId);
	const count = applications.length === 1 ? '1 application' : `${applications.length} applications`;
	return `Connected: ${count} (FIP and REST work)`;
}

async function trySftp(account: Account): Promise<string> {
	const limit = deadline(STEP_TIMEOUT, 'The SFTP login');
	const space = new SftpSpace(account, { signal: limit.signal });
	try {
		const hostKey = await space.connect();
		return `SFTP works, host key ${hostKey} ${account.hostKeys.length > 0 ? 'is pinned' : "- to pin it, put it into 'SFTP Host Key Fingerprints'"}`;
	} finally {
		await space.close();
		limit.clear();
	}
}

/** A refused token request comes up in the REST step, but it is FIP that refused. */
function stepName(step: string, { message }: FileXError): string {
	if (step === 'SFTP') return 'SFTP did not work';
	return /\bFIP\b/.test(message) ? 'FIP did not work' : 'FIP works, REST did not';
}

function unforeseen(error: unknown): FileXError {
	return new FileXError('unexpected-answer', error instanceof Error ? error.message : String(error), {
		hint: 'This was not foreseen. Please report it at the project\'s page, with this line.',
		retrySafe: false,
	});
}

function tell(error: unknown): string {
	if (!(error instanceof Error)) return redact(String(error));
	return error instanceof FileXError ? `${error.message}. ${error.hint}` : redact(error.message);
}

function failed(message: string): INodeCredentialTestResult {
	return { status: 'Error', message };
}
