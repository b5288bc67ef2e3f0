import { FINGERPRINT_LENGTH } from './fingerprint';

/** Fingerprints by what is known of them: one word for many, so that each costs 12 characters. */
export type Packed = Record<string, string>;

export function pack(words: Iterable<[fingerprint: string, word: string | number]>): Packed {
	const groups = new Map<string | number, string[]>();
	for (const [fingerprint, word] of words) {
		const group = groups.get(word);
		if (group) group.push(fingerprint);
		else groups.set(word, [fingerprint]);
	}
	return Object.fromEntries([...groups].map(([word, fingerprints]) => [word, fingerprints.join('')]));
}

/** The word of each fingerprint. */
export function unpack(packed: Packed = {}): Map<string, string> {
	const words = new Map<string, string>();
	for (const [word, fingerprints] of Object.entries(packed)) {
		for (const fingerprint of split(fingerprints)) words.set(fingerprint, word);
	}
	return words;
}

/** Fingerprints that stand one after the other. */
export function split(fingerprints: string): string[] {
	const parts: string[] = [];
	for (let at = 0; at < fingerprints.length; at += FINGERPRINT_LENGTH) {
		parts.push(fingerprints.slice(at, at + FINGERPRINT_LENGTH));
	}
	return parts;
}
