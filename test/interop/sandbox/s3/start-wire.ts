import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Clock } from '../../../../sandbox/clock';
import type { SandboxContext } from '../../../../sandbox/context';
import { Faults } from '../../../../sandbox/faults';
import { Tokens } from '../../../../sandbox/fip/tokens';
import { listen } from '../../../../sandbox/http';
import { RequestLog } from '../../../../sandbox/log';
import { S3Keys } from '../../../../sandbox/s3/keys';
import { s3Handler } from '../../../../sandbox/s3/s3';
import { Settings } from '../../../../sandbox/settings';
import { ContentFolder } from '../../../../sandbox/state/content';
import { openDatabase } from '../../../../sandbox/state/database';
import { Store } from '../../../../sandbox/state/store';
import { Submissions } from '../../../../sandbox/submissions/submissions';
import { Accounts, demoAccounts } from '../../../../sandbox/world/accounts';

export interface Wire {
	url: string;
	dataDir: string;
	context: SandboxContext;
	close(): Promise<void>;
}

/** The S3 wire alone, on a free port, with nothing in it. */
export async function startWire(): Promise<Wire> {
	const dataDir = await mkdtemp(join(tmpdir(), 'filex-s3-'));
	const database = openDatabase(dataDir);
	const settings = new Settings(database);
	const clock = new Clock(settings);
	const contents = new ContentFolder(dataDir);
	const store = new Store(database, contents, clock);
	const accounts = new Accounts(database, settings, demoAccounts());
	const context: SandboxContext = {
		database,
		settings,
		clock,
		contents,
		store,
		submissions: new Submissions(database, store, settings, clock),
		accounts,
		tokens: new Tokens(database, settings, clock, accounts),
		s3Keys: new S3Keys(database, settings, clock),
		log: new RequestLog(),
		faults: new Faults(),
	};
	const wire = await listen({ host: '127.0.0.1', port: 0, continues: true }, s3Handler(context));
	const { url } = wire;
	context.s3Keys.baseUrl = url;
	return {
		url,
		dataDir,
		context,
		async close() {
			await wire.close();
			database.close();
			await rm(dataDir, { recursive: true });
		},
	};
}
