import {
  MongoBulkWriteError,
  MongoClientClosedError,
  MongoError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoOperationTimeoutError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
} from 'mongodb';
import type { StorageErrorKind } from '../../ports/storage-health.js';

/** The kind of a database error, or of the database error that caused an error; null for any other error. */
export function errorKindOf(error: unknown): StorageErrorKind | null {
  const errors = causesOf(error).filter((one) => one instanceof MongoError || isCutSocket(one));
  if (errors.length === 0) return null;
  if (errors.some((one) => one instanceof MongoError && saysDiskFull(one))) return 'DISK_FULL';
  if (errors.some(isTimeOver)) return 'TOO_SLOW';
  return errors.some(isTransient) ? 'PASSING' : 'OTHER';
}

/** Whether the server ended a query at the time that only queries of clients have. */
export function isTimeOver(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === TIME_EXPIRED;
}

/** Whether the same request can succeed once the server works, or can be reached, again. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof MongoError)) return isCutSocket(error);
  if (UNREACHABLE.some((kind) => error instanceof kind)) return true;
  if (TRANSIENT_LABELS.some((label) => error.hasErrorLabel(label))) return true;
  if (typeof error.code === 'number' && TRANSIENT_CODES.has(error.code)) return true;
  return error instanceof MongoBulkWriteError && isTransient(error.errorResponse);
}

/** The driver passes on as it is what Node.js throws for a write to a socket that the server has closed meanwhile. */
function isCutSocket(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EPIPE' || error.code === 'ECONNRESET');
}

/** An error and all its causes. */
function causesOf(error: unknown): unknown[] {
  return error instanceof Error ? [error, ...causesOf(error.cause)] : [];
}

const TIME_EXPIRED = 50;
const OUT_OF_DISK_SPACE = 14031;
const UNKNOWN_ERROR = 8;
/** The whole text of the UnknownError with which the storage engine reports ENOSPC. */
const NO_SPACE_LEFT = '28: No space left on device';

function saysDiskFull({ code, errmsg }: MongoError & { readonly errmsg?: unknown }): boolean {
  return code === OUT_OF_DISK_SPACE || (code === UNKNOWN_ERROR && errmsg === NO_SPACE_LEFT);
}

/** The server cannot be reached now, did not respond in time, or this process is about to end. */
const UNREACHABLE = [
  MongoNetworkError,
  MongoServerSelectionError,
  MongoNotConnectedError,
  MongoOperationTimeoutError,
  MongoTopologyClosedError,
  MongoClientClosedError,
];

const TRANSIENT_LABELS = ['RetryableWriteError', 'TransientTransactionError', 'RetryableError'];

/** The server's codes for problems of the server, and not of the request; the server labels them only for writes. */
export const TRANSIENT_CODES: ReadonlySet<unknown> = new Set([
  6, // HostUnreachable
  7, // HostNotFound
  UNKNOWN_ERROR, // the storage engine's own, a full disk for instance
  24, // LockTimeout
  43, // CursorNotFound
  TIME_EXPIRED,
  64, // WriteConcernTimeout
  89, // NetworkTimeout
  91, // ShutdownInProgress
  100, // UnsatisfiableWriteConcern
  112, // WriteConflict
  133, // FailedToSatisfyReadPreference
  134, // ReadConcernMajorityNotAvailableYet
  175, // QueryPlanKilled
  189, // PrimarySteppedDown
  202, // NetworkInterfaceExceededTimeLimit
  262, // ExceededTimeLimit
  365, // TemporarilyUnavailable
  9001, // SocketException
  10058, // LegacyNotPrimary
  10107, // NotWritablePrimary
  11600, // InterruptedAtShutdown
  11601, // Interrupted
  11602, // InterruptedDueToReplStateChange
  13435, // NotPrimaryNoSecondaryOk
  13436, // NotPrimaryOrSecondary
  OUT_OF_DISK_SPACE,
]);
