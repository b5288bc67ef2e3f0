import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { diagnose } from '../../filex';
import { binaryModeOf } from '../shared/binary-mode';
import { organization } from '../shared/context';
import { n8nEgress } from '../shared/egress';
import { n8nHttp } from '../shared/http';
import type { Parameters } from '../shared/parameters';
import { hintOf } from '../shared/remedies';
import type { Step } from '../shared/router';
import { packVersion } from '../shared/pack-version';

/** One item a check. It runs for the first input item only: each run is a login at FIP and one over SFTP. */
export async function diagnostics(
	context: IExecuteFunctions,
	{ account, itemIndex, stop }: Step,
	parameters: Parameters,
): Promise<IDataObject[]> {
	if (itemIndex > 0) return [];
	// Of n8n's own container image; n8n does not pass its version to nodes.
	const n8nVersion = process.env.N8N_VERSION;
	const binaryMode = await binaryModeOf(context).catch(() => undefined);
	const program = {
		name: 'n8n',
		facts: [
			n8nVersion ? `n8n ${n8nVersion}` : 'n8n does not pass its version to nodes',
			`n8n-nodes-finra-filex ${packVersion()}`,
			`binary mode ${binaryMode ?? 'not known'}`,
		],
	};
	const checks = await diagnose(account, organization(account, parameters), {
		http: n8nHttp(context.helpers),
		egress: n8nEgress(context.helpers),
		program,
		signal: stop,
	});
	return checks.map(({ check, title, verdict, milliseconds, met, advice, remedies }) => ({
		check,
		title,
		verdict,
		milliseconds,
		met,
		advice: hintOf({ hint: advice, remedies }),
	}));
}
