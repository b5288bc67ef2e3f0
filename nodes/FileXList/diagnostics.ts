import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { diagnose } from '../../filex';
import { binaryModeOf } from '../shared/binary-mode';
import { organization } from '../shared/context';
import { n8nEgress } from '../shared/egress';
import { n8nHttp } from '../shared/http';
import type { Parameters } from '../shared/parameters';
import type { Step } from '../shared/router';
import { packVersion } from './pack-version';

/** One item a check. It runs for the first input item only: each run is a login at FIP and one over SFTP. */
export async function diagnostics(
	context: IExecuteFunctions,
	{ account, itemIndex, stop }: Step,
	parameters: Parameters,
): Promise<IDataObject[]> {
	if (itemIndex > 0) return [];
	const installed = {
		pack: packVersion(),
		// Of n8n's own container image; no n8n tells its version to a node.
		n8n: process.env.N8N_VERSION || undefined,
		binaryMode: await binaryModeOf(context).catch(() => undefined),
	};
	const checks = await diagnose(account, organization(account, parameters), {
		http: n8nHttp(context.helpers),
		egress: n8nEgress(context.helpers),
		installed,
		signal: stop,
	});
	return checks.map(({ check, title, verdict, milliseconds, met, advice }) => ({
		check,
		title,
		verdict,
		milliseconds,
		met,
		advice,
	}));
}
