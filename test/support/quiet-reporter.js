const { DefaultReporter } = require('@jest/reporters');

/** Jest's own reporter, but what a test file wrote is only shown where one of its tests failed: n8n logs every refusal. */
module.exports = class QuietReporter extends DefaultReporter {
	onTestResult(test, result, results) {
		if (result.numFailingTests === 0 && !result.testExecError) result.console = undefined;
		super.onTestResult(test, result, results);
	}
};
