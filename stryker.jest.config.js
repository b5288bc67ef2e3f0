const { projects } = require('./jest.config.js');

/** The unit tests of what is mutated, in an environment that tells Stryker which test covers what. */
const { displayName, ...unit } = projects.find(({ displayName }) => displayName === 'unit');

module.exports = {
	...unit,
	testEnvironment: '@stryker-mutator/jest-runner/jest-env/node',
	testMatch: ['<rootDir>/test/unit/{account,fip,http,readers,rest,s3,submissions,watch}/**/*.test.ts'],
};
