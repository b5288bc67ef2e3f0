import { createRequire } from 'node:module';
import { defineConfig, globalIgnores } from 'eslint/config';

const { configWithoutCloudSupport } = createRequire(import.meta.url)('@n8n/node-cli/eslint');

/** Imports run one way: credentials, nodes → filex → catalogue; sandbox → catalogue; test, bench, scripts → all. */
function mayNotImport(files, ...rooms) {
	return {
		files: [files],
		rules: {
			'no-restricted-imports': [
				'error',
				{
					patterns: rooms.map((room) => ({
						regex: room,
						message: `${files} must not import this (see docs/design.md).`,
					})),
				},
			],
		},
	};
}

const ROOM = (...names) => `^(\\.\\./)+(${names.join('|')})(/|$)`;
const N8N = '^n8n-(workflow|core)';

export default defineConfig(
	globalIgnores(['dist', '.build', 'node_modules']),
	configWithoutCloudSupport,
	{
		// Types that two files share have a file of their own. n8n's configuration brings the plugin.
		files: ['**/*.ts'],
		settings: { 'import-x/extensions': ['.ts'], 'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] } },
		// Of ssh2, which is CommonJS, Node itself sees the default export only.
		rules: { 'import-x/no-cycle': 'error', 'import-x/no-named-as-default-member': 'off' },
	},
	mayNotImport('filex/**', N8N, ROOM('nodes', 'credentials', 'sandbox', 'test', 'bench', 'scripts')),
	mayNotImport('sandbox/**', N8N, ROOM('filex', 'nodes', 'credentials', 'test', 'bench', 'scripts')),
	mayNotImport('nodes/**', ROOM('credentials', 'sandbox', 'test', 'bench', 'scripts', 'catalogue')),
	mayNotImport('credentials/**', ROOM('sandbox', 'test', 'bench', 'scripts', 'catalogue')),
	{
		// Self-hosted pack: its SFTP and HTTP clients are run-time dependencies (see README, Limits).
		files: ['package.json'],
		rules: { '@n8n/community-nodes/no-runtime-dependencies': 'off' },
	},
	{
		// These rooms know no n8n, so they cannot throw its error classes.
		files: ['filex/**', 'sandbox/**', 'scripts/**', 'bench/**', 'test/**'],
		rules: { '@n8n/community-nodes/require-node-api-error': 'off' },
	},
);
