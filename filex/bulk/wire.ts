import { FileXError, type FileXErrorDetails, type FileXErrorKind } from '../errors';

/** An error as it goes from one thread to another. */
export type PackedError =
	| { kind: FileXErrorKind; message: string; details: FileXErrorDetails }
	| { kind?: undefined; message: string; code?: string };

/** A copy of an error that can be sent. */
export function packError(error: unknown): PackedError {
	if (error instanceof FileXError) {
		const { kind, message } = error;
		return { kind, message, details: { ...error } };
	}
	const { message = String(error), code } = error as NodeJS.ErrnoException;
	return { message, ...(typeof code === 'string' && { code }) };
}

export function unpackError(packed: PackedError): Error {
	if (packed.kind !== undefined) return new FileXError(packed.kind, packed.message, packed.details);
	return Object.assign(new Error(packed.message), packed.code !== undefined && { code: packed.code });
}
