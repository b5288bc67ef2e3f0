import type { Edge } from './graph';
import { layersOf, withoutDetours } from './graph';

const BOX = { width: 150, height: 40, gapX: 40, gapY: 70, margin: 24 };

interface Point {
	x: number;
	y: number;
}

/**
 * The rooms as an SVG picture: what uses others stands above them, and a thick line stands for many imports. What a
 * room uses by way of another one, too, is not drawn.
 */
export function drawRooms(edges: Edge[]): string {
	const layers = layersOf(edges);
	const highest = Math.max(...layers.values());
	const rows = Array.from({ length: highest + 1 }, (_, index) =>
		[...layers].filter(([, layer]) => layer === highest - index).map(([room]) => room),
	);
	const widest = Math.max(...rows.map(({ length }) => length));
	const width = 2 * BOX.margin + widest * BOX.width + (widest - 1) * BOX.gapX;
	const height = 2 * BOX.margin + rows.length * BOX.height + (rows.length - 1) * BOX.gapY;
	const places = new Map<string, Point>();
	for (const [row, rooms] of rows.entries()) {
		const used = rooms.length * BOX.width + (rooms.length - 1) * BOX.gapX;
		for (const [column, room] of rooms.entries())
			places.set(room, {
				x: (width - used) / 2 + column * (BOX.width + BOX.gapX),
				y: BOX.margin + row * (BOX.height + BOX.gapY),
			});
	}
	const lines = withoutDetours(edges).map(({ from, to, count }) => line(places.get(from)!, places.get(to)!, count));
	const boxes = [...places].map(([room, place]) => box(room, place));
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="14">`,
		'<defs><marker id="end" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z" fill="#8a94a6"/></marker></defs>',
		`<rect width="${width}" height="${height}" fill="#fff"/>`,
		...lines,
		...boxes,
		'</svg>',
		'',
	].join('\n');
}

function line(from: Point, to: Point, count: number): string {
	const [x1, y1] = [from.x + BOX.width / 2, from.y + BOX.height];
	const [x2, y2] = [to.x + BOX.width / 2, to.y];
	const bend = (y1 + y2) / 2;
	const weight = Math.min(4, 1 + Math.log2(count) / 2).toFixed(1);
	return `<path d="M${x1} ${y1}C${x1} ${bend} ${x2} ${bend} ${x2} ${y2}" fill="none" stroke="#8a94a6" stroke-width="${weight}" marker-end="url(#end)"/>`;
}

function box(room: string, { x, y }: Point): string {
	const fill = room.startsWith('filex') ? '#e8f0fe' : '#fdf0e1';
	return [
		`<rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6" fill="${fill}" stroke="#51607a"/>`,
		`<text x="${x + BOX.width / 2}" y="${y + BOX.height / 2 + 5}" text-anchor="middle" fill="#1c2433">${room}</text>`,
	].join('\n');
}
