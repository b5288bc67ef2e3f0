import { parseArgs } from 'node:util';
import type { SandboxOptions } from './sandbox';
import { DECISIONS, type SettingValues, TRACKING_SHAPES, URL_SHAPES } from './settings';
import { ALGORITHM_SETS } from './sftp/algorithms';

export const HELP = `A local fileX to rehearse with: FIP, REST, pre-signed URLs, S3 Direct, SFTP and tracking.

  npm run sandbox -- [options]

  --json                  print one line of JSON when ready, and nothing else (npm's own lines go with
                          npm run -s)
  --help                  this text

Where
  --host ADDRESS          listen there (default 127.0.0.1)
  --control-host ADDRESS  let the console and the control endpoint listen there (default 127.0.0.1)
  --rest-port N, --fip-port N, --s3-port N, --sftp-port N, --control-port N
                          listen on these ports (default: free ones)
  --tls                   HTTPS for FIP, REST and S3, with a self-signed certificate
  --data-dir FOLDER       keep files, records and keys there (default: a temporary folder, removed
                          at the end); a later start with the same folder continues where this one ended

What is there
  --empty                 no files at first (default: a few in every download sub-space of 0001)
  --processing-seconds N  keep uploads in their sub-space for N seconds (default 0)
  --decide-after N        decide submissions N seconds after they were received (default: only the
                          console decides)
  --decision WHICH        ${DECISIONS.join(', ')} or by-name (default): names with "reject" are
                          rejected, with "partial" partially, all others accepted

How it answers
  --url-lifetime N        seconds that a pre-signed URL lives (default 60)
  --s3-token-lifetime N   seconds that an S3 token lives (default 3600)
  --fip-token-lifetime N  seconds that a FIP token lives (default 43200)
  --lock-after N          refused logins in a row that lock an account, 0 for never (default 5)
  --max-connections N     SFTP connections of one account at a time (default 10)
  --algorithms SET        SFTP algorithms to offer: ${ALGORITHM_SETS.join(', ')} (default all)
  --url-shape SHAPE       where answers put a pre-signed URL (default url):
                          ${URL_SHAPES.join(', ')}
  --tracking-shape SHAPE  where they put the tracking id (default trackingId):
                          ${TRACKING_SHAPES.join(', ')}

Lifetimes, limits, decisions and shapes can also be changed while it runs, in the console, whose address
is printed at the start; the data folder keeps them. It ends on SIGTERM or Ctrl-C.`;

export interface CommandLine {
	help: boolean;
	json: boolean;
	sandbox: SandboxOptions;
}

/** @throws Error that names the option, where one is not known or its value is not taken */
export function readCommandLine(args: string[]): CommandLine {
	const text = { type: 'string' } as const;
	const flag = { type: 'boolean', default: false } as const;
	const { values } = parseArgs({
		args,
		options: {
			json: flag,
			help: flag,
			tls: flag,
			empty: flag,
			host: text,
			'control-host': text,
			'data-dir': text,
			'rest-port': text,
			'fip-port': text,
			's3-port': text,
			'sftp-port': text,
			'control-port': text,
			'processing-seconds': text,
			'decide-after': text,
			decision: text,
			'url-lifetime': text,
			's3-token-lifetime': text,
			'fip-token-lifetime': text,
			'lock-after': text,
			'max-connections': text,
			algorithms: text,
			'url-shape': text,
			'tracking-shape': text,
		},
	});
	const number = (option: keyof typeof values) => wholeNumber(values[option] as string | undefined, option);
	const choice = <T extends string>(option: keyof typeof values, choices: readonly T[]) =>
		oneOf(values[option] as string | undefined, option, choices);
	const settings: Partial<SettingValues> = {
		processingSeconds: number('processing-seconds'),
		decideAfterSeconds: number('decide-after'),
		decision: choice('decision', [...DECISIONS, 'by-name']),
		urlSeconds: number('url-lifetime'),
		s3TokenSeconds: number('s3-token-lifetime'),
		fipTokenSeconds: number('fip-token-lifetime'),
		lockAfter: number('lock-after'),
		maxConnections: number('max-connections'),
		urlShape: choice('url-shape', URL_SHAPES),
		trackingShape: choice('tracking-shape', TRACKING_SHAPES),
	};
	return {
		help: values.help,
		json: values.json,
		sandbox: {
			host: values.host,
			controlHost: values['control-host'],
			dataDir: values['data-dir'],
			seeded: !values.empty,
			tls: values.tls,
			algorithms: choice('algorithms', ALGORITHM_SETS),
			ports: {
				rest: number('rest-port'),
				fip: number('fip-port'),
				s3: number('s3-port'),
				sftp: number('sftp-port'),
				control: number('control-port'),
			},
			settings: Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)),
		},
	};
}

function wholeNumber(value: string | undefined, option: string): number | undefined {
	if (value === undefined) return undefined;
	if (/^\d{1,9}$/.test(value)) return Number(value);
	throw new Error(`--${option} takes a whole number, not '${value}'.`);
}

function oneOf<T extends string>(value: string | undefined, option: string, choices: readonly T[]): T | undefined {
	if (value === undefined || choices.includes(value as T)) return value as T | undefined;
	throw new Error(`--${option} takes one of ${choices.join(', ')}, not '${value}'.`);
}
