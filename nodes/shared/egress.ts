import type { RequestHelperFunctions } from 'n8n-workflow';
import { FREE_EGRESS, inputError, networkError, type Egress } from '../../filex';

/** n8n's outbound policy, for connections that do not go through its HTTP helpers. */
export function n8nEgress(helpers: Partial<Pick<RequestHelperFunctions, 'getSecureEgressFilter'>>): Egress {
	const filter = helpers.getSecureEgressFilter?.();
	// n8n of some versions ago has no such policy.
	if (!filter) return FREE_EGRESS;
	return {
		async check(url) {
			const result = await filter.validateUrl(url);
			if (result.ok) return;
			const { host } = new URL(url);
			// The policy looks the name up, which may not work.
			if ('code' in result.error) throw networkError(host, result.error);
			throw inputError(
				'Environment',
				`n8n's outbound policy does not allow a connection to ${host}: ${result.error.message}`,
				'Whoever runs n8n can allow it with N8N_SSRF_ALLOWED_HOSTNAMES or N8N_SSRF_ALLOWED_IP_RANGES.',
			);
		},
		lookup: filter.createSecureLookup(),
	};
}
