/** https://github.com/aws/aws-sdk-js-v3: what turns its warning off that a version of Node is to be no longer supported. */
const SWITCH = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';

/**
 * Makes the SDK's first client without the SDK's own warning in the log of the program at every start: the versions of
 * Node are this package's to tell of.
 */
export function withoutVersionWarning<T>(make: () => T): T {
	const before = process.env[SWITCH];
	process.env[SWITCH] = 'true';
	try {
		return make();
	} finally {
		if (before === undefined) delete process.env[SWITCH];
		else process.env[SWITCH] = before;
	}
}
