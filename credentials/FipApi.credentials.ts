import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	IHttpRequestOptions,
	Icon,
	INodeProperties,
} from 'n8n-workflow';
import { readAccount, requestToken } from '../filex';
import { n8nHttp } from '../nodes/shared/http';
import { storedToken, tokenToStore } from '../nodes/shared/stored-token';

/** The FINRA Identity Platform account that serves all of fileX's access methods. */
export class FipApi implements ICredentialType {
	name = 'fipApi';

	displayName = 'FINRA FIP API';

	icon: Icon = { light: 'file:../icons/filex.svg', dark: 'file:../icons/filex.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-finra-filex/n8n-nodes-finra-filex#credentials';

	properties: INodeProperties[] = [
		{
			displayName: 'Environment',
			name: 'environment',
			type: 'options',
			options: [
				{
					name: 'Custom',
					value: 'custom',
					description: 'Your own addresses: the local sandbox, or a gateway',
				},
				{
					name: 'Customer Test',
					value: 'customerTest',
					description: 'filex.ct.finra.org, with production credentials',
				},
				{ name: 'Production', value: 'production', description: 'filex.finra.org' },
				{
					name: 'QA',
					value: 'qa',
					description: 'filex-int.qa.finra.org, with credentials from the FINRA application',
				},
			],
			default: 'production',
		},
		custom({ displayName: 'fileX REST URL', name: 'restUrl', placeholder: 'e.g. https://filex.finra.org' }),
		custom({ displayName: 'FIP URL', name: 'fipUrl', placeholder: 'e.g. https://ews.fip.finra.org' }),
		custom({ displayName: 'SFTP Host', name: 'sftpHost', placeholder: 'e.g. filex.finra.org' }),
		custom({ displayName: 'SFTP Port', name: 'sftpPort', type: 'number', default: 22 }),
		custom({
			displayName: 'S3 URL',
			name: 's3Url',
			required: false,
			placeholder: 'e.g. https://s3.example.com',
			description: 'Endpoint of S3 Direct. Leave empty for AWS.',
		}),
		{
			displayName: 'User Name',
			name: 'username',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 1234ftp12',
		},
		{
			displayName: 'Password',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description:
				"A refused password is not sent again until you change it, because FINRA locks accounts after repeated refusals. Spaces at its beginning and end count. If it begins with =, which n8n takes for an expression, enter it as ={{ '=…' }}.",
		},
		{
			displayName: 'Organization ID',
			name: 'orgId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 0001',
			description: 'The digits from FINRA, leading zeros included. A node can use another organization.',
		},
		{
			displayName: 'SFTP Host Key Fingerprints',
			name: 'hostKeys',
			type: 'string',
			default: '',
			typeOptions: { rows: 2 },
			placeholder: 'e.g. SHA256:…',
			description:
				"SHA-256 fingerprints of the SFTP server, separated by commas; lines of ssh-keygen -l, known_hosts or .pub files are taken, too. When set, no password is sent to any other server. The fileX List node, operation Get Service Health, shows the server's own.",
		},
		{
			displayName: 'SFTP Private Key',
			name: 'privateKey',
			type: 'string',
			typeOptions: { password: true, rows: 4 },
			default: '',
			description:
				'In OpenSSH or PEM format. When set, SFTP logs in with the key, and sends the password only to a server that asks for both.',
		},
		{
			displayName: 'SFTP Key Passphrase',
			name: 'passphrase',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'Leave empty if the key has none',
		},
		{
			displayName: 'SFTP Proxy URL',
			name: 'sftpProxyUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. http://proxy.example.com:3128',
			description:
				"HTTP proxy for SFTP, used with CONNECT, or SOCKS proxy (socks5://…). Leave empty for a direct connection: n8n's HTTPS_PROXY and HTTP_PROXY apply to REST and S3 Direct only.",
		},
		{
			displayName: 'SFTP Proxy User Name',
			name: 'sftpProxyUsername',
			type: 'string',
			default: '',
			displayOptions: { hide: { sftpProxyUrl: [''] } },
			description: 'Leave empty if the proxy needs no login',
		},
		{
			displayName: 'SFTP Proxy Password',
			name: 'sftpProxyPassword',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			displayOptions: { hide: { sftpProxyUrl: [''] } },
		},
		{
			displayName: 'SFTP Connections',
			name: 'maxSftpConnections',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 10 },
			default: 1,
			description: 'How many SFTP connections each n8n process may hold at a time; fileX refuses too many',
		},
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'hidden',
			typeOptions: { expirable: true, password: true },
			default: '',
		},
	];

	async preAuthentication(this: IHttpRequestHelper, credentials: ICredentialDataDecryptedObject): Promise<IDataObject> {
		const token = await requestToken(n8nHttp(this.helpers), readAccount(credentials));
		return { accessToken: tokenToStore(credentials, token) };
	}

	/** Another account's token is not sent: fileX then answers 401 and n8n renews it. */
	authenticate = async (
		credentials: ICredentialDataDecryptedObject,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> => {
		const token = storedToken(credentials);
		if (token === undefined) return request;
		return { ...request, headers: { ...request.headers, Authorization: `Bearer ${token}` } };
	};
}

function custom(property: Partial<INodeProperties> & Pick<INodeProperties, 'displayName' | 'name'>): INodeProperties {
	return {
		type: 'string',
		default: '',
		required: true,
		...property,
		displayOptions: { show: { environment: ['custom'] } },
	};
}
