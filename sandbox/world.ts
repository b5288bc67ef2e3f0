import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from './store';

interface CatalogueApplication {
	name: string;
	subSpaces: Array<{ name: string; action: 'Upload' | 'Download' }>;
}

const catalogue = JSON.parse(
	readFileSync(join(__dirname, '..', 'catalogue', 'applications.json'), 'utf8'),
) as { applications: CatalogueApplication[] };

/** An account and what it may do. */
export interface SandboxAccount {
	username: string;
	password: string;
	orgId: string;
	/** Other organizations that it may act for. */
	onBehalfOf: string[];
	/** Applications that it is entitled to; all where absent. */
	applications?: string[];
	/** OpenSSH public keys that it may log in with over SFTP. */
	publicKeys: string[];
}

/** The sandbox's people. The first account may do everything. */
export function demoAccounts(): SandboxAccount[] {
	return [
		account('demo', { onBehalfOf: ['888888'] }),
		account('crdonly', { applications: ['crd'] }),
	];
}

/** An account of organization 0001; its password follows from its name. */
export function account(username: string, more: Partial<SandboxAccount> = {}): SandboxAccount {
	return { username, password: `${username}-Passw0rd`, orgId: '0001', onBehalfOf: [], publicKeys: [], ...more };
}

/** Creates the spaces of section 9 of the guide for every organization that an account may see. */
export async function buildWorld(store: Store, accounts: SandboxAccount[]): Promise<void> {
	const orgs = new Set(accounts.flatMap(({ orgId, onBehalfOf }) => [orgId, ...onBehalfOf]));
	for (const org of orgs) {
		for (const { name, subSpaces } of catalogue.applications) {
			for (const space of subSpaces) await createSpace(store, [org, name], space);
		}
	}
}

async function createSpace(
	store: Store,
	application: string[],
	{ name, action }: CatalogueApplication['subSpaces'][number],
): Promise<void> {
	await store.createSpace([...application, name === '*' ? 'equity' : name]);
	if (action === 'Upload') await store.createSpace([...application, `${name}_arcv`]);
}

export function isWritable(application: string, subSpace: string): boolean {
	return catalogue.applications.some(
		({ name, subSpaces }) =>
			name === application && subSpaces.some((space) => space.name === subSpace && space.action === 'Upload'),
	);
}

/** Whether an account may see a place: `[org]`, `[org, application]` or deeper. */
export function mayUse({ orgId, onBehalfOf, applications }: SandboxAccount, path: string[]): boolean {
	const [org, application] = path;
	if (org !== undefined && org !== orgId && !onBehalfOf.includes(org)) return false;
	return application === undefined || applications === undefined || applications.includes(application);
}
