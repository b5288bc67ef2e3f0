import type { Faults } from './faults';
import type { Tokens } from './fip';
import type { RequestLog } from './log';
import type { Presigner } from './presign';
import type { Store } from './store';
import type { SandboxAccount } from './world';

/** What the sandbox's servers share. */
export interface SandboxContext {
	store: Store;
	accounts: SandboxAccount[];
	tokens: Tokens;
	log: RequestLog;
	faults: Faults;
	presigner: Presigner;
}
