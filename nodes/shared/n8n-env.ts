import { readFileSync } from 'node:fs';

/**
 * A setting of n8n's as n8n reads it: from the environment, or from the file that `…_FILE` names; without quotes around it.
 * Undefined where it is not set: https://docs.n8n.io/hosting/configuration/configuration-methods/
 */
export function n8nText(name: string, env: NodeJS.ProcessEnv): string | undefined {
	return withoutQuotes(given(name, env)) || undefined;
}

/** As {@link n8nText}, of a number. What is none, such as `600s`, n8n warns of, and takes its default. @param fallback n8n's default */
export function n8nNumber(name: string, fallback: number, env: NodeJS.ProcessEnv): number {
	const text = given(name, env);
	const number = Number(text);
	return withoutQuotes(text) === '' || Number.isNaN(number) ? fallback : number;
}

function given(name: string, env: NodeJS.ProcessEnv): string {
	return env[name] ?? inFile(env[`${name}_FILE`]) ?? '';
}

function withoutQuotes(text: string): string {
	return text.trim().replace(/^(['"])(.*)\1$/, '$2');
}

function inFile(path: string | undefined): string | undefined {
	try {
		return path ? readFileSync(path, 'utf8').trim() : undefined;
	} catch {
		// n8n itself does not start with such a file.
		return undefined;
	}
}
