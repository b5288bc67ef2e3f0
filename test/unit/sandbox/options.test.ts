import { HELP, readCommandLine } from '../../../sandbox/options';

describe("the sandbox's command line", () => {
	it('reads every option', () => {
		const line =
			'--json --tls --empty --host 0.0.0.0 --control-host ::1 --data-dir /d --rest-port 1 --fip-port 2 --s3-port 3 --sftp-port 4 --control-port 5 --processing-seconds 6 --decide-after 7 --decision REJECTED --url-lifetime 8 --s3-token-lifetime 9 --fip-token-lifetime 10 --lock-after 0 --max-connections 11 --algorithms guide --url-shape hal --tracking-shape header';
		expect(readCommandLine(line.split(' '))).toEqual({
			help: false,
			json: true,
			sandbox: {
				host: '0.0.0.0',
				controlHost: '::1',
				dataDir: '/d',
				seeded: false,
				tls: true,
				algorithms: 'guide',
				ports: { rest: 1, fip: 2, s3: 3, sftp: 4, control: 5 },
				settings: {
					processingSeconds: 6,
					decideAfterSeconds: 7,
					decision: 'REJECTED',
					urlSeconds: 8,
					s3TokenSeconds: 9,
					fipTokenSeconds: 10,
					lockAfter: 0,
					maxConnections: 11,
					urlShape: 'hal',
					trackingShape: 'header',
				},
			},
		});
	});

	it('explains every option that it reads', () => {
		const known = [...readCommandLine.toString().matchAll(/'?([a-z0-9-]+)'?: (?:text|flag),/g)].map(([, name]) => name);
		expect(known.length).toBeGreaterThan(20);
		for (const name of known) expect(HELP).toContain(`--${name}`);
	});

	it('changes no setting that was not asked for: an earlier start may have', () => {
		expect(readCommandLine([]).sandbox.settings).toEqual({});
	});

	it.each([
		['--url-lifetime soon', "--url-lifetime takes a whole number, not 'soon'."],
		['--url-shape round', '--url-shape takes one of url, preSignedUrl'],
		['--algorithms none', "--algorithms takes one of all, modern, guide, not 'none'."],
		['--unknown', "Unknown option '--unknown'"],
		['extra', "Unexpected argument 'extra'"],
	])('refuses %s', (line, message) => {
		expect(() => readCommandLine(line.split(' '))).toThrow(message);
	});
});
