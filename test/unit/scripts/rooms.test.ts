import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawRooms } from '../../../scripts/rooms/draw';
import { layersOf, roomEdges, roomOf, withoutDetours } from '../../../scripts/rooms/graph';
import { circleIn, readImports } from '../../../scripts/rooms/imports';

const OURS = ['credentials', 'nodes', 'filex', 'sandbox', 'test', 'bench', 'scripts'];

describe('the files of this project', () => {
	it('import each other in no circle, types included', () => {
		const imports = readImports(OURS);
		expect(imports.size).toBeGreaterThan(500);
		expect(circleIn(imports)).toBeUndefined();
	});

	it('are drawn by room as they are (npm run rooms)', () => {
		const picture = drawRooms(roomEdges(readImports(['credentials', 'nodes', 'filex'])));
		expect(picture).toBe(readFileSync(join(__dirname, '../../../docs/images/rooms.svg'), 'utf8'));
	});
});

describe('a circle of files', () => {
	it('is found with the way round it', () => {
		const imports = new Map([
			['a', ['b']],
			['b', ['c', 'd']],
			['c', []],
			['d', ['b']],
		]);
		expect(circleIn(imports)).toEqual(['b', 'd', 'b']);
	});
});

describe('rooms', () => {
	it('are folders of filex, and the nodes as a whole', () => {
		expect(roomOf('nodes/FileXUpload/source/disk.ts')).toBe('nodes');
		expect(roomOf('filex/rest/page.ts')).toBe('filex/rest');
	});

	it('are drawn without what goes by way of another one', () => {
		const edge = (from: string, to: string) => ({ from, to, count: 1 });
		const [ab, bc, ac] = [edge('a', 'b'), edge('b', 'c'), edge('a', 'c')];
		expect(withoutDetours([ab, bc, ac])).toEqual([ab, bc]);
	});

	it('stand above what they use, and must not use each other', () => {
		const edge = (from: string, to: string) => ({ from, to, count: 1 });
		expect(layersOf([edge('a', 'b'), edge('b', 'c'), edge('a', 'c')])).toEqual(
			new Map([
				['a', 2],
				['b', 1],
				['c', 0],
			]),
		);
		expect(() => layersOf([edge('a', 'b'), edge('b', 'a')])).toThrow('a → b → a');
	});
});
