import { FileXError, isSocks, proxyFor } from '../../filex';

/** n8n's own HTTP client, which keeps the FIP token, would speak HTTP to a SOCKS proxy. @throws FileXError that names the variable */
export function refuseSocks(url: string): void {
	const proxy = proxyFor(url);
	if (!proxy || !isSocks(proxy)) return;
	throw new FileXError('proxy', `n8n cannot use the SOCKS proxy that '${proxy.field}' names for ${new URL(url).host}`, {
		field: proxy.field,
		hint: "Name an HTTP proxy in HTTPS_PROXY, or put FINRA's hosts into NO_PROXY if they can be reached directly, and restart n8n. SFTP and the storage behind fileX can use a SOCKS proxy. Nothing was sent.",
		retrySafe: false,
		neverConnected: true,
	});
}
