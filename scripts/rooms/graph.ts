import { dirname } from 'node:path';
import type { Imports } from './imports';

/** How often the files of one room import those of another. */
export interface Edge {
	from: string;
	to: string;
	count: number;
}

/** The folders that stand in the picture as one: what is below them is theirs. */
const WHOLE = ['credentials', 'nodes', 'catalogue'];

/** A file's room: its folder in `filex/`, or one of the folders that stand as one. */
export function roomOf(file: string): string {
	return WHOLE.find((room) => file.startsWith(`${room}/`)) ?? dirname(file);
}

/**
 * Which room uses which. The files at the top of `filex/` are its public face, which the nodes use, and the seam
 * (`errors`, `hints`, `space`), which every room in `filex/` uses: that says nothing, so it is left out.
 */
export function roomEdges(imports: Imports): Edge[] {
	const counts = new Map<string, number>();
	for (const [file, targets] of imports)
		for (const target of targets) {
			const [from, to] = [roomOf(file), roomOf(target)];
			if (from === to || (to === 'filex' && from.startsWith('filex/'))) continue;
			counts.set(`${from} ${to}`, (counts.get(`${from} ${to}`) ?? 0) + 1);
		}
	return [...counts]
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([key, count]) => {
			const [from = '', to = ''] = key.split(' ');
			return { from, to, count };
		});
}

/** Without those that go by way of another room, too. */
export function withoutDetours(edges: Edge[]): Edge[] {
	const leadsTo = (from: string, to: string): boolean =>
		edges.some((edge) => edge.from === from && (edge.to === to || leadsTo(edge.to, to)));
	return edges.filter(
		({ from, to }) => !edges.some((edge) => edge.from === from && edge.to !== to && leadsTo(edge.to, to)),
	);
}

/** The layer of each room: 0 for one that uses none, else one above the highest that it uses. @throws where rooms go in a circle */
export function layersOf(edges: Edge[]): Map<string, number> {
	const layers = new Map<string, number>();
	const layer = (room: string, way: string[]): number => {
		if (way.includes(room)) throw new Error(`Rooms import each other: ${[...way, room].join(' → ')}`);
		const known = layers.get(room);
		if (known !== undefined) return known;
		const below = edges.filter(({ from }) => from === room).map(({ to }) => layer(to, [...way, room]));
		layers.set(room, below.length === 0 ? 0 : Math.max(...below) + 1);
		return layers.get(room)!;
	};
	for (const { from, to } of edges) for (const room of [from, to]) layer(room, []);
	return layers;
}
