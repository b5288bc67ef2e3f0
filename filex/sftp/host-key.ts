import { FileXError } from '../errors';

/** The server showed a key that is not among the pinned ones: someone else's server, or a renewed key. */
export function hostKeyMismatch(
	host: string,
	pinned: string[],
	met: string,
	/** All keys that the server has, where it was asked for them. */
	keys: ReadonlyArray<{ name: string; fingerprint: string }> = [],
): FileXError {
	const has = keys.map(({ name, fingerprint }) => `${name} ${fingerprint}`).join(', ');
	return new FileXError(
		'host-key',
		`The SFTP server ${host} is not the pinned one: its host key is ${met}, the credential allows ${pinned.join(' or ')}`,
		{
			field: 'SFTP Host Key Fingerprints',
			hint: `No password was sent. ${has && `The server has the keys ${has}. `}Ask FINRA (800-321-6273) whether the key was renewed. Only if they confirm it, add ${met} to 'SFTP Host Key Fingerprints' in the credential.`,
			retrySafe: false,
			evidence: { hostKey: met },
		},
	);
}
