import type { RequestHelperFunctions } from 'n8n-workflow';
import { type Egress, FileXError, networkError, UNRESTRICTED_EGRESS } from '../../filex';
import { egressFilterOf } from './n8n-has';

/**
 * n8n's outbound policy, for connections that do not go through its HTTP helpers.
 *
 * @param field that names the addresses, to be named in errors
 */
export function n8nEgress(
	helpers: Partial<Pick<RequestHelperFunctions, 'getSecureEgressFilter'>>,
	field = 'Environment',
): Egress {
	const filter = egressFilterOf(helpers);
	if (!filter) return UNRESTRICTED_EGRESS;
	const lookup = filter.createSecureLookup();
	return {
		async check(url) {
			const { host } = new URL(url);
			// The policy looks the name up, which may not work.
			const result = await filter.validateUrl(url).catch((error: unknown) => {
				throw networkError(host, error);
			});
			if (result.ok) return;
			if ('code' in result.error) throw networkError(host, result.error);
			throw policyRefusal(host, result.error.message, field);
		},
		lookup: (hostname, options, done) =>
			lookup(hostname, options, (error, ...found) => done(error && named(error), ...found)),
	};
}

/** What the policy refuses never gets as far as a connection. */
function policyRefusal(host: string, reason: string, field: string): FileXError {
	return new FileXError('input', `n8n's outbound policy does not allow a connection to ${host}: ${reason}`, {
		field,
		hint: 'The n8n administrator can allow it with N8N_SSRF_ALLOWED_HOSTNAMES or N8N_SSRF_ALLOWED_IP_RANGES.',
		retrySafe: false,
		neverConnected: true,
	});
}

/** The policy's refusal in an error of n8n's HTTP helper; undefined where it is another error. */
export function policyRefusalIn(error: unknown, host: string): FileXError | undefined {
	for (let current = error, depth = 0; current instanceof Error && depth < 10; current = current.cause, depth++) {
		// n8n does not export the error's class.
		if (/^Ssrf/.test(current.constructor.name)) return policyRefusal(host, current.message, 'Environment');
	}
	return undefined;
}

/** The policy's own errors have no code. */
function named(error: NodeJS.ErrnoException): NodeJS.ErrnoException {
	return error.code === undefined ? Object.assign(error, { code: 'EGRESS_REFUSED' }) : error;
}
