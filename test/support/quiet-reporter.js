const { DefaultReporter } = require('@jest/reporters');

/** How long the run may take to end by itself, in ms. */
const ENDING = 60_000;

/**
 * Jest's own reporter, but what a test file wrote is only shown where one of its tests failed: n8n logs every refusal.
 * A run that does not end, because a test left something open, fails.
 */
module.exports = class QuietReporter extends DefaultReporter {
	onTestResult(test, result, results) {
		if (result.numFailingTests === 0 && !result.testExecError) result.console = undefined;
		super.onTestResult(test, result, results);
	}

	onRunComplete(...results) {
		super.onRunComplete(...results);
		setTimeout(() => {
			process.stderr.write(
				'A test left something open, so this run did not end by itself (jest --detectOpenHandles).\n',
			);
			process.exit(1);
		}, ENDING).unref();
	}
};
