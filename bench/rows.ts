import type { Row } from './contender';

/** Rows by their sections, in order. */
export function sectionsOf(rows: Row[]): Array<[string, Row[]]> {
	const sections = new Map<string, Row[]>();
	for (const row of rows) sections.set(row.section, [...(sections.get(row.section) ?? []), row]);
	return [...sections];
}
