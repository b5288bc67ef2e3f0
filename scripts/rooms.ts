import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawRooms } from './rooms/draw';
import { roomEdges } from './rooms/graph';
import { readImports } from './rooms/imports';
import { ROOT } from './run';

// `npm run rooms`: draws which rooms import which. A unit test compares the picture with the imports.
writeFileSync(
	join(ROOT, 'docs', 'images', 'rooms.svg'),
	drawRooms(roomEdges(readImports(['credentials', 'nodes', 'filex']))),
);
