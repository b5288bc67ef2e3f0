import { FileXError } from '../errors';

/** The server showed a key that is not among the pinned ones: someone else's server, or a renewed key. */
export function hostKeyMismatch(host: string, pinned: string[], met: string): FileXError {
	return new FileXError(
		'host-key',
		`The SFTP server ${host} is not the pinned one: its host key is ${met}, the credential allows ${pinned.join(' or ')}`,
		{
			field: 'SFTP Host Key Fingerprints',
			hint: `No password was sent. Ask FINRA (800-321-6273) whether the key was renewed. Only if they confirm it, add ${met} to 'SFTP Host Key Fingerprints' in the credential.`,
			retrySafe: false,
		},
	);
}
