import type { SandboxInfo } from './info';
import { HELP, readCommandLine } from './options';
import { startSandbox } from './sandbox';

async function main(): Promise<void> {
	const { help, json, sandbox: options } = readCommandLine(process.argv.slice(2));
	if (help) return print(HELP);
	const sandbox = await startSandbox(options);
	print(json ? JSON.stringify(sandbox.info) : describe(sandbox.info));
	let ending: Promise<void> | undefined;
	for (const signal of ['SIGTERM', 'SIGINT'] as const) {
		// A second signal must not cut the cleaning up short.
		process.on(signal, () => void (ending ??= sandbox.close().then(() => process.exit(0))));
	}
}

function describe({ rest, fip, s3, sftp, accounts, control, dataDir, certificate }: SandboxInfo): string {
	const people = accounts.map(
		({ username, password, orgId, purpose }) =>
			`  ${username.padEnd(14)}${password.padEnd(24)}organization ${orgId.padEnd(8)}${purpose}`,
	);
	return `A local fileX is running. Its console: ${control}

In the FINRA FIP API credential, choose the environment Custom and enter:
  fileX REST URL   ${rest}
  FIP URL          ${fip}
  SFTP             ${sftp.host}, port ${sftp.port}
  S3 URL           ${s3}
  host keys        ${sftp.hostKeys.join(', ')}
Accounts (user name, password):
${people.join('\n')}
Files, records and keys: ${dataDir}.
To play FINRA and deliver a report:
  curl -T report.pdf ${control}/files/${accounts[0]!.orgId}/crd/reports/report.pdf${certificate ? `\nThe certificate to trust:\n${certificate}` : ''}`;
}

function print(text: string): void {
	process.stdout.write(`${text}\n`);
}

main().catch((error: Error) => {
	process.stderr.write(`${error.message}\n`);
	process.exit(1);
});
