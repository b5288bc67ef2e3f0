import { createHash } from 'node:crypto';
import { parseFingerprints } from '../../../filex/account/fingerprints';
import { newKeyPair } from '../../../sandbox/sftp/keys';

const BODY = 'A'.repeat(43);
const OTHER = `${'b'.repeat(42)}8`;
const [ed25519, rsa] = [newKeyPair('ed25519').public.trim(), newKeyPair('rsa').public.trim()].map((line) => {
	const [type, key] = line.split(' ');
	const digest = createHash('sha256').update(Buffer.from(key!, 'base64')).digest('base64').replace(/=+$/, '');
	return { line: `${type} ${key}`, fingerprint: `SHA256:${digest}` };
}) as [{ line: string; fingerprint: string }, { line: string; fingerprint: string }];

describe('host key fingerprints', () => {
	it.each([
		['with and without their prefix', `SHA256:${BODY}, ${OTHER}=`, [`SHA256:${BODY}`, `SHA256:${OTHER}`]],
		['once each', `SHA256:${BODY};${BODY}`, [`SHA256:${BODY}`]],
		['a line of ssh-keygen -l', `256 SHA256:${BODY} filex.finra.org (ED25519)`, [`SHA256:${BODY}`]],
		['one whose comment has spaces', `3072 SHA256:${BODY} no comment at all (RSA)`, [`SHA256:${BODY}`]],
		[
			'two such lines, joined by a form that has one line',
			`256 SHA256:${BODY} a (ED25519)3072 SHA256:${OTHER} b (RSA)`,
			[`SHA256:${BODY}`, `SHA256:${OTHER}`],
		],
		['a .pub line', `${ed25519.line} me@host`, [ed25519.fingerprint]],
		['a .pub line without a comment', rsa.line, [rsa.fingerprint]],
		['a known_hosts line', `filex.finra.org,10.0.0.1 ${ed25519.line}`, [ed25519.fingerprint]],
		['one with a port', `[filex.finra.org]:2222 ${rsa.line}`, [rsa.fingerprint]],
		['one with a hashed host', `|1|abc=|def= ${rsa.line}`, [rsa.fingerprint]],
		['one with a marker', `@cert-authority *.finra.org ${rsa.line}`, [rsa.fingerprint]],
		[
			'a whole known_hosts file',
			`# filex\r\nfilex ${ed25519.line}\r\nfilex ${rsa.line}\r\n`,
			[ed25519.fingerprint, rsa.fingerprint],
		],
		['nothing', ' ', []],
	])('are read from %s', (_name, text, expected) => expect(parseFingerprints(text)).toEqual(expected));

	it.each([
		['MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48', /MD5/],
		['16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48', /MD5/],
		['SHA256:short', /'SHA256:short', which is not a SHA-256 fingerprint/],
		[`SHA256:${BODY}x`, /not a SHA-256 fingerprint/],
		['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5', /not whole, after 'ssh-ed25519'/],
		[ed25519.line.replace('ssh-ed25519', 'ssh-rsa'), /not whole, after 'ssh-rsa'/],
	])('are refused by what they are: %s', (text, message) => {
		expect(() => parseFingerprints(text)).toThrow(
			expect.objectContaining({ kind: 'input', message: expect.stringMatching(message) }),
		);
	});
});
