import type { INode } from 'n8n-workflow';
import { FileXError, type FileXErrorKind } from '../../../filex';
import { refuseDuplicate } from '../../../nodes/FileXUpload/refuse-duplicate';
import { toNodeError } from '../../../nodes/shared/errors';
import { leadingZerosHint } from '../../../nodes/shared/leading-zeros';

const NODE = { id: '1', name: 'Node', type: 'fileXList', typeVersion: 1, position: [0, 0], parameters: {} } as INode;

const failureOf = (kind: FileXErrorKind, isForeign?: boolean) =>
	(
		toNodeError(NODE, new FileXError(kind, 'It failed', { hint: 'Do this.', retrySafe: true, isForeign })) as {
			failure?: { cause: string };
		}
	).failure?.cause;

describe('an error as n8n gets it', () => {
	it('says that an answer in place of fileX is temporary, whatever it looked like', () => {
		expect(
			(['unexpected-answer', 'not-found', 'entitlement', 'credentials'] as const).map((kind) => failureOf(kind, true)),
		).toEqual(Array<string>(4).fill('temporarily-unavailable'));
		expect(failureOf('not-found')).toBe('configuration-invalid');
		expect(failureOf('unexpected-answer')).toBeUndefined();
	});
});

describe('lost leading zeros', () => {
	it.each<[FileXErrorKind, string, string | undefined]>([
		['entitlement', "This account is not entitled to '1/crd/reports' (HTTP 401)", '1'],
		['entitlement', "This account is not entitled to '1' (SFTP: permission denied)", '1'],
		['not-found', "There is no '19/crd' at fileX (HTTP 404)", '19'],
		['not-found', "There is no application 'crd' in organization '1' for this account", '1'],
		['not-found', "There is no sub-space 'x' in application 'crd' of '1' for this account", '1'],
		['not-found', "Nothing can be uploaded into '1/crd/reports'", '1'],
		['not-found', "There is no file '123' in '0001/crd/reports'", undefined],
		['entitlement', "This account is not entitled to '0001/crd'", undefined],
		['unavailable', "fileX could not answer for '1/crd'", undefined],
	])('%s: %s', (kind, message, orgId) => {
		const hint = leadingZerosHint({ kind, message, hint: 'Ask.' });
		if (orgId === undefined) expect(hint).toBe('');
		else expect(hint).toContain(`check whether '${orgId}' has lost some`);
		expect(leadingZerosHint({ kind, message, hint: 'Check the organization ID, leading zeros included.' })).toBe('');
	});
});

describe('a file that was filed before', () => {
	const file = { orgId: '0001', application: 'focus', subSpace: 'in', name: 'a.zip' };
	const filing = { trackingId: 'id', archivePath: null, submittedAt: null, userName: null };

	it('is skipped only where its bytes were compared', () => {
		expect(() => refuseDuplicate({ file, ifAlreadyFiled: 'skip' }, { filing, bytesCompared: true })).not.toThrow();
		expect(() => refuseDuplicate({ file, ifAlreadyFiled: 'skip' }, { filing, bytesCompared: false })).toThrow(
			expect.objectContaining({
				kind: 'duplicate',
				evidence: expect.objectContaining({ outcome: 'duplicate', trackingId: 'id' }) as object,
			}) as Error,
		);
		for (const certain of [true, false])
			expect(() => refuseDuplicate({ file, ifAlreadyFiled: 'fail' }, { filing, bytesCompared: certain })).toThrow(
				/was filed already/,
			);
	});
});
