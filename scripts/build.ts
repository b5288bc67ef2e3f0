import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { must, ROOT } from './run';

/** Compiles the pack into dist/, with its icons and codex files. */
export async function build(): Promise<void> {
	await rm(join(ROOT, 'dist'), { recursive: true, force: true });
	await must('tsc', ['-p', 'tsconfig.json']);
	await must('gulp', ['--silent']);
}

if (require.main === module) void build();
