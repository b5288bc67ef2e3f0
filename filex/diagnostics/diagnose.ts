import type { Account } from '../account/account';
import { proxyFor } from '../http/agents';
import { hostAndPort } from '../http/connect';
import { FILEX, type Sender } from '../http/foreign';
import { sftpAddress } from '../sftp/address';
import { judgeAddresses, type Target, targetOf, tryHost } from './addresses';
import { judgeHealth, judgeS3Answer, judgeUnauthenticated } from './answers';
import { type Check, type Finding, skipped, together } from './check';
import { judgeClocks } from './clocks';
import type { Context, DiagnosticPorts } from './context';
import { judgeEnvironment } from './environment';
import { logInAtFip } from './fip-token';
import { lookForGuard } from './guard';
import { Observed, observing } from './observed';
import { findApplications, findSubSpaces } from './places';
import { listOverS3, lookAtListings, lookAtPresigned, lookAtS3Token, lookAtTracking } from './readings';
import { runCheck, type Step } from './run-check';
import { scrubber } from './scrub';
import { logInOverSftp } from './sftp-login';
import type { SshOffer } from './ssh-offer';
import { judgeOffer, meetHostKeys, meetSshServer } from './ssh-server';
import { judgeTls, meetTls, withoutTls } from './tls';

/** How long a check may take, in ms, unless asked otherwise. */
const LIMIT = 20_000;

/** How many times longer those may take that log in or list much. */
const PATIENCE = 3;

const S3: Sender = {
	name: 'S3',
	check:
		"Check 'S3 URL' in the credential if you set one, and whether your firewall and proxy let AWS S3 through (guide, section 3.2).",
};

/**
 * Looks at all that stands between an account and fileX, step by step. Each check is an entry; none that fails ends the
 * others. It logs in once at FIP and once over SFTP at most, by the login guard, uploads nothing and downloads no file.
 * No text holds a secret, the user name or the organization. Never fails.
 *
 * @param orgId the organization that is looked at
 */
export async function diagnose(account: Account, orgId: string, ports: DiagnosticPorts): Promise<Check[]> {
	const { env = process.env, limit = LIMIT, semaphore } = ports;
	const context: Context = {
		account,
		orgId,
		ports: { ...ports, env, limit, ...(semaphore && { semaphore }) },
		observed: new Observed(),
		known: { subSpaces: [], s3: [] },
	};
	const scrub = scrubber(account, orgId);
	const checks: Check[] = [];
	try {
		for (const stage of stagesOf(context)) {
			const made = await Promise.all(stage.map(async (step) => await runCheck(step, { limit, signal: ports.signal })));
			checks.push(...made.map((check) => ({ ...check, met: scrub(check.met), advice: scrub(check.advice) })));
		}
	} finally {
		await context.known.sftp?.close();
	}
	return inOrder(checks);
}

/** In this order they are read, whatever their order in time. */
const ORDER = [
	'environment',
	'addresses',
	'tls',
	'answers',
	'fip',
	'clocks',
	'places',
	'shapes',
	's3',
	'sftp',
	'guard',
];

function inOrder(checks: Check[]): Check[] {
	const rank = ({ check }: Check) => ORDER.indexOf(check.split('.')[0]!);
	return [...checks].sort((a, b) => rank(a) - rank(b));
}

/** What is made side by side, stage by stage: each stage rests on what those before it have learnt. */
function stagesOf(context: Context): Step[][] {
	const { account, ports, known, observed } = context;
	const { rest, fip, sftp } = account.endpoints;
	const sftpTarget: Target = { scheme: 'sftp', ...sftp, ...(account.sftpProxy && { proxy: account.sftpProxy }) };
	const s3Targets = () => known.s3.map(throughProxy);
	let offer: SshOffer | undefined;
	const ask = (service: 'rest' | 's3', url: string, signal: AbortSignal) =>
		observing(ports.http, observed, service)({ method: 'GET', url, headers: { Accept: 'application/json' }, signal });
	return [
		[
			{
				check: 'environment',
				title: `${ports.program.name} and its environment`,
				run: async () => judgeEnvironment(ports.program, ports.env),
			},
			addresses('rest', 'Addresses of fileX REST', context, () => [throughProxy(rest)]),
			addresses('fip', 'Addresses of FIP', context, () => [throughProxy(fip)]),
			addresses('sftp', 'Addresses of SFTP', context, () => [sftpTarget]),
			tls('rest', 'TLS of fileX REST', context, () => [throughProxy(rest)]),
			tls('fip', 'TLS of FIP', context, () => [throughProxy(fip)]),
			{
				check: 'answers.health',
				title: 'Who answers for the health of fileX',
				run: async (signal) => judgeHealth(await ask('rest', `${rest}/health`, signal), FILEX),
			},
			{
				check: 'answers.rest',
				title: 'Who answers a call to fileX without a token',
				run: async (signal) => judgeUnauthenticated(await ask('rest', `${rest}/tracking`, signal), FILEX),
			},
		],
		[
			{
				check: 'fip.token',
				title: 'Token of FIP',
				patience: PATIENCE,
				run: async (signal) => await logInAtFip(context, signal),
			},
		],
		[
			{
				check: 'places.applications',
				title: 'Applications',
				run: async (signal) => await findApplications(context, signal),
			},
		],
		[
			{
				check: 'places.subSpaces',
				title: 'Sub-spaces, and which can be listed',
				patience: PATIENCE,
				run: async (signal) => await findSubSpaces(context, signal, ports.limit * PATIENCE),
			},
		],
		[
			{ check: 'shapes.listings', title: 'Form of listings', run: async () => lookAtListings(context) },
			{
				check: 'shapes.tracking',
				title: 'Form of tracking',
				run: async (signal) => await lookAtTracking(context, signal),
			},
			{
				check: 'shapes.presigned',
				title: 'Form of a pre-signed answer',
				run: async (signal) => await lookAtPresigned(context, signal),
			},
			{
				check: 'shapes.s3Token',
				title: 'Form of an S3 token',
				run: async (signal) => await lookAtS3Token(context, signal),
			},
		],
		[
			addresses('s3', 'Addresses of S3', context, s3Targets),
			tls('s3', 'TLS of S3', context, s3Targets),
			{
				check: 'answers.s3',
				title: 'Who answers for S3',
				run: async (signal) => {
					if (known.s3.length === 0) return NO_S3;
					return together(
						await Promise.all(
							known.s3.map(async (url) =>
								judgeS3Answer(placeOf(throughProxy(url)), await ask('s3', `${url}/`, signal), S3),
							),
						),
					);
				},
			},
			{
				check: 'sftp.server',
				title: 'SFTP server and its algorithms',
				run: async (signal) => {
					const met = await meetSshServer(context, signal);
					if (typeof met !== 'string') offer = met;
					return judgeOffer(sftpAddress(account), met);
				},
			},
		],
		[
			{
				check: 's3.listing',
				title: 'Listing over S3 Direct',
				run: async (signal) => await listOverS3(context, signal),
			},
			{
				check: 'sftp.hostKeys',
				title: 'Host keys of SFTP',
				run: async (signal) =>
					offer
						? await meetHostKeys(context, offer, signal)
						: skipped('The SFTP server offered no algorithms (see sftp.server).'),
			},
		],
		[
			{
				check: 'sftp.login',
				title: 'Login over SFTP',
				patience: PATIENCE,
				run: async (signal) => await logInOverSftp(context, signal),
			},
		],
		(['rest', 's3', 'sftp'] as const).map((method) => ({
			check: `guard.${method}`,
			title: `Guard against filing twice, over ${{ rest: 'HTTPS REST', s3: 'S3 Direct', sftp: 'SFTP' }[method]}`,
			patience: PATIENCE,
			run: async (signal) => await lookForGuard(context, method, signal),
		})),
		[{ check: 'clocks', title: 'Clocks', run: async () => judgeClocks(observed.clocks) }],
	];
}

const NO_S3: Finding = skipped(
	"The address of S3 is not known: fileX gives its region with a token (see shapes.s3Token), unless 'S3 URL' names it.",
);

function addresses(part: string, title: string, { ports }: Context, targets: () => Target[]): Step {
	return {
		check: `addresses.${part}`,
		title,
		run: async () =>
			targets().length === 0
				? NO_S3
				: judgeAddresses(
						await Promise.all(targets().map(async (target) => await tryHost(target, ports.egress, ports.limit))),
					),
	};
}

function tls(part: string, title: string, { ports }: Context, targets: () => Target[]): Step {
	return {
		check: `tls.${part}`,
		title,
		run: async (signal) => {
			if (targets().length === 0) return NO_S3;
			return together(
				await Promise.all(
					targets().map(async (target) =>
						target.scheme === 'http'
							? withoutTls(target)
							: judgeTls(await meetTls(target, ports.egress, signal), new Date()),
					),
				),
			);
		},
	};
}

function placeOf({ host, port }: Target): string {
	return hostAndPort(host, port);
}

/** REST, FIP and S3 use the proxy that the environment names. */
function throughProxy(url: string): Target {
	return targetOf(url, proxyFor(url));
}
