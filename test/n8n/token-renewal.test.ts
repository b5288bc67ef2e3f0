import axios from 'axios';
import {
	NodeApiError,
	type IAllExecuteFunctions,
	type ICredentialDataDecryptedObject,
	type IHttpRequestHelper,
	type IHttpRequestOptions,
	type INode,
} from 'n8n-workflow';
import { FipApi } from '../../credentials/FipApi.credentials';
import { RestSpace } from '../../filex';
import { n8nFileXHttp } from '../../nodes/shared/http';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { credentialFields, loginOf } from '../support/accounts';
import { Engine } from '../support/engine';

const NODE = { id: '1', name: 'Node', type: 'fileXList', typeVersion: 1, position: [0, 0], parameters: {} } as INode;

/** n8n's helpers as far as a token goes: it is renewed where a 401 is an exception. n8n before 2.9 does not know `except`. */
class Helpers {
	readonly calls: string[] = [];
	private readonly type = new FipApi();

	constructor(
		readonly stored: ICredentialDataDecryptedObject,
		private readonly knowsExcept: boolean,
	) {}

	get context(): IAllExecuteFunctions {
		const { httpRequest, httpRequestWithAuthentication } = this;
		return {
			helpers: { httpRequest, httpRequestWithAuthentication },
			getNode: () => NODE,
			getCredentials: async () => ({ ...this.stored }),
		} as unknown as IAllExecuteFunctions;
	}

	async login(): Promise<void> {
		const preAuthentication = this.type.preAuthentication.bind({
			helpers: { httpRequest: this.httpRequest },
		} as unknown as IHttpRequestHelper);
		Object.assign(this.stored, await preAuthentication(this.stored));
	}

	readonly httpRequest = async ({
		ignoreHttpStatusErrors: ignored,
		...options
	}: IHttpRequestOptions): Promise<unknown> => {
		const except = this.knowsExcept && typeof ignored === 'object' ? ignored.except : [];
		const { status, headers, data } = await axios.request<unknown>({
			method: options.method,
			url: options.url,
			headers: options.headers as Record<string, string>,
			responseType: options.encoding as 'stream',
			signal: options.abortSignal as never,
			proxy: false,
			...(ignored && { validateStatus: (status: number) => !except.includes(status) }),
		});
		return { statusCode: status, headers, body: data };
	};

	private readonly httpRequestWithAuthentication = async (
		_type: string,
		options: IHttpRequestOptions,
	): Promise<unknown> => {
		const send = async () => {
			this.calls.push(`${options.method} ${JSON.stringify(options.ignoreHttpStatusErrors)}`);
			return await this.httpRequest(await this.type.authenticate(this.stored, options));
		};
		try {
			if (!this.stored.accessToken) await this.login();
			return await send();
		} catch (error) {
			if ((error as { response?: { status?: number } }).response?.status !== 401)
				throw new NodeApiError(NODE, error as never);
			try {
				await this.login();
				return await send();
			} catch (again) {
				throw new NodeApiError(NODE, again as never);
			}
		}
	};
}

describe.each([
	['an n8n that knows `except`', true],
	['an n8n before 2.9, which does not', false],
])('a token that fileX refuses, in %s', (_name, knowsExcept) => {
	let sandbox: Sandbox;

	beforeAll(async () => {
		sandbox = await startSandbox();
	});
	afterAll(async () => await sandbox.close());
	beforeEach(() => sandbox.log.clear());

	/** Helpers with a token that is over. */
	async function helpers(username = 'demo'): Promise<Helpers> {
		const made = new Helpers(
			credentialFields(sandbox.info, loginOf(sandbox.info, username)) as ICredentialDataDecryptedObject,
			knowsExcept,
		);
		await made.login();
		made.stored.accessToken = String(made.stored.accessToken).replace(/:.*/, ':over');
		sandbox.log.clear();
		return made;
	}

	const space = ({ context }: Helpers) => new RestSpace(sandbox.info.rest, n8nFileXHttp(context));
	const logins = () => sandbox.log.count('fip', 'token');

	it('is renewed by one login, and the next call needs none', async () => {
		const made = await helpers();
		expect((await space(made).applications('0001')).length).toBeGreaterThan(0);
		expect(logins()).toBe(1);
		await space(made).applications('0001');
		expect(logins()).toBe(1);
	});

	it('is renewed once only, and a second refusal is an answer with its headers', async () => {
		const made = await helpers('crdonly');
		const answer = await n8nFileXHttp(made.context).authorized({
			method: 'GET',
			url: `${sandbox.info.rest}/files/0001/focus`,
		});
		expect(answer).toMatchObject({
			status: 401,
			headers: { 'content-type': expect.stringMatching(/json/) as string },
			body: expect.stringMatching(/\S/) as string,
		});
		expect(logins()).toBe(1);
		expect(Object.keys(answer).sort()).toEqual(['body', 'headers', 'status']);
	});

	it('is renewed though what was asked for is not there, or is refused otherwise', async () => {
		const made = await helpers();
		const answer = await n8nFileXHttp(made.context).authorized({
			method: 'GET',
			url: `${sandbox.info.rest}/files/0001/nosuch/place`,
		});
		expect([answer.status, logins()]).toEqual([404, 1]);
		expect(answer.headers['content-type']).toMatch(/json/);
	});

	it('is not renewed where the password is refused, which is reported as that', async () => {
		const made = await helpers();
		made.stored.password = `wrong ${String(knowsExcept)}`;
		await expect(space(made).applications('0001')).rejects.toMatchObject({ name: 'FileXError', kind: 'credentials' });
		expect(logins()).toBe(1);
		await expect(space(made).applications('0001')).rejects.toMatchObject({ name: 'FileXError', kind: 'credentials' });
		expect(logins()).toBe(1);
	});

	it('costs one call where it is good', async () => {
		const made = await helpers();
		await space(made).applications('0001');
		made.calls.length = 0;
		await space(made).applications('0001');
		expect(made.calls).toHaveLength(1);
	});
});

it("n8n's engine renews a token by one login, too, and shows a second refusal's headers", async () => {
	const sandbox = await startSandbox();
	try {
		const engine = await Engine.start(credentialFields(sandbox.info, loginOf(sandbox.info, 'crdonly')));
		const list = (application: string) => ({
			type: 'fileXList',
			parameters: { operation: 'subSpaces', application: { __rl: true, mode: 'name', value: application } } as never,
		});
		await engine.run(list('crd'));
		engine.credentials.stored.accessToken = String(engine.credentials.stored.accessToken).replace(/:.*/, ':over');
		sandbox.log.clear();
		expect((await engine.run(list('crd'))).items.length).toBeGreaterThan(0);
		expect(sandbox.log.count('fip', 'token')).toBe(1);
		expect((await engine.run(list('focus'))).error?.message).toMatch(/^This account is not entitled to '0001\/focus'/);
	} finally {
		await sandbox.close();
	}
});
