/** The longest URL that is looked at, in characters: S3's are some 2,000. */
const LONGEST_URL = 16_384;

/** Parameters that hold a signature: of S3 (versions 2 and 4), Google, Azure, CloudFront and S3's like. */
const SIGNATURE = /^(?:x-[a-z]{2,10}-signature|signature|sig|hmac|q-signature)$/i;

/** Parameters of a login: SAML signs its requests, too. */
const LOGIN = /^(?:samlrequest|samlresponse|relaystate|redirect_uri|response_type|client_id|wctx|wa)$/i;

/** Whether a URL is signed, as one is that S3 takes without a login. */
export function isSigned(url: string): boolean {
	return hasParameter(url, SIGNATURE) && !isLogin(url);
}

/** Whether a URL leads to a login. */
export function isLogin(url: string): boolean {
	return hasParameter(url, LOGIN);
}

function hasParameter(url: string, name: RegExp): boolean {
	if (!/^https?:/i.test(url) || !URL.canParse(url)) return false;
	return [...new URL(url).searchParams].some(([key, value]) => name.test(key) && value !== '');
}

/** The signed URLs in a text, with the name of the XML element or of the field that stands right before each. */
export function signedUrlsIn(text: string): Array<{ url: string; key: string }> {
	const found: Array<{ url: string; key: string }> = [];
	const plain = unescaped(text);
	for (const match of plain.matchAll(/https?:\/\/[^\s"'<>\\`]+/gi)) {
		const isWhole = match[0].length === plain.trim().length;
		const url = isWhole ? match[0] : match[0].replace(/[.,;)\]}]{1,4}$/, '');
		if (url.length > LONGEST_URL || !isSigned(url)) continue;
		const before = plain.slice(Math.max(0, match.index - 100), match.index);
		found.push({
			url,
			key:
				/<(?:\w{1,20}:)?([\w.-]{1,60})[^<>]{0,40}>\s{0,20}$|([\w.-]{1,60})"?\s{0,5}[=:]\s{0,5}["']?$/
					.exec(before)
					?.slice(1)
					.find((name) => name !== undefined) ?? '',
		});
	}
	return found;
}

/** A text without the escapes of HTML, XML and JSON that may stand in a URL. */
function unescaped(text: string): string {
	return text
		.replace(/<!\[CDATA\[|\]\]>/g, ' ')
		.replace(/\\\//g, '/')
		.replace(/\\u00(26|3d|2f|3a|3f)/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
		.replace(/&(?:amp|#38|#x26);/gi, '&')
		.replace(/&(?:quot|lt|gt|apos|#34|#39|#x22|#x27);/gi, ' ')
		.replace(/&(?:#x3d|#61|equals);/gi, '=')
		.replace(/&(?:#x2f|#47);/gi, '/')
		.replace(/&(?:#x3a|#58);/gi, ':');
}
