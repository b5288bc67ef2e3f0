import { agreementOf, hostKeyTypes, readOffer, type SshOffer } from '../../../filex/diagnostics/ssh-offer';

function kexInit(lists: string[][]): Buffer {
	const body = lists.map((names) => {
		const text = Buffer.from(names.join(','));
		const length = Buffer.alloc(4);
		length.writeUInt32BE(text.length);
		return Buffer.concat([length, text]);
	});
	const payload = Buffer.concat([Buffer.from([20]), Buffer.alloc(16, 7), ...body, Buffer.alloc(5)]);
	const head = Buffer.alloc(5);
	head.writeUInt32BE(payload.length + 1 + 4);
	head[4] = 4;
	return Buffer.concat([head, payload, Buffer.alloc(4)]);
}

const LISTS = [
	['curve25519-sha256'],
	['rsa-sha2-512', 'ssh-ed25519'],
	['aes256-ctr'],
	['aes128-ctr'],
	['hmac-sha2-256'],
	['hmac-sha1'],
	['none'],
	['none'],
	[],
	[],
];
const OFFER: SshOffer = {
	identification: 'SSH-2.0-x_1',
	kex: LISTS[0]!,
	hostKeys: LISTS[1]!,
	ciphers: LISTS[2]!,
	macs: LISTS[4]!,
};

describe("an SSH server's offer", () => {
	it.each([
		['at once', 'SSH-2.0-x_1\r\n'],
		['after other lines', 'Welcome\r\nto x\r\nSSH-2.0-x_1 comment\r\n'],
		['with a bare line feed', 'SSH-2.0-x_1\n'],
	])('is read %s', (_what, start) => {
		expect(readOffer(Buffer.concat([Buffer.from(start), kexInit(LISTS)]))).toEqual({
			...OFFER,
			identification: start.includes('comment') ? 'SSH-2.0-x_1 comment' : 'SSH-2.0-x_1',
		});
	});

	it('is waited for, byte by byte', () => {
		const whole = Buffer.concat([Buffer.from('SSH-2.0-x_1\r\n'), kexInit(LISTS)]);
		for (let length = 0; length < whole.length; length++) expect(readOffer(whole.subarray(0, length))).toBeUndefined();
		expect(readOffer(whole)).toEqual(OFFER);
	});

	it.each([
		['a web server', 'HTTP/1.1 400 Bad Request\r\n\r\n', /does not speak SSH: "HTTP\/1\.1 400/],
		['an FTP server', '220 ready\r\n', /does not speak SSH/],
		['an alert of TLS', '\x15\x03\x01\x00', /does not speak SSH/],
		['a flood', 'x'.repeat(16_001), /does not speak SSH/],
		['another first packet', `SSH-2.0-x\r\n\0\0\0\x0c\x04\x01`, /does not begin with its algorithms/],
		['a packet without an end', `SSH-2.0-x\r\n\x7f\xff\xff\xff\x04\x14`, /does not begin with its algorithms/],
	])('that is %s is reported', (_what, text, expected) => {
		expect(readOffer(Buffer.from(text, 'latin1'))).toMatch(expected);
	});

	it('with fewer lists than it must have is reported', () => {
		expect(readOffer(Buffer.concat([Buffer.from('SSH-2.0-x\r\n'), kexInit([['a'], ['b']])]))).toMatch(/does not begin/);
	});

	it('is agreed on by the order of the client', () => {
		expect(agreementOf(OFFER)).toEqual({
			kex: 'curve25519-sha256',
			hostKey: 'ssh-ed25519',
			cipher: 'aes256-ctr',
			mac: 'hmac-sha2-256',
		});
		expect(agreementOf({ ...OFFER, ciphers: ['aes256-ctr', 'aes128-gcm@openssh.com'], macs: [] })).toMatchObject({
			cipher: 'aes128-gcm@openssh.com',
			mac: undefined,
		});
	});

	it('has a key of each type, an RSA key once', () => {
		expect(
			hostKeyTypes({
				...OFFER,
				hostKeys: ['ssh-rsa', 'rsa-sha2-256', 'ecdsa-sha2-nistp256', 'ssh-dss', 'ssh-ed25519'],
			}),
		).toEqual(['ssh-ed25519', 'ecdsa-sha2-nistp256', 'rsa-sha2-256']);
	});
});
