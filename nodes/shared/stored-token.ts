import { createHash } from 'node:crypto';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

/**
 * How a token is kept in the credential. It outlives a change of the account there, so it is marked with the account that
 * got it.
 */
export function tokenToStore(credentials: ICredentialDataDecryptedObject, token: string): string {
	return `${ownerOf(credentials)}:${token}`;
}

/** The token that is kept in the credential; undefined where there is none, or it is another account's. */
export function storedToken(credentials: ICredentialDataDecryptedObject): string | undefined {
	const [owner, token] = String(credentials.accessToken ?? '').split(/:(.*)/s);
	return token && owner === ownerOf(credentials) ? token : undefined;
}

function ownerOf({ environment, fipUrl, username, password }: ICredentialDataDecryptedObject): string {
	const account = JSON.stringify([environment, fipUrl, username, password]);
	return createHash('sha256').update(account).digest('base64url').slice(0, 16);
}
