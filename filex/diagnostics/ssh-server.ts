import type { Socket } from 'node:net';
import { FileXError, networkError } from '../errors';
import { sftpAddress } from '../sftp/address';
import { dial } from '../sftp/dial';
import { probeSftpServer } from '../sftp/host-key-probe';
import { failed, type Finding, listed, ok, skipped, warning } from './check';
import type { Context } from './context';
import { agreementOf, hostKeyTypes, LONGEST_OFFER, readOffer, type SshOffer } from './ssh-offer';

/** What an SFTP server offers, read from its first packet. Only this side's identification is sent: no login. */
export async function meetSshServer(
	{ account, ports: { egress, guard } }: Context,
	signal: AbortSignal,
): Promise<SshOffer | string> {
	const socket = await dial(account, { egress, guard, signal }).catch((error: unknown) => {
		throw error instanceof FileXError ? error : networkError(`the SFTP server ${sftpAddress(account)}`, error);
	});
	try {
		return await firstWords(socket, signal);
	} catch (error) {
		throw signal.aborted ? signal.reason : networkError(`the SFTP server ${sftpAddress(account)}`, error);
	} finally {
		socket.destroy();
	}
}

async function firstWords(socket: Socket, signal: AbortSignal): Promise<SshOffer | string> {
	return await new Promise((resolve, reject) => {
		let bytes = Buffer.alloc(0);
		signal.addEventListener('abort', () => socket.destroy(), { once: true });
		socket.on('error', reject);
		socket.on('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
		socket.on('data', (chunk: Buffer) => {
			bytes = Buffer.concat([bytes, chunk]);
			const offer = readOffer(bytes);
			if (offer !== undefined) resolve(offer);
			else if (bytes.length > LONGEST_OFFER)
				resolve('it sends more than any SSH server does before it has agreed on keys');
		});
		// A client may speak first, and some servers wait for it.
		socket.write('SSH-2.0-filex_diagnostics\r\n');
	});
}

/** What the offer means for this client. @param offer text where it is no SSH */
export function judgeOffer(place: string, offer: SshOffer | string): Finding {
	if (typeof offer === 'string')
		return failed(
			`${place}: ${offer}`,
			"Check 'SFTP Host' and 'SFTP Port', and whether a proxy or a firewall answers in place of the SFTP server.",
		);
	const { kex, hostKey, cipher, mac } = agreementOf(offer);
	const met = [
		`${place}: ${offer.identification}`,
		`agreed: ${kex ?? 'no key exchange'}, ${hostKey ?? 'no host key'}, ${cipher ?? 'no cipher'}, ${cipher?.includes('-gcm') ? 'MAC of the cipher' : (mac ?? 'no MAC')}`,
		`the server offers key exchange ${listed(offer.kex)}`,
		`host keys ${listed(offer.hostKeys)}`,
		`ciphers ${listed(offer.ciphers)}`,
		`MACs ${listed(offer.macs)}`,
	].join('; ');
	const isAgreed =
		kex !== undefined &&
		hostKey !== undefined &&
		cipher !== undefined &&
		(mac !== undefined || cipher.includes('-gcm'));
	if (!isAgreed)
		return failed(
			met,
			"The server and this client have no algorithms in common. Please report this item on the project's page.",
		);
	if (/-sha1$/.test(kex) || hostKey === 'ssh-rsa' || /-cbc$/.test(cipher))
		return warning(
			met,
			'Only outdated algorithms were agreed on. Check with FINRA (800-321-6273) whether this is its server.',
		);
	return ok(met);
}

/** Asks for the host key of every type that the server has, one connection each, and leaves before any login. */
export async function meetHostKeys(
	{ account, ports: { egress, guard } }: Context,
	offer: SshOffer,
	signal: AbortSignal,
): Promise<Finding> {
	const met: Array<{ algorithm: string; key?: string; pinned?: boolean; reason?: string }> = [];
	// One after the other: servers turn away who opens many connections at once.
	for (const algorithm of hostKeyTypes(offer)) {
		const server = await probeSftpServer(account, { egress, guard, signal }, algorithm);
		met.push(
			server.reachable
				? { algorithm, key: server.hostKey, pinned: server.pinned }
				: { algorithm, reason: server.reason },
		);
	}
	return judgeHostKeys(met, account.hostKeys);
}

export function judgeHostKeys(
	met: Array<{ algorithm: string; key?: string; pinned?: boolean; reason?: string }>,
	pinned: string[],
): Finding {
	if (met.length === 0) return skipped('The server offers no host key that this client knows (see sftp.server).');
	const text = met
		.map(
			({ algorithm, key, pinned: isPinned, reason }) =>
				`${algorithm} ${key ?? `could not be asked for: ${reason}`}${isPinned ? ' (pinned)' : ''}`,
		)
		.join(', ');
	const keys = met.filter(({ key }) => key !== undefined);
	if (keys.length === 0)
		return failed(text, 'Run this again. If this persists, a firewall may cut short connections that do not log in.');
	if (pinned.length === 0)
		return warning(
			`${text}; none is pinned`,
			"Compare the fingerprints with FINRA's, and enter them in 'SFTP Host Key Fingerprints' in the credential. Until then, the password is sent to any server that answers.",
		);
	// The one that is agreed on is the first.
	if (keys[0]!.pinned) return ok(text);
	if (keys.some((each) => each.pinned))
		return warning(
			`${text}; the key that is agreed on is not the pinned one`,
			"Add the first fingerprint to 'SFTP Host Key Fingerprints', once FINRA (800-321-6273) has confirmed it.",
		);
	return failed(
		`${text}; none of them is pinned in the credential`,
		'No password is sent to this server. Ask FINRA (800-321-6273) whether the keys were renewed. Only if they confirm it, pin the new ones.',
	);
}
