/** The fileX client library. It knows nothing of n8n. */
export { readAccount, type Account, type AccountFields } from './account/account';
export { parseArchivedName } from './places/archive';
export { applicationTitle, mayTakeUploads, isArchive, isDeliverySpace, subSpaceFacts } from './places/catalogue';
export { mapLimit } from './util/map-limit';
export { graded, parallel, type Parallelism } from './util/parallelism';
export { KeyedSemaphore } from './util/semaphore';
export { MACHINE_CLOCK, type Clock } from './util/clock';
export { deadline } from './util/deadline';
export type { Check } from './diagnostics/check';
export { diagnose } from './diagnostics/diagnose';
export { UNRESTRICTED_EGRESS, type Egress } from './http/egress';
export {
	cancelled,
	type Evidence,
	FileXError,
	findFileXError,
	isFileXsOwn,
	inputError,
	networkError,
	redact,
	type FileXErrorKind,
	type Remedy,
} from './errors';
export { Bulk, BULK } from './bulk/bulk';
export { loginGuard } from './account/login-guard';
export { realmOf } from './account/realm';
export { requestToken } from './fip/token';
export { axiosFileXHttp } from './fip/axios-http';
export { axiosHttp, httpBy } from './http/axios';
export { proxyFor } from './http/agents';
export { EACH_ADDRESS } from './http/connecting';
export { isSocks } from './http/socks';
export { LIST_ANSWER, SMALL_ANSWER, type AnswerBounds } from './http/answer-bounds';
export * from './http/port';
export { askForText } from './http/text-answer';
export { UserBucket, type BucketPorts } from './bucket/bucket';
export { readBucket, type BucketFields, type BucketSettings } from './bucket/settings';
export { checkUploadSpace } from './explain-missing';
export * from './places/paths';
export { openFileSpace, type SpacePorts } from './open';
export { BoundedMap } from './util/bounded-map';
export { serviceHealth, type ServiceHealth } from './rest/health';
export { RestSpace } from './rest/rest-space';
export * from './space';
export { sftpAddress } from './sftp/address';
export { probeSftpServer, type SftpServer } from './sftp/host-key-probe';
export { SftpSpace } from './sftp/sftp-space';
export { splitPath } from './s3/location';
export { requestS3Token, type S3Token } from './s3/token';
export { selectSubmissions, submissionFilter, type SubmissionFilter } from './submissions/filter';
export { alreadyFiled, type EarlierFiling } from './submissions/already-filed';
export { memoryOf, uploadLine } from './submissions/process-memory';
export * from './submissions/submission-errors';
export { FreshAnswers } from './util/fresh-answers';
export { Witness } from './receipts/witness';
export { readReceipt } from './receipts/read-receipt';
export {
	type Found,
	type ReceiptStatus,
	type ReceiptVerdict,
	verifyReceipt,
	type VerifyPorts,
} from './receipts/verify';
export { receiptHash, receiptOf, type Receipt, type ReceiptFacts } from './receipts/receipt';
export { notAsExpected } from './transfer/upload-body';
export { withIntent } from './submissions/intent';
export { Register } from './submissions/register';
export { ContentComparison } from './submissions/same-content';
export { isSeen, REGISTER_PARTS, type Filing, type RegisterPart, type Sighting } from './submissions/sighting';
export * from './submissions/submit';
export { notReached } from './submissions/not-reached';
export * from './submissions/state';
export type { Submission } from './submissions/submission';
export { checkTrackingId, type Snapshot, Tracking } from './submissions/tracking';
export { sameTrackingId, trackingKey } from './submissions/tracking-id';
export { Ticket, UploadBatches } from './submissions/upload-batches';
export * from './submissions/wait';
export { localContent, type LocalFile } from './transfer/local-file';
export { CheckedReader, type CheckedFile } from './transfer/checked-reader';
export { type Scope, scopeKey, type ScopeListing, type WatchedFile } from './watch/scope';
export { SharedListings, sharedListings } from './watch/shared-listings';
export { describeFile, type FileRecord } from './places/describe';
export { BusinessDays } from './reconcile/business-days';
export { type CalendarDay, dayOf, instantOf, isCalendarDay } from './reconcile/calendar-day';
export { readClosedDays } from './reconcile/closed-days';
export * from './reconcile/compare';
export { datedPattern } from './reconcile/dated-pattern';
export { answerTo, type Answer, type Direction, type Expectation } from './reconcile/expectation';
export { ReconcilePlaces } from './reconcile/reconcile-places';
export { readTimeOfDay } from './reconcile/time-of-day';
export { checkTimeZone } from './reconcile/time-zone';
export type { BusinessDate } from './reconcile/timing';
export { unexpectedFiles } from './reconcile/unexpected-files';
export { namePattern } from './util/pattern';
export { shorten } from './util/shorten';
export { parseDateTime } from './util/time';
export * from './watch/change';
export * from './watch/changes';
export { type Life, withoutLost } from './watch/handed-out';
export { isArmed, readCursor, type ColdStart, type CursorHead, type HandedOut } from './watch/cursor';
export { eventIdOf } from './watch/fingerprint';
export { lookAtTracking, type Tracked } from './watch/tracked';
export * from './watch/watch';
