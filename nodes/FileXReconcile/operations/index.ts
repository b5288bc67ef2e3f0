import { checkExpectedFiles } from './check-expected-files';
import { compareListings } from './compare-listings';
import { verifyReceipts } from './verify-receipts';

export type OperationName = keyof typeof OPERATIONS;

/** What each operation prepares for a run. One file an operation. */
export const OPERATIONS = { compareListings, expectedFiles: checkExpectedFiles, verifyReceipts };
