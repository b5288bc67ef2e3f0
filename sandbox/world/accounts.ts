import { createHash, timingSafeEqual } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Settings } from '../settings';
import { roleOf, SAMPLE_APPLICATIONS } from './places';

/** What an account may do with an application (guide, section 4). */
export type Access = 'download' | 'submit' | 'both';

/** An account and what it may do. */
export interface SandboxAccount {
	username: string;
	password: string;
	orgId: string;
	/** Other organizations that it may act for. */
	onBehalfOf: string[];
	/** Access by application; `*` stands for all of section 9 of the guide. */
	entitlements: Record<string, Access>;
	/** OpenSSH public keys that it may log in with over SFTP. */
	publicKeys: string[];
	/** What it is there for, in a few words. */
	purpose: string;
}

/** The sandbox's people, one of each kind. The first may do everything. */
export function demoAccounts(): SandboxAccount[] {
	return [
		account('demo', { purpose: 'submits and downloads everything, also for 888888', onBehalfOf: ['888888'] }),
		account('downloadonly', { purpose: 'downloads only', entitlements: { '*': 'download' } }),
		account('submitonly', { purpose: 'submits only', entitlements: { '*': 'submit' } }),
		account('crdonly', { purpose: 'sees only the application crd', entitlements: { crd: 'both' } }),
		account('mixed', {
			purpose: 'downloads from crd, submits to focus',
			entitlements: { crd: 'download', focus: 'submit' },
		}),
		account('other', { purpose: 'another firm', orgId: '888888' }),
		account('third', { purpose: 'a third firm', orgId: '1234' }),
		account('1234ftp12', { purpose: "runs the guide's own samples", entitlements: { app1: 'both', app2: 'both' } }),
	];
}

/** An account of organization 0001; its password follows from its name. */
export function account(username: string, more: Partial<SandboxAccount> = {}): SandboxAccount {
	return {
		username,
		password: `${username}-Passw0rd`,
		orgId: '0001',
		onBehalfOf: [],
		entitlements: { '*': 'both' },
		publicKeys: [],
		purpose: '',
		...more,
	};
}

/** Whether an account may see a place: `[org]`, `[org, application]`, `[org, application, subSpace]` or a file. */
export function maySee(account: SandboxAccount, [org, application, subSpace]: string[]): boolean {
	if (org !== undefined && org !== account.orgId && !account.onBehalfOf.includes(org)) return false;
	if (application === undefined) return true;
	const access = accessTo(account, application);
	if (access === undefined || subSpace === undefined) return access !== undefined;
	return access === 'both' || access === (roleOf(application, subSpace) === 'in' ? 'submit' : 'download');
}

/** Whether an account may download from a sub-space. */
export function mayRead(account: SandboxAccount, path: string[]): boolean {
	return maySee(account, path) && roleOf(path[1]!, path[2]!) !== 'in';
}

/** Whether an account may upload into a sub-space. */
export function mayWrite(account: SandboxAccount, path: string[]): boolean {
	return maySee(account, path) && roleOf(path[1]!, path[2]!) === 'in';
}

function accessTo({ entitlements }: SandboxAccount, application: string): Access | undefined {
	if (Object.hasOwn(entitlements, application)) return entitlements[application];
	return SAMPLE_APPLICATIONS.includes(application) ? undefined : entitlements['*'];
}

export interface LoginRecord {
	/** Refused logins since the last good one. */
	refusals: number;
	locked: boolean;
}

/** The accounts, and which of them are locked: FIP and SFTP count refusals together (guide, FAQ 17). */
export class Accounts {
	constructor(
		private readonly database: DatabaseSync,
		private readonly settings: Settings,
		private readonly accounts: SandboxAccount[],
	) {}

	all(): SandboxAccount[] {
		return this.accounts;
	}

	find(username: string): SandboxAccount | undefined {
		return this.accounts.find((each) => each.username === username);
	}

	/** The account, if the password is its own and it is not locked; counts refusals. */
	login(username: string, password: string): SandboxAccount | undefined {
		const found = this.find(username);
		if (!found) return undefined;
		const { refusals, locked } = this.record(username);
		if (locked) return undefined;
		const right = sameText(found.password, password);
		const { lockAfter } = this.settings.get();
		const count = right ? 0 : refusals + 1;
		if (count !== refusals) this.keep(username, { refusals: count, locked: lockAfter > 0 && count >= lockAfter });
		return right ? found : undefined;
	}

	record(username: string): LoginRecord {
		const row = this.database.prepare('SELECT refusals, locked FROM accounts WHERE username = ?').get(username);
		return { refusals: Number(row?.refusals ?? 0), locked: row?.locked === 1 };
	}

	unlock(username: string): void {
		this.keep(username, { refusals: 0, locked: false });
	}

	private keep(username: string, { refusals, locked }: LoginRecord): void {
		this.database
			.prepare('INSERT OR REPLACE INTO accounts (username, refusals, locked) VALUES (?, ?, ?)')
			.run(username, refusals, locked ? 1 : 0);
	}
}

function sameText(a: string, b: string): boolean {
	const hash = (text: string) => createHash('sha256').update(text).digest();
	return timingSafeEqual(hash(a), hash(b));
}
