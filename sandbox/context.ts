import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from './clock';
import type { Faults } from './faults';
import type { Tokens } from './fip/tokens';
import type { RequestLog } from './log';
import type { S3Keys } from './s3/keys';
import type { Settings } from './settings';
import type { ContentFolder } from './state/content';
import type { Store } from './state/store';
import type { Submissions } from './submissions/submissions';
import type { Accounts } from './world/accounts';

/** What the sandbox's servers share. */
export interface SandboxContext {
	database: DatabaseSync;
	settings: Settings;
	clock: Clock;
	contents: ContentFolder;
	store: Store;
	submissions: Submissions;
	accounts: Accounts;
	tokens: Tokens;
	s3Keys: S3Keys;
	log: RequestLog;
	faults: Faults;
}
