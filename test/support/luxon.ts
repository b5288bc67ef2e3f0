import { createRequire } from 'node:module';

/** The one that n8n gives to expressions. */
export const { DateTime } = createRequire(require.resolve('n8n-workflow'))('luxon') as typeof import('luxon');
