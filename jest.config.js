const ROOMS = [
	'unit',
	'model',
	'contract',
	'interop',
	'n8n',
	'editor',
	'load',
	'peers',
	'once',
	'big',
	'scale',
	'install',
	'versions',
];

module.exports = {
	reporters: ['<rootDir>/test/support/quiet-reporter.js', 'summary'],
	projects: ROOMS.map((room) => ({
		displayName: room,
		testMatch: [`<rootDir>/test/${room}/**/*.test.ts`],
		testEnvironment: 'node',
		transform: {
			'^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: true } } }],
		},
		setupFilesAfterEnv: ['<rootDir>/test/support/setup.ts'],
		modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.build'],
	})),
};
