/**
 * How a request to the PBX failed, in codes an adapter can act on.
 *
 * - `gone`: the object asked about does not exist (404). Normal, because calls end while we ask.
 * - `conflict`: the object exists, in a state that does not allow the request (409, 412, 422).
 * - `unavailable`: the PBX, or something it needs, cannot serve now (5xx, connection failed).
 * - `timeout`: no answer in time; the PBX may have acted.
 * - `refused`: the PBX does not accept our credentials (401, 403).
 * - `mistake`: the PBX does not understand the request (any other 4xx); a mistake of ours.
 */
export type AriErrorCode = 'gone' | 'conflict' | 'unavailable' | 'timeout' | 'refused' | 'mistake';

export class AriError extends Error {
  override readonly name = 'AriError';
  readonly code: AriErrorCode;
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /**
   * Whether the PBX can have acted on it. False after a definite refusal or a failed connection.
   */
  readonly maybeDone: boolean;

  constructor(code: AriErrorCode, status: number, message: string, maybeDone = false) {
    super(message);
    this.code = code;
    this.status = status;
    this.maybeDone = maybeDone;
  }
}

/** The error for an answer with this status (400 or more) and body. */
export function errorOfStatus(status: number, body: string): AriError {
  return new AriError(codeOfStatus(status), status, `${status} ${textOf(body)}`.trim());
}

function codeOfStatus(status: number): AriErrorCode {
  if (status === 404) return 'gone';
  if (status === 409 || status === 412 || status === 422) return 'conflict';
  if (status === 401 || status === 403) return 'refused';
  return status >= 500 ? 'unavailable' : 'mistake';
}

/** Asterisk writes `{"message": …}` or `{"error": …}`. */
function textOf(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null) {
      if ('message' in parsed) return String(parsed.message);
      if ('error' in parsed) return String(parsed.error);
    }
  } catch {
    // Not JSON: shown as it is.
  }
  return body.slice(0, 200);
}

/** Codes of undici and Node which mean that nothing left this machine. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_DESTROYED',
  'UND_ERR_CLOSED',
]);

const TOO_SLOW = new Set([
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'ETIMEDOUT',
]);

/** The error for a request that got no complete answer. */
export function errorOfTransport(error: unknown): AriError {
  if (error instanceof AriError) return error;
  const code = codeIn(error);
  const message = error instanceof Error ? `${code} ${error.message}`.trim() : String(error);
  return new AriError(
    TOO_SLOW.has(code) ? 'timeout' : 'unavailable',
    0,
    message,
    !NEVER_SENT.has(code),
  );
}

function codeIn(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'cause' in error ? codeIn(error.cause) : '';
}
