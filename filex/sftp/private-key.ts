import { createPrivateKey, type KeyObject } from 'node:crypto';
import { type FileXError, inputError } from '../errors';

/** A private key as ssh2 takes it. */
export interface SshKey {
	privateKey: string;
	/** Of a key that is still encrypted. */
	passphrase?: string;
}

const FIELD = 'SFTP Private Key';
const PASSPHRASE = 'SFTP Key Passphrase';

/** Forms that neither ssh2 nor Node reads, and the command that converts each. */
const CONVERTED: Array<[RegExp, string, string]> = [
	[
		/PuTTY-User-Key-File-\d/i,
		'a PuTTY key (PPK)',
		'Convert it: puttygen key.ppk -O private-openssh -o key.pem, or in PuTTYgen by Conversions, Export OpenSSH key.',
	],
	[
		/-{4}\s?BEGIN SSH2 (?:ENCRYPTED )?PRIVATE KEY/i,
		'a key in the format of ssh.com',
		'Convert it: ssh-keygen -i -f key.ssh2 > key.pem.',
	],
	[
		/BEGIN (?:PGP|CERTIFICATE)|BEGIN (?:RSA )?PUBLIC KEY|BEGIN SSH2 PUBLIC KEY|^\s*["']?(?:ssh-|ecdsa-sha2-|sk-)\S+ AAAA/im,
		'not a private key, but a public key or a certificate',
		'Paste the file without .pub, which ssh-keygen wrote beside the public one. FINRA needs the public one only.',
	],
];

/**
 * Reads a private key as people paste it: in OpenSSH's or PEM's format (PKCS#1, SEC 1, PKCS#8), encrypted or not, in one
 * line, in quotes, indented, with text around it, with any line ends.
 *
 * @throws FileXError `input` that names the form of what cannot be taken, and the command that converts it; never a part of it
 */
export function readPrivateKey(text: string, passphrase = ''): SshKey {
	for (const [pattern, what, advice] of CONVERTED) if (pattern.test(text)) throw unusable(what, advice);
	const block = pemOf(text);
	if (!block) {
		throw unusable(
			'not a key in OpenSSH or PEM format',
			"Paste the whole file, from '-----BEGIN' to 'PRIVATE KEY-----' at its end.",
		);
	}
	const { label, pem } = block;
	if (label === 'OPENSSH PRIVATE KEY') return openSsh(pem, passphrase);
	if (/^Proc-Type: 4,ENCRYPTED/m.test(pem) || label === 'ENCRYPTED PRIVATE KEY') checkPassphrase(passphrase);
	return { privateKey: forSsh(parsed(pem, passphrase)) };
}

/** The one PEM block in a text, with its lines as they should be. */
function pemOf(text: string): { label: string; pem: string } | undefined {
	const plain = text.replace(/\\r/g, '').replace(/\\n/g, '\n').replace(/\r\n?/g, '\n');
	const [, label, inner] =
		/-----\s*BEGIN ([A-Z0-9 ]*PRIVATE KEY)\s*-----([\s\S]*?)-----\s*END \1\s*-----/.exec(plain) ?? [];
	if (label === undefined || inner === undefined) return undefined;
	// Quote and comment marks at the ends of lines, as in a mail, a configuration file or a program.
	const content = inner.replace(/["'][ \t]*[+,][ \t]*$/gm, '').replace(/^[ \t>|"']+|["',\\ \t]+$/gm, '');
	// Of a known length, because what follows in one line looks alike.
	const headers = [
		...content.matchAll(/(Proc-Type):\s*(4,ENCRYPTED)/gi),
		...content.matchAll(/(DEK-Info):\s*(AES-[A-Z0-9-]+,[A-F0-9]{32}|DES[A-Z0-9-]*,[A-F0-9]{16})/gi),
	];
	const body = headers
		.reduce((rest, [header]) => rest.replace(header, ' '), content)
		.replace(/[^A-Za-z0-9+/=]/g, '')
		.replace(/(.{64})/g, '$1\n')
		.trim();
	const shown = headers.map(([, name, value]) => `${name}: ${value}\n`).join('');
	return {
		label,
		pem: `-----BEGIN ${label}-----\n${shown}${shown && '\n'}${body}\n-----END ${label}-----\n`,
	};
}

/** OpenSSH's own format: magic, cipher, key derivation (PROTOCOL.key of OpenSSH). */
function openSsh(privateKey: string, passphrase: string): SshKey {
	const bytes = Buffer.from(privateKey.replace(/-----[^-]+-----|\s/g, ''), 'base64');
	const [magic, rest] = [bytes.subarray(0, 15).toString(), bytes.subarray(15)];
	if (magic !== 'openssh-key-v1\0' || rest.length < 8)
		throw unusable('not whole', "Paste the whole file, from '-----BEGIN' to its end.");
	const cipher = rest.subarray(4, 4 + rest.readUInt32BE(0)).toString('latin1');
	if (cipher === 'none') return { privateKey };
	checkPassphrase(passphrase);
	return { privateKey, passphrase };
}

function checkPassphrase(passphrase: string): void {
	if (passphrase !== '') return;
	throw inputError(
		PASSPHRASE,
		`'${FIELD}' is encrypted, and '${PASSPHRASE}' is empty`,
		'Enter the passphrase of the key in the credential. No login was sent.',
	);
}

function parsed(pem: string, passphrase: string): KeyObject {
	try {
		return createPrivateKey({ key: pem, ...(passphrase !== '' && { passphrase }) });
	} catch (error) {
		const { code = '', message = '' } = error as NodeJS.ErrnoException;
		if (/BAD_DECRYPT|bad decrypt|PASSWORD|passphrase/i.test(`${code} ${message}`) && passphrase !== '')
			throw wrongPassphrase();
		throw unusable(
			`not whole, or of a kind that cannot be read (${code || 'unknown'})`,
			'Paste the whole file again, or convert it: ssh-keygen -p -m PEM -f key.',
		);
	}
}

/** The passphrase does not open the key. */
export function wrongPassphrase(): FileXError {
	return inputError(
		PASSPHRASE,
		`'${PASSPHRASE}' does not open '${FIELD}'`,
		'Check the passphrase in the credential. No login was sent.',
	);
}

/** A key in a form that ssh2 reads: it knows PKCS#1 and SEC 1, and Ed25519 in OpenSSH's format alone. */
function forSsh(key: KeyObject): string {
	switch (key.asymmetricKeyType) {
		case 'rsa':
			return key.export({ type: 'pkcs1', format: 'pem' }).toString();
		case 'ec':
			return key.export({ type: 'sec1', format: 'pem' }).toString();
		case 'ed25519':
			return openSshOf(key);
		case 'dsa':
			return key.export({ type: 'pkcs8', format: 'pem' }).toString();
		default:
			throw unusable(
				`a key of the type ${key.asymmetricKeyType ?? 'unknown'}, which SSH does not use`,
				'Make one: ssh-keygen -t ed25519, and have FINRA register its public key.',
			);
	}
}

/** An Ed25519 key in OpenSSH's format, not encrypted (PROTOCOL.key of OpenSSH). */
function openSshOf(key: KeyObject): string {
	const { d = '', x = '' } = key.export({ format: 'jwk' });
	const [secret, publicBytes] = [Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')];
	const type = Buffer.from('ssh-ed25519');
	const check = Buffer.alloc(8);
	const inner = Buffer.concat([
		check,
		sized(type),
		sized(publicBytes),
		sized(Buffer.concat([secret, publicBytes])),
		sized(Buffer.alloc(0)),
	]);
	const padding = Buffer.from(Array.from({ length: (8 - (inner.length % 8)) % 8 }, (_, index) => index + 1));
	const one = Buffer.from([0, 0, 0, 1]);
	const none = sized(Buffer.from('none'));
	const whole = Buffer.concat([
		Buffer.from('openssh-key-v1\0'),
		none,
		none,
		sized(Buffer.alloc(0)),
		one,
		sized(Buffer.concat([sized(type), sized(publicBytes)])),
		sized(Buffer.concat([inner, padding])),
	]);
	const body = whole.toString('base64').replace(/(.{70})/g, '$1\n');
	return `-----BEGIN OPENSSH PRIVATE KEY-----\n${body}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

/** Bytes with their length before them (RFC 4251, section 5). */
function sized(bytes: Buffer): Buffer {
	const length = Buffer.alloc(4);
	length.writeUInt32BE(bytes.length);
	return Buffer.concat([length, bytes]);
}

function unusable(what: string, advice: string): FileXError {
	return inputError(FIELD, `'${FIELD}' is ${what}`, `${advice} No login was sent.`);
}
