import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { SandboxContext } from '../context';
import { inTransaction } from '../state/database';
import type { Submission } from '../submissions/submissions';
import { easternStamp } from '../submissions/eastern';
import { allSubSpaces, archiveOf, roleOf, SAMPLE_APPLICATIONS } from './places';
import { pdf, zip } from './sample-files';

const DAY = 24 * 3600 * 1000;

/** The database's `user_version` once the world was filled. */
const SEEDED = 1;

/** Creates the spaces of section 9 of the guide for every organization that an account may see. */
export function createSpaces({ store, accounts }: SandboxContext): void {
	const orgs = new Set(accounts.all().flatMap(({ orgId, onBehalfOf }) => [orgId, ...onBehalfOf]));
	for (const org of orgs) for (const space of allSubSpaces()) store.createSpace([org, ...space]);
}

/**
 * Fills a new world with files to download and submissions of the past; once, so that what is taken
 * away stays away, and in one transaction, so that a kill leaves no half of it.
 */
export async function seed(context: SandboxContext): Promise<void> {
	const { store, contents, accounts, database, submissions, clock } = context;
	const org = accounts.all()[0]?.orgId;
	if (org === undefined || database.prepare('PRAGMA user_version').get()?.user_version === SEEDED) return;
	const now = clock.now().getTime();
	const past = pastSubmissions(org, now);
	const files = [
		...downloads(org, now),
		...past.map((submission) => ({
			path: archivePath(submission),
			content: contentOf(submission.name),
			time: submission.submittedAt,
		})),
	];
	const received = await Promise.all(
		files.map(async (file) => ({ ...file, content: await contents.receive(Readable.from([file.content])) })),
	);
	inTransaction(database, () => {
		for (const { path, content, time } of received) store.record(path, content, { lastModified: time, storedAt: time });
		for (const submission of past) submissions.plant(submission);
		database.exec(`PRAGMA user_version = ${SEEDED}`);
	});
}

interface PlacedFile {
	path: string[];
	content: Buffer;
	time: Date;
}

function downloads(org: string, now: number): PlacedFile[] {
	return allSubSpaces()
		.filter(([application, subSpace]) => roleOf(application, subSpace) === 'out')
		.flatMap(([application, subSpace]) =>
			filesFor(application, subSpace).map(({ name, content, age }) => ({
				path: [org, application, subSpace, name],
				content,
				time: new Date(now - age),
			})),
		);
}

interface SeedFile {
	name: string;
	content: Buffer;
	/** Milliseconds before now. */
	age: number;
}

function filesFor(application: string, subSpace: string): SeedFile[] {
	if (SAMPLE_APPLICATIONS.includes(application)) {
		return [
			{ name: 'file1.zip', content: zip('file1.txt', Buffer.from('The first sample file.\n')), age: 2 * DAY },
			{ name: 'file2.pdf', content: pdf(['The second sample file']), age: 9 * DAY },
		];
	}
	const title = `${application} ${subSpace}`;
	return [
		{ name: `${application}_${subSpace}_daily.csv`, content: csv(application), age: DAY / 2 },
		{ name: `${application}_${subSpace}_summary.pdf`, content: pdf([title, 'Summary']), age: 3 * DAY },
		{
			name: `${application}_${subSpace}_detail.zip`,
			content: zip(`${application}.csv`, csv(application)),
			age: 12 * DAY,
		},
	];
}

/** Past submissions, one of each outcome: the sample account's (two bear ids of the guide's samples) and the first account's. */
function pastSubmissions(org: string, now: number): Submission[] {
	const past = (
		username: string,
		space: string[],
		trackingId: string,
		days: number,
		name: string,
		downstream: Submission['downstream'],
	): Submission => {
		const submittedAt = new Date(now - days * DAY);
		return {
			trackingId,
			submittedAt,
			username,
			space: [org, ...space],
			name,
			status: 'Received by FINRA',
			downstream,
			statusAt: new Date(submittedAt.getTime() + DAY / 48),
			size: contentOf(name).length,
			archiveName: `${easternStamp(submittedAt)}_${name}`,
		};
	};
	const sample = past.bind(undefined, '1234ftp12', ['app1', 'in']);
	const first = past.bind(undefined, 'demo', ['crd', 'incoming_filings']);
	return [
		first(randomUUID(), 20, 'u4-batch-017.zip', 'ACCEPTED'),
		first(randomUUID(), 13, 'u4-batch-018.zip', 'PARTIALLY_REJECTED'),
		sample('8a1f3c52-0d7e-4c55-9f3b-6d2a1b7c9e01', 8, 'file3.txt', 'REJECTED'),
		sample('50e1b1c5-6150-4423-9da6-3c51ea34fc30', 6, 'file2.txt', 'ACCEPTED'),
		first(randomUUID(), 5, 'u5-batch-004.zip', 'REJECTED'),
		sample('343dab32-516b-4e04-b60e-2526fa72e879', 4, 'file1.txt', 'RECEIVED'),
		first(randomUUID(), 1, 'u4-batch-019.zip', 'RECEIVED'),
	];
}

function contentOf(name: string): Buffer {
	return name.endsWith('.zip')
		? zip(name.replace('.zip', '.csv'), csv('crd'))
		: Buffer.from(`The content of ${name}\n`);
}

function archivePath({ space, archiveName }: Submission): string[] {
	return [space[0]!, space[1]!, archiveOf(space[2]!), archiveName!];
}

function csv(application: string): Buffer {
	const rows = Array.from(
		{ length: 20 },
		(_, index) => `${index + 1},${application.toUpperCase()}-${1000 + index},${(index * 37.5).toFixed(2)}`,
	);
	return Buffer.from(['line,reference,amount', ...rows, ''].join('\n'));
}
