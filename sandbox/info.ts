import type { SandboxAccount } from './world/accounts';

/** How to reach a running sandbox. */
export interface SandboxInfo {
	rest: string;
	fip: string;
	s3: string;
	sftp: { host: string; port: number; hostKeys: string[] };
	accounts: Array<Pick<SandboxAccount, 'username' | 'password' | 'orgId' | 'purpose'>>;
	/** The console, and the root of the control endpoint. */
	control: string;
	dataDir: string;
	/** The process that it runs in. */
	pid: number;
	/** The certificate to trust (PEM), where TLS was asked for. */
	certificate?: string;
}
