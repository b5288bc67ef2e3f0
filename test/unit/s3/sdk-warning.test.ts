import { ROOT } from '../../../scripts/run';
import { runProgram } from '../../support/program';

/** What a process says that makes the SDK's first client, as on a version of Node that the SDK is about to leave behind. */
async function warnings(make: string): Promise<string> {
	const script = `
		Object.defineProperty(process, 'version', { value: 'v20.19.0' });
		const { S3Client } = require('@aws-sdk/client-s3');
		const { withoutVersionWarning } = require('./filex/s3/sdk-warning.ts');
		${make};
		if (process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED !== undefined) throw new Error('left behind');`;
	const { code, stderr } = await runProgram(process.execPath, ['--import', 'tsx', '-e', script], { cwd: ROOT });
	expect(`${code} ${code === 0 ? '' : stderr}`).toBe('0 ');
	return stderr;
}

describe("the SDK's warning of old versions of Node", () => {
	const CLIENT = "new S3Client({ region: 'us-east-1' })";

	it('is in the log without us', async () => expect(await warnings(CLIENT)).toMatch(/NodeVersionSupportWarning/));

	it('is not, where we make the first client', async () =>
		expect(await warnings(`withoutVersionWarning(() => ${CLIENT})`)).toBe(''));
});
