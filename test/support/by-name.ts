import type { INodeParameterResourceLocator } from 'n8n-workflow';

/** What a resource locator holds where the user entered a name. */
export function byName(value: unknown): INodeParameterResourceLocator {
	return { __rl: true, mode: 'name', value: value as string };
}
