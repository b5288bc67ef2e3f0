import { lookup } from 'mime-types';

/**
 * The MIME type of a file by its name. Where the name does not tell, n8n would guess by the content, and call what it does
 * not know a text: a next step would then change its bytes.
 */
export function mimeTypeOf(name: string): string {
	// Of a name without a dot, the library takes the whole for an extension: `csv`.
	return (name.includes('.') && lookup(name)) || 'application/octet-stream';
}
