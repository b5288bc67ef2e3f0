/** SFTP status codes, version 3 (draft-ietf-secsh-filexfer-02, section 7). */
export const STATUS = {
	EOF: 1,
	NO_SUCH_FILE: 2,
	PERMISSION_DENIED: 3,
	FAILURE: 4,
	NO_CONNECTION: 6,
	CONNECTION_LOST: 7,
	OP_UNSUPPORTED: 8,
} as const;

/** The status code that ssh2 puts into an error; undefined where it is another kind of error. */
export function statusCode(error: unknown): number | undefined {
	const code = (error as { code?: unknown } | null)?.code;
	return typeof code === 'number' ? code : undefined;
}
