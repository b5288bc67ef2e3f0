import { parseArgs } from 'node:util';
import { startSandbox, type SandboxInfo } from './sandbox';

const HELP = `A local fileX to rehearse with: FIP, REST, pre-signed downloads and SFTP.

  npm run sandbox -- [options]

  --json             print one line of JSON when ready, and nothing else
  --host ADDRESS     listen there (default 127.0.0.1)
  --data-dir FOLDER  keep files and host keys there (default: a temporary folder)
  --url-lifetime N   seconds that a pre-signed URL lives (default 60)
  --rest-port N, --fip-port N, --s3-port N, --sftp-port N, --control-port N
                     listen on these ports (default: free ones)
  --help             this text

It ends on SIGTERM or Ctrl-C.`;

async function main(): Promise<void> {
	const text = { type: 'string' } as const;
	const { values } = parseArgs({
		options: {
			json: { type: 'boolean' },
			help: { type: 'boolean' },
			host: text,
			'data-dir': text,
			'url-lifetime': text,
			'rest-port': text,
			'fip-port': text,
			's3-port': text,
			'sftp-port': text,
			'control-port': text,
		},
	});
	if (values.help) return print(HELP);
	const sandbox = await startSandbox({
		host: values.host,
		dataDir: values['data-dir'],
		urlLifetime: number(values['url-lifetime'], 'url-lifetime') ?? 60,
		ports: {
			rest: number(values['rest-port'], 'rest-port'),
			fip: number(values['fip-port'], 'fip-port'),
			s3: number(values['s3-port'], 's3-port'),
			sftp: number(values['sftp-port'], 'sftp-port'),
			control: number(values['control-port'], 'control-port'),
		},
	});
	print(values.json ? JSON.stringify(sandbox.info) : describe(sandbox.info));
	let ending: Promise<void> | undefined;
	for (const signal of ['SIGTERM', 'SIGINT'] as const) {
		// A second signal must not cut the cleaning up short.
		process.on(signal, () => void (ending ??= sandbox.close().then(() => process.exit(0))));
	}
}

function describe({ rest, fip, s3, sftp, accounts, control, dataDir }: SandboxInfo): string {
	const people = accounts.map(({ username, password, orgId }) => `  ${username} / ${password}, organization ${orgId}`);
	return `A local fileX is running. In the FINRA FIP API credential, choose the environment Custom and enter:
  fileX REST URL   ${rest}
  FIP URL          ${fip}
  SFTP             ${sftp.host}, port ${sftp.port}
  host keys        ${sftp.hostKeys.join(', ')}
Accounts:
${people.join('\n')}
Pre-signed URLs point to ${s3}. Files and keys are in ${dataDir}.
To play FINRA and deliver a report:
  curl -T report.pdf ${control}/files/${accounts[0]!.orgId}/crd/reports/report.pdf`;
}

function number(value: string | undefined, option: string): number | undefined {
	if (value === undefined) return undefined;
	if (/^\d+$/.test(value)) return Number(value);
	throw new Error(`--${option} takes a whole number`);
}

function print(text: string): void {
	process.stdout.write(`${text}\n`);
}

main().catch((error: Error) => {
	process.stderr.write(`${error.message}\n`);
	process.exit(1);
});
