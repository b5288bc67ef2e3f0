import { inputError } from '../errors';
import { checkOrgId } from '../places/paths';
import { checkUrl } from './address';
import { type Endpoints, type EnvironmentName, ENVIRONMENTS } from './environments';
import { parseFingerprints } from './fingerprints';
import type { ConnectProxy } from './proxy';

/** A FINRA file-transfer account, where it lives, and how it logs in. */
export interface Account {
	endpoints: Endpoints;
	username: string;
	password: string;
	/** The organization whose spaces are meant where a step names no other. */
	orgId: string;
	/** As it was pasted, see `readPrivateKey`; SFTP then logs in with it, and sends the password only to a server that asks for both. */
	privateKey?: string;
	passphrase?: string;
	/** Accepted SFTP host keys, `SHA256:…`; empty means that any is accepted. */
	hostKeys: string[];
	/** What SFTP goes through; straight where absent. */
	sftpProxy?: ConnectProxy;
	/** SFTP connections that one process may hold at a time. */
	maxSftpConnections: number;
}

/** The stored fields of the FIP credential. */
export interface AccountFields {
	environment?: unknown;
	restUrl?: unknown;
	fipUrl?: unknown;
	sftpHost?: unknown;
	sftpPort?: unknown;
	s3Url?: unknown;
	username?: unknown;
	password?: unknown;
	orgId?: unknown;
	privateKey?: unknown;
	passphrase?: unknown;
	hostKeys?: unknown;
	sftpProxyUrl?: unknown;
	sftpProxyUsername?: unknown;
	sftpProxyPassword?: unknown;
	maxSftpConnections?: unknown;
}

/** Reads and checks the credential's fields. Throws an `input` error that names the field at fault. */
export function readAccount(fields: AccountFields): Account {
	const username = text(fields.username);
	if (username === '') {
		throw inputError(
			'User Name',
			"'User Name' is empty",
			'Enter the FIP user name of your file-transfer account in the credential.',
		);
	}
	if (username.includes(':')) {
		throw inputError(
			'User Name',
			"'User Name' holds a ':'",
			'FIP cannot take such a name (HTTP Basic authentication splits at the colon). Check it in the credential.',
		);
	}
	const privateKey = String(fields.privateKey ?? '').trim();
	return {
		endpoints: readEndpoints(fields),
		username,
		password: String(fields.password ?? ''),
		orgId: checkOrgId(text(fields.orgId)),
		...(privateKey ? { privateKey, passphrase: String(fields.passphrase ?? '') } : {}),
		hostKeys: parseFingerprints(text(fields.hostKeys)),
		...readProxy(fields),
		maxSftpConnections: Math.max(1, Math.floor(Number(fields.maxSftpConnections ?? 1)) || 1),
	};
}

function readEndpoints(fields: AccountFields): Endpoints {
	const environment = text(fields.environment);
	if (environment !== 'custom') {
		const endpoints = ENVIRONMENTS[environment as EnvironmentName] as Endpoints | undefined;
		if (endpoints) return endpoints;
		throw inputError(
			'Environment',
			`'Environment' is '${environment}', which is not one of fileX's`,
			'Choose Production, Customer Test, QA or Custom in the credential.',
		);
	}
	const s3Url = text(fields.s3Url);
	return {
		rest: checkUrl(text(fields.restUrl), 'fileX REST URL'),
		fip: checkUrl(text(fields.fipUrl), 'FIP URL'),
		sftp: {
			host: checkHost(text(fields.sftpHost), 'SFTP Host'),
			port: checkPort(Number(fields.sftpPort), 'SFTP Port'),
		},
		...(s3Url && { s3: checkUrl(s3Url, 'S3 URL') }),
	};
}

function readProxy({ sftpProxyUrl, sftpProxyUsername, sftpProxyPassword }: AccountFields): Pick<Account, 'sftpProxy'> {
	if (text(sftpProxyUrl) === '') return {};
	const url = checkUrl(text(sftpProxyUrl), 'SFTP Proxy URL', 'http://proxy.example.com:3128', [
		'http',
		'https',
		'socks4',
		'socks4a',
		'socks5h',
		'socks5',
	]);
	return {
		sftpProxy: {
			title: 'the SFTP proxy',
			url,
			username: text(sftpProxyUsername),
			password: String(sftpProxyPassword ?? ''),
			field: 'SFTP Proxy URL',
		},
	};
}

function checkHost(value: string, field: string): string {
	if (/^[A-Za-z0-9.:_-]+$/.test(value)) return value;
	throw inputError(
		field,
		`'${field}' is not a host name or address`,
		'Write it like filex.finra.org, without sftp:// and without a port.',
	);
}

function checkPort(value: number, field: string): number {
	if (Number.isInteger(value) && value >= 1 && value <= 65_535) return value;
	throw inputError(field, `'${field}' must be a number from 1 to 65535`, 'FINRA uses 22.');
}

function text(value: unknown): string {
	return String(value ?? '').trim();
}
