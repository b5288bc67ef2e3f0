/** Something is not there. */
export const CHECK_SPELLING =
	'Check the spelling; letter case matters. Files leave a download sub-space after 30 days, and an upload sub-space at once.';

/** The account may not see or use something. */
export const ASK_FOR_ENTITLEMENT =
	"Ask your firm's Account Administrator (SAA) or FINRA (800-321-6273) for the entitlement to this application, or choose another one.";

/** A download comes without its size. */
export const NO_SIZE =
	'Without a size, a download cannot be checked for completeness. Check whether a proxy rewrites downloads. Running it again is safe.';
