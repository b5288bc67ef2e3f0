import type { DatabaseSync } from 'node:sqlite';

/** Where an answer that holds a pre-signed URL puts it: the guide's page about it is missing. */
export const URL_SHAPES = [
	'url',
	'preSignedUrl',
	'presignedUrl',
	'signedUrl',
	'href',
	'location',
	'hal',
	'text',
	'json-string',
	'created',
	'redirect',
] as const;

/** Where such an answer puts the tracking id. `link` is a link to `/tracking?id=`. */
export const TRACKING_SHAPES = ['trackingId', 'trackingID', 'id', 'header', 'link'] as const;

/**
 * How a listing looks. `guide`: as sections 5.4.1 to 5.4.3 show it; `wrapped`: an object round it; `list`: its entries
 * alone; `lower-case`: other letter case in keys and types; `epoch`: times as milliseconds; `no-metadata`: names and
 * types only; `foreign`: JSON that is no listing.
 */
export const LISTING_SHAPES = ['guide', 'wrapped', 'list', 'lower-case', 'epoch', 'no-metadata', 'foreign'] as const;

/**
 * How tracking looks. `guide`: a list of submissions, as section 5.4.6 shows it; `wrapped`: an object round it;
 * `snake-case`: other keys; `no-ids`: submissions without tracking ids; `foreign`: JSON that is no list of them.
 */
export const TRACKING_LIST_SHAPES = ['guide', 'wrapped', 'snake-case', 'no-ids', 'foreign'] as const;

/** How FIP's answer looks that has a token in it; `no-token` has none. */
export const TOKEN_SHAPES = ['guide', 'camel-case', 'nested', 'no-expiry', 'no-token'] as const;

/** What FINRA's application says of a submission in the end (guide, section 5.4.6). */
export const DECISIONS = ['ACCEPTED', 'REJECTED', 'PARTIALLY_REJECTED'] as const;

/** What can be changed while the sandbox runs; kept over a restart. */
export interface SettingValues {
	/** Seconds that the sandbox's clock is ahead of this machine's. */
	clockOffsetSeconds: number;
	/** Seconds that an upload stays in its sub-space before fileX picks it up. */
	processingSeconds: number;
	/** Seconds from reception to the downstream decision; null: only the control endpoint decides. */
	decideAfterSeconds: number | null;
	/** The decision that is made then; `by-name` looks for "reject" and "partial" in the file's name. */
	decision: (typeof DECISIONS)[number] | 'by-name';
	/** Lifetime of a pre-signed URL, in seconds; the guide's is 60. */
	urlSeconds: number;
	/** Lifetime of an S3 token, in seconds; the guide's is 3,600. */
	s3TokenSeconds: number;
	/** Lifetime of a FIP token, in seconds; the guide's is 43,200. */
	fipTokenSeconds: number;
	/** Refused logins in a row, FIP and SFTP together, that lock an account; 0: never. */
	lockAfter: number;
	/** SFTP connections that one account may have at a time. */
	maxConnections: number;
	urlShape: (typeof URL_SHAPES)[number];
	trackingShape: (typeof TRACKING_SHAPES)[number];
	listingShape: (typeof LISTING_SHAPES)[number];
	trackingListShape: (typeof TRACKING_LIST_SHAPES)[number];
	tokenShape: (typeof TOKEN_SHAPES)[number];
}

const DEFAULTS: SettingValues = {
	clockOffsetSeconds: 0,
	processingSeconds: 0,
	decideAfterSeconds: null,
	decision: 'by-name',
	urlSeconds: 60,
	s3TokenSeconds: 3600,
	fipTokenSeconds: 12 * 3600,
	lockAfter: 5,
	maxConnections: 10,
	urlShape: 'url',
	trackingShape: 'trackingId',
	listingShape: 'guide',
	trackingListShape: 'guide',
	tokenShape: 'guide',
};

type Rule = { choices: readonly string[] } | { from: number; to: number; whole: boolean; orNull?: boolean };

/** Ten years: far enough for every rehearsal, and all times stay dates. */
const FAR = 10 * 365 * 86_400;

const seconds = (from: number, more: object = {}): Rule => ({ from, to: FAR, whole: false, ...more });
const count = (from: number): Rule => ({ from, to: 1_000_000, whole: true });

const RULES: Record<keyof SettingValues, Rule> = {
	clockOffsetSeconds: seconds(-FAR),
	processingSeconds: seconds(0),
	decideAfterSeconds: seconds(0, { orNull: true }),
	decision: { choices: [...DECISIONS, 'by-name'] },
	urlSeconds: seconds(0),
	s3TokenSeconds: seconds(0),
	fipTokenSeconds: seconds(0),
	lockAfter: count(0),
	maxConnections: count(0),
	urlShape: { choices: URL_SHAPES },
	trackingShape: { choices: TRACKING_SHAPES },
	listingShape: { choices: LISTING_SHAPES },
	trackingListShape: { choices: TRACKING_LIST_SHAPES },
	tokenShape: { choices: TOKEN_SHAPES },
};

/** The settings, in the database. */
export class Settings {
	private values: SettingValues;

	constructor(private readonly database: DatabaseSync) {
		const rows = database.prepare('SELECT name, value FROM settings').all() as Array<{ name: string; value: string }>;
		const stored = Object.fromEntries(rows.map(({ name, value }) => [name, JSON.parse(value)]));
		this.values = { ...DEFAULTS, ...stored };
	}

	get(): Readonly<SettingValues> {
		return this.values;
	}

	/** @throws InvalidSetting where a name or a value is not one of the settings' */
	change(changes: Record<string, unknown>): void {
		for (const [name, value] of Object.entries(changes)) check(name, value);
		const put = this.database.prepare('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)');
		for (const [name, value] of Object.entries(changes)) put.run(name, JSON.stringify(value));
		this.values = { ...this.values, ...changes };
	}
}

export class InvalidSetting extends Error {}

function check(name: string, value: unknown): void {
	if (!Object.hasOwn(DEFAULTS, name)) {
		throw new InvalidSetting(`There is no setting '${name}'. There are: ${Object.keys(DEFAULTS).join(', ')}.`);
	}
	const rule = RULES[name as keyof SettingValues];
	if ('choices' in rule) {
		if (!rule.choices.includes(value as string))
			throw new InvalidSetting(`'${name}' takes one of: ${rule.choices.join(', ')}.`);
		return;
	}
	const { from, to, whole, orNull = false } = rule;
	if (orNull && value === null) return;
	if (typeof value === 'number' && value >= from && value <= to && (!whole || Number.isInteger(value))) return;
	throw new InvalidSetting(
		`'${name}' takes a ${whole ? 'whole ' : ''}number from ${from} to ${to}${orNull ? ', or null' : ''}.`,
	);
}
