import { byName } from './by-name';

/** fileX Upload of the binary field `data` into a sub-space that takes filings. @param parameters further ones */
export function filing(parameters: object = {}) {
	return {
		type: 'fileXUpload',
		parameters: {
			application: byName('focus'),
			subSpace: byName('in'),
			binaryPropertyName: 'data',
			...parameters,
		} as never,
	};
}
