import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import ssh2 from 'ssh2';
import { readPrivateKey } from '../../../filex/sftp/private-key';
import { newKeyPair } from '../../../sandbox/sftp/keys';

const { parseKey } = ssh2.utils;
const PASSPHRASE = 'open sesame';

const KEYS: Record<string, KeyObject> = {
	RSA: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
	'EC P-256': generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
	'EC P-521': generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey,
	Ed25519: generateKeyPairSync('ed25519').privateKey,
};

/** The key as ssh2 reads it proves to be the one that was given: what it signs, its public key verifies. */
function proves(key: KeyObject, text: string, passphrase?: string): boolean {
	const read = readPrivateKey(text, passphrase);
	const parsed = parseKey(read.privateKey, read.passphrase);
	if (parsed instanceof Error) throw parsed;
	const one = Array.isArray(parsed) ? parsed[0]! : parsed;
	const lock = parseKey(publicLine(one.getPublicSSH(), one.type));
	if (lock instanceof Error) throw lock;
	const probe = Buffer.from('probe');
	const same = createPublicKey(one.getPublicPEM()).equals(createPublicKey(key));
	return same && lock.verify(probe, one.sign(probe)) === true;
}

function publicLine(bytes: Buffer, type: string): string {
	return `${type} ${bytes.toString('base64')}`;
}

const pkcs8 = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const encrypted = (key: KeyObject) =>
	key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSPHRASE }).toString();
const RSA_OLD = KEYS.RSA!.export({ type: 'pkcs1', format: 'pem' }).toString();
const RSA_OLD_ENCRYPTED = KEYS.RSA!.export({
	type: 'pkcs1',
	format: 'pem',
	cipher: 'aes-128-cbc',
	passphrase: PASSPHRASE,
}).toString();
const OPENSSH = newKeyPair('ed25519').private;

/** What forms, editors and configuration files make of a key. */
const MANGLED: Array<[string, (pem: string) => string]> = [
	['as it is', (pem) => pem],
	['in one line', (pem) => pem.trim().replace(/\n+/g, ' ')],
	['in one line without a space', (pem) => pem.trim().replace(/\n+/g, '')],
	['with \\n in place of line ends', (pem) => pem.replace(/\n/g, '\\n')],
	['with \\r\\n in place of line ends', (pem) => pem.replace(/\n/g, '\\r\\n')],
	['with CRLF', (pem) => pem.replace(/\n/g, '\r\n')],
	['with CR', (pem) => pem.replace(/\n/g, '\r')],
	['in quotes', (pem) => `"${pem.trim()}"`],
	['in quotes, line by line', (pem) => pem.trim().replace(/^.*$/gm, '"$&\\n" +')],
	['indented', (pem) => pem.replace(/^/gm, '    ')],
	['quoted as in a mail', (pem) => pem.replace(/^/gm, '> ')],
	['with text around it', (pem) => `Bag Attributes\n  localKeyID: 01\n${pem}\nregards`],
];

describe('a private key', () => {
	it.each(Object.keys(KEYS))('of %s is taken as PKCS#8, plain and encrypted, however it was pasted', (name) => {
		const key = KEYS[name]!;
		for (const [, mangle] of MANGLED) {
			expect(proves(key, mangle(pkcs8(key)))).toBe(true);
			expect(proves(key, mangle(encrypted(key)), PASSPHRASE)).toBe(true);
		}
	});

	it.each(MANGLED)('of RSA is taken as PKCS#1, plain and encrypted, %s', (_name, mangle) => {
		expect(proves(KEYS.RSA!, mangle(RSA_OLD))).toBe(true);
		expect(proves(KEYS.RSA!, mangle(RSA_OLD_ENCRYPTED), PASSPHRASE)).toBe(true);
	});

	it.each(MANGLED)("in OpenSSH's format is taken %s", (_name, mangle) => {
		const { privateKey } = readPrivateKey(mangle(OPENSSH));
		expect(privateKey.replace(/\s/g, '')).toBe(OPENSSH.replace(/\s/g, ''));
		expect(parseKey(privateKey)).not.toBeInstanceOf(Error);
	});

	it('of EC is taken as SEC 1', () => {
		const key = KEYS['EC P-256']!;
		expect(proves(key, key.export({ type: 'sec1', format: 'pem' }).toString())).toBe(true);
	});

	it('of Ed25519 is taken whatever its bytes are', () => {
		for (let turn = 0; turn < 500; turn++) {
			const { privateKey } = generateKeyPairSync('ed25519');
			expect(proves(privateKey, pkcs8(privateKey))).toBe(true);
		}
	});

	it.each([
		['encrypted', encrypted(KEYS.RSA!), '', 'SFTP Key Passphrase', /is encrypted, and 'SFTP Key Passphrase' is empty/],
		['encrypted, old', RSA_OLD_ENCRYPTED, '', 'SFTP Key Passphrase', /is encrypted/],
		['encrypted', encrypted(KEYS.Ed25519!), 'wrong', 'SFTP Key Passphrase', /does not open/],
		['encrypted, old', RSA_OLD_ENCRYPTED, 'wrong', 'SFTP Key Passphrase', /does not open/],
		['PPK v3', 'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none', '', 'SFTP Private Key', /a PuTTY key/],
		['PPK v2', 'PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none', '', 'SFTP Private Key', /a PuTTY key/],
		['ssh.com', '---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nAAAA', '', 'SFTP Private Key', /of ssh.com/],
		['public', newKeyPair('ed25519').public, '', 'SFTP Private Key', /not a private key, but a public key/],
		[
			'public PEM',
			createPublicKey(KEYS.RSA!).export({ type: 'spki', format: 'pem' }).toString(),
			'',
			'SFTP Private Key',
			/not a private key, but a public key/,
		],
		['none', 'hello', '', 'SFTP Private Key', /not a key in OpenSSH or PEM format/],
		['half', RSA_OLD.slice(0, 600), '', 'SFTP Private Key', /not a key in OpenSSH or PEM format/],
		['cut out', RSA_OLD.replace(/\n.{64}\n/, '\n'), '', 'SFTP Private Key', /not whole/],
		['Ed448', pkcs8(generateKeyPairSync('ed448').privateKey), '', 'SFTP Private Key', /of the type ed448/],
	])('that is %s is refused as that, and nothing of it is shown', (_name, text, passphrase, field, message) => {
		const refuse = () => readPrivateKey(text, passphrase);
		expect(refuse).toThrow(expect.objectContaining({ kind: 'input', field, message: expect.stringMatching(message) }));
		try {
			refuse();
		} catch (error) {
			const told = JSON.stringify(error) + String(error);
			for (const line of text.split('\n').filter((each) => /^[A-Za-z0-9+/=]{16,}$/.test(each)))
				expect(told).not.toContain(line);
			if (passphrase) expect(told).not.toContain(passphrase);
		}
	});
});
