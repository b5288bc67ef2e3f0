/**
 * `npm run test:mutation`: changes the guard, the triggers and the proofs of answers in small ways, one at a time, and
 * counts which changes the unit tests notice. Texts are left alone.
 *
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
	mutate: [
		'filex/submissions/*.ts',
		'!filex/submissions/{submission-errors,not-reached}.ts',
		'filex/watch/*.ts',
		'filex/http/{foreign,storage-proof}.ts',
		'filex/fip/answer.ts',
	],
	mutator: { excludedMutations: ['StringLiteral'] },
	testRunner: 'jest',
	jest: { configFile: 'stryker.jest.config.js', enableFindRelatedTests: true },
	coverageAnalysis: 'perTest',
	// Constants: each would run all tests, four fifths of the time for a twentieth of the changes.
	ignoreStatic: true,
	ignorePatterns: ['dist', '.build', 'docs', 'examples', 'bench', 'icons', 'test/{editor,once,peers,load,big}'],
	tempDirName: '.build/stryker',
	reporters: ['progress-append-only', 'clear-text', 'html', 'json'],
	clearTextReporter: { logTests: false, reportTests: false, allowColor: false },
	htmlReporter: { fileName: '.build/mutation/report.html' },
	jsonReporter: { fileName: '.build/mutation/report.json' },
	concurrency: 2,
	timeoutMS: 10_000,
};
