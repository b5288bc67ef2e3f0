import type { Parameters } from './parameters';

/** What the fields 'Return All' and 'Limit' leave of the results. */
export function limited<T>(parameters: Parameters, all: T[]): T[] {
	return parameters.flag('returnAll') ? all : all.slice(0, parameters.number('limit', 'number of results'));
}
