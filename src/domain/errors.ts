/**
 * The closed set of error codes, the same in GraphQL (`extensions.code`) and REST (`code`), each with the HTTP status that REST sends with it.
 */
export const HTTP_STATUS_OF_CODE = {
  BAD_REQUEST: 400,
  INVALID_JSON: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  NOT_ACCEPTABLE: 406,
  REQUEST_TIMEOUT: 408,
  DESIGN_CONFLICT: 409,
  NOT_APPLIED: 409,
  RELOAD_IN_PROGRESS: 409,
  IN_USE: 409,
  JOB_FINAL: 409,
  TOO_LATE_TO_TERMINATE: 409,
  CURSOR_EXPIRED: 410,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  INVALID_SAMPLE: 422,
  INVALID_DESIGN: 422,
  IDENTIFIER_REQUIRED: 422,
  UPSERT_NEEDS_IDENTIFIER: 422,
  IDEMPOTENCY_MISMATCH: 422,
  JOINS_NOT_SUPPORTED: 422,
  TOO_MANY_GROUPS: 422,
  BACK_PRESSURE: 429,
  RATE_LIMITED: 429,
  HEADERS_TOO_LARGE: 431,
  INTERNAL: 500,
  STORE_UNAVAILABLE: 503,
  DISK_FULL: 503,
} as const;

/** INTERNAL is a defect of Sluice itself; nothing that a client sends may cause it. */
export type ErrorCode = keyof typeof HTTP_STATUS_OF_CODE;

/** After how many seconds to retry after a 503. A full disk takes longer, since a person has to act. */
const RETRY_AFTER_SECONDS: Partial<Record<ErrorCode, number>> = { STORE_UNAVAILABLE: 2, DISK_FULL: 30 };

/** What a refusal can have besides its message. Callers see each field unchanged. */
export interface ErrorDetails {
  /** The argument or input field that is wrong, e.g. `input.sample`. */
  readonly field?: string;
  /** JSON Pointer (RFC 6901) into the document that was sent. */
  readonly pointer?: string;
  readonly recordIndex?: number;
  readonly expected?: string;
  readonly actual?: string;
  /** Also sent as the header Retry-After over HTTP. Every 503 has it. */
  readonly retryAfterSeconds?: number;
  /** Only for METHOD_NOT_ALLOWED: the methods that the path accepts, as in the header Allow. */
  readonly allow?: string;
  /** Only for INVALID_DESIGN: everything that is wrong. */
  readonly faults?: readonly {
    readonly column?: string;
    readonly transformation?: string;
    readonly field: string;
    readonly message: string;
  }[];
}

/** The only error that use cases and the domain throw on purpose. The message names the place, the value, what was expected, and what to do. */
export class SluiceError extends Error {
  override readonly name = 'SluiceError';
  readonly details: ErrorDetails;

  constructor(
    readonly code: ErrorCode,
    message: string,
    details: ErrorDetails = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    const retryAfterSeconds = RETRY_AFTER_SECONDS[code];
    this.details = retryAfterSeconds === undefined ? details : { retryAfterSeconds, ...details };
  }
}
