import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mapLimit } from '../filex';
import type { Sshd } from '../test/support/sshd';
import type { Goal, PollTask, Section } from './contender';
import { sftpBatch } from './programs';

const SIZES = [1000, 10_000, 100_000];

/** Polls of the SFTP Trigger that find nothing new, beside listings of the same sub-space. @param credential fields for this server */
export function polls(
	sshd: Sshd,
	credential: object,
	folder: string,
	{ sizes = SIZES, goals }: { sizes?: number[]; goals?: Goal[] } = {},
): Section[] {
	return sizes.map((count) => {
		const subSpace = `polled-${count}`;
		const poll = (what: PollTask['what']): { poll: PollTask } => ({
			poll: { credential, application: 'crd', subSpace, what },
		});
		return {
			title: `Poll over ${count.toLocaleString('en')} files over SFTP`,
			goals,
			prepare: async () => await fill(join(sshd.root, '0001/crd', subSpace), count),
			contenders: [
				{ name: 'fileX SFTP Trigger', work: poll('trigger') },
				{ name: 'our listing alone, kept whole', work: poll('listing') },
				{
					name: 'OpenSSH sftp, ls -ln',
					work: { shell: sftpBatch(sshd.port, `ls -ln /0001/crd/${subSpace}`, 'root', undefined, join(folder, 'key')) },
				},
			],
		};
	});
}

async function fill(folder: string, count: number): Promise<void> {
	await mkdir(folder, { recursive: true });
	const numbers = Array.from({ length: count }, (_, index) => index);
	await mapLimit(
		numbers,
		50,
		async (number) => await writeFile(join(folder, `0001-report-${String(number).padStart(6, '0')}.zip`), ''),
	);
}
