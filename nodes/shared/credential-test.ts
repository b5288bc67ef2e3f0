import type { ICredentialsDecrypted, ICredentialTestFunctions, INodeCredentialTestResult } from 'n8n-workflow';
import {
	type Account,
	type AccountFields,
	axiosFileXHttp,
	axiosHttp,
	deadline,
	FileXError,
	findFileXError,
	loginGuard,
	openFileSpace,
	readAccount,
	realmOf,
	redact,
	requestToken,
	SftpSpace,
} from '../../filex';
import { leadingZerosHint } from './leading-zeros';
import { hintOf } from './remedies';
import { refuseSocks } from './socks';

/** How long the SFTP login may take, in ms. */
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
		const [login, sftpLogin] = [account.password, account.privateKey ?? account.password].map((secret) => ({
			realm: realmOf(account.endpoints),
			username: account.username,
			secret,
		}));
		// A person asks, who may have had the account unlocked: what was refused before may go out once more.
		for (const each of new Map([login, sftpLogin].map((known) => [known!.secret, known!])).values())
			loginGuard.reprieve(each);
		const fip = await attempt(async () => {
			// What steps cannot use must not look as if it worked.
			for (const url of [account.endpoints.fip, account.endpoints.rest]) refuseSocks(url);
			return await requestToken(axiosHttp, account, { patience: 0 });
		});
		if (fip.error?.kind === 'credentials' && !account.privateKey) {
			return failed(
				`FIP refused the login, so SFTP was not tried: ${tell(fip.error)}${fip.error.kind === 'credentials' ? passwordHint(account.password) : ''}`,
			);
		}
		const rest = fip.error ? undefined : await attempt(async () => await tryRest(account, fip.value));
		const sftp = await attempt(async () => await trySftp(account));
		if (!fip.error && !account.privateKey) loginGuard.confine(login!, 'SFTP');
		const refusals = [
			fip.error &&
				`FIP did not work: ${tell(fip.error)}${fip.error.kind === 'credentials' ? passwordHint(account.password) : ''}`,
			rest?.error && `FIP works, REST did not: ${tell(rest.error)}`,
			sftp.error && `SFTP did not work: ${tell(sftp.error)}`,
		].filter((line) => line !== undefined);
		const worked = [rest?.value, sftp.value].filter((line) => line !== undefined).join('; ');
		return refusals.length > 0
			? failed([...refusals, worked].filter(Boolean).join(' | '))
			: { status: 'OK', message: worked };
	} catch (error) {
		return failed(tell(error));
	}
}

type Outcome<T> = { value: T; error?: undefined } | { value?: undefined; error: FileXError };

async function attempt<T>(run: () => Promise<T>): Promise<Outcome<T>> {
	try {
		return { value: await run() };
	} catch (error) {
		return { error: findFileXError(error) ?? unforeseen(error) };
	}
}

async function tryRest(account: Account, token: string): Promise<string> {
	const space = openFileSpace(account, 'rest', { http: axiosFileXHttp(account, { token }), patience: 0 });
	const { length } = await space.applications(account.orgId);
	return `Connected: ${length} ${length === 1 ? 'application' : 'applications'} (FIP and REST work)`;
}

async function trySftp(account: Account): Promise<string> {
	const limit = deadline(STEP_TIMEOUT, 'The SFTP login');
	const space = new SftpSpace(account, { signal: limit.signal });
	try {
		const hostKey = await space.connect();
		const pinned = account.hostKeys.length > 0;
		return `SFTP works, host key ${hostKey} ${pinned ? 'is pinned' : "- to pin it, enter it in 'SFTP Host Key Fingerprints'"}`;
	} finally {
		await space.close();
		limit.clear();
	}
}

function unforeseen(error: unknown): FileXError {
	return new FileXError('unexpected-answer', error instanceof Error ? error.message : String(error), {
		hint: "This is unexpected. Please report it on the project's page, with this line.",
		retrySafe: false,
	});
}

function tell(error: unknown): string {
	if (!(error instanceof Error)) return redact(String(error));
	return error instanceof FileXError
		? `${error.message}. ${hintOf(error)}${leadingZerosHint(error)}`
		: redact(error.message);
}

/** What a form does to passwords without a word. n8n has worked an expression out before it comes here. */
function passwordHint(password: string): string {
	const ends = /^\s|\s$/.test(password)
		? " 'Password' begins or ends with a space or a line break: is that meant?"
		: '';
	return `${ends} If the password begins with =, n8n takes it for an expression: enter it as ={{ '=…' }}.`;
}

function failed(message: string): INodeCredentialTestResult {
	return { status: 'Error', message };
}
