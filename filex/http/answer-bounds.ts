/** What an answer that is read as text may take, so that no peer can hold a call, or fill the memory, without an end. */
export interface AnswerBounds {
	/** Bytes of its body, after any decompression. */
	bytes: number;
	/** How long nothing may come, in ms. */
	idle: number;
	/** How long it may take from the call to its last byte, in ms. */
	overall: number;
}

/** The longest answer with a list in it that is read, in characters. */
export const LONGEST_LIST = 64 * 2 ** 20;

/** The longest answer of any other kind that is read, in characters. */
export const LONGEST_ANSWER = 2 ** 20;

const MINUTE = 60_000;

/** A character of fileX's takes a byte, or a few where a name is not in ASCII: which texts are too long is for their readers to say. */
const SPARE = 2;

/** A login, a health, a pre-signed URL, an S3 token, an answer to an upload. */
export const SMALL_ANSWER: AnswerBounds = { bytes: SPARE * LONGEST_ANSWER, idle: MINUTE, overall: MINUTE };

/** A page of a listing or of tracking, which may be long and the line slow. */
export const LIST_ANSWER: AnswerBounds = { bytes: SPARE * LONGEST_LIST, idle: MINUTE, overall: 5 * MINUTE };

/** Entries that a listing may have, over all its pages. */
export const MOST_ENTRIES = 1_000_000;

/** Pages that one listing may have: S3 gives 1,000 entries a page. */
export const MOST_PAGES = 2_000;

/** How long a listing may take, over all its pages, in ms: each answer has a limit of its own. */
export const LONGEST_LISTING = 15 * 60_000;
