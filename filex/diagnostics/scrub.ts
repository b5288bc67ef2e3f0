import type { Account } from '../account/account';
import { redact } from '../errors';

/** The longest text of a finding, in characters. */
const LONGEST_TEXT = 4000;

/** Shorter texts are parts of other words and numbers too often. */
const SHORTEST_NAME = 3;

/**
 * Takes out of a text what a public issue must not show: the account's secrets, its user name and its organization.
 * The texts have none of the secrets in them anyway; this is the second lock.
 */
export function scrubber(account: Account, orgId: string): (text: string) => string {
	const { username, password, privateKey, passphrase, sftpProxy } = account;
	const secrets = [
		password,
		privateKey,
		passphrase,
		sftpProxy?.password,
		Buffer.from(`${username}:${password}`).toString('base64'),
	].filter((secret) => secret !== undefined && secret.length >= SHORTEST_NAME);
	const hidden = [
		...secrets.map((secret) => ({ pattern: new RegExp(escaped(secret!), 'g'), by: '…' })),
		...[username, sftpProxy?.username].flatMap((name) => named(name, '‹user name›')),
		...[account.orgId, orgId].flatMap((name) => named(name, '‹organization›')),
	];
	return (text) => {
		const shown = hidden.reduce((left, { pattern, by }) => left.replace(pattern, by), redact(text));
		return shown.length > LONGEST_TEXT ? `${shown.slice(0, LONGEST_TEXT)}…` : shown;
	};
}

function named(name: string | undefined, by: string): Array<{ pattern: RegExp; by: string }> {
	if (!name) return [];
	const text = escaped(name);
	// A short one only where it stands as a name: '1' or 1/crd.
	const pattern =
		name.length < SHORTEST_NAME
			? `(?<=')${text}(?=['/])|(?<![\\w.:/])${text}(?=/)`
			: `(?<![A-Za-z0-9])${text}(?![A-Za-z0-9])`;
	return [{ pattern: new RegExp(pattern, 'gi'), by }];
}

function escaped(text: string): string {
	return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
