import type { SandboxInfo } from '../sandbox/info';

/** A command of OpenSSH's sftp. The password is what `askpass` prints; or there is a key. */
export function sftpBatch(port: number, command: string, user: string, askpass?: string, key?: string): string {
	const options = [
		'StrictHostKeyChecking=no',
		'UserKnownHostsFile=/dev/null',
		'LogLevel=ERROR',
		'Compression=no',
		...(key ? [`IdentityFile=${key}`] : ['PreferredAuthentications=password', 'PubkeyAuthentication=no']),
	];
	const login = askpass ? `SSH_ASKPASS=${askpass} SSH_ASKPASS_REQUIRE=force ` : '';
	return `echo '${command}' > /tmp/filex-bench-$$ && ${login}sftp -q ${options.map((each) => `-o ${each}`).join(' ')} -o BatchMode=no -P ${port} -b /tmp/filex-bench-$$ ${user}@127.0.0.1; rm /tmp/filex-bench-$$`;
}

/** rclone's remote for a server that takes this key, of root. It must leave the file alone after it was sent: fileX does not allow more. */
export function rcloneSftp(port: number, key: string): string {
	return `--config /dev/null --ignore-times --sftp-host 127.0.0.1 --sftp-port ${port} --sftp-user root --sftp-key-file ${key} --sftp-shell-type none --sftp-disable-hashcheck --sftp-set-modtime=false`;
}

/** rclone's remote for S3, with the session that {@link s3Session} gives. It fails where `AWS_CA_BUNDLE` is set; and an upload sub-space may not be looked at. */
export function rcloneS3({ s3 }: SandboxInfo): string {
	return `--config /dev/null --ignore-times --s3-provider Other --s3-endpoint ${s3} --s3-env-auth --s3-region "$AWS_DEFAULT_REGION" --s3-force-path-style --s3-no-check-bucket --no-check-dest --s3-no-head`;
}

/** An S3 token, as the programs take it from the environment. */
export async function s3Session(sandbox: SandboxInfo, token: string): Promise<Record<string, string>> {
	const answer = await fetch(`${sandbox.rest}/S3TransferTokens/0001/crd`, {
		headers: { Authorization: `Bearer ${token}` },
	});
	const { region, credentials } = (await answer.json()) as {
		region: string;
		credentials: Record<'accessKeyId' | 'secretAccessKey' | 'sessionToken', string>;
	};
	return {
		AWS_DEFAULT_REGION: region,
		AWS_ACCESS_KEY_ID: credentials.accessKeyId,
		AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
		AWS_SESSION_TOKEN: credentials.sessionToken,
	};
}
