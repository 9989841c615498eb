/**
 * Every problem a door may answer: one table of codes, sent as problems of RFC 9457. Programs read
 * `code`, the page has a sentence for each code, and `detail` says what to do.
 */
import type { FastifyError } from 'fastify';
import type { z } from 'zod';
import type { CommandRefusal } from '../engine/commands.ts';
import { ScopeRefused } from '../engine/ports/scope.ts';
import { StoreHeldUpError } from '../engine/ports/store.ts';
import { UnreadableFileError } from '../imports/unreadable-file.ts';
import type { Problem } from '../protocol/common.ts';
import type { PasswordRefusal } from './password-rule.ts';
import { PasswordsBusyError } from './passwords.ts';

export type DoorRefusal =
  | 'malformed-request'
  | 'unsupported-media-type'
  | 'too-large'
  | 'too-slow'
  | 'too-many-rows'
  | 'too-many-requests'
  | 'not-signed-in'
  | 'wrong-credentials'
  | 'wrong-password'
  | 'password-change-needed'
  | 'token-invalid'
  | 'token-lacks-scope'
  | 'role-not-allowed'
  | 'foreign-origin'
  | 'not-found'
  | 'unknown-user'
  | 'unknown-list'
  | 'unknown-token'
  | 'debtor-phone-closed'
  | 'login-taken'
  | 'not-yourself'
  | 'idempotency-conflict'
  | 'password-unchanged'
  | PasswordRefusal
  | UnreadableFileError['code']
  | 'disk-full';

export type ProblemCode = CommandRefusal | DoorRefusal;

type Kind = { readonly status: number; readonly title: string };

const PROBLEMS: Readonly<Record<ProblemCode, Kind>> = {
  'malformed-request': { status: 400, title: 'The request is not in the expected form' },
  'unsupported-media-type': { status: 415, title: 'This kind of content is not taken here' },
  'too-slow': { status: 408, title: 'The request came too slowly' },
  'too-large': { status: 413, title: 'The request is too large' },
  'too-many-rows': { status: 413, title: 'Too many rows in one request' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'not-signed-in': { status: 401, title: 'Nobody is signed in' },
  'wrong-credentials': { status: 401, title: 'Login or password is wrong' },
  'wrong-password': { status: 403, title: 'The current password is wrong' },
  'password-change-needed': { status: 403, title: 'A new password is needed first' },
  'token-invalid': { status: 401, title: 'The token is unknown, expired or revoked' },
  'token-lacks-scope': { status: 403, title: 'The token may not do this' },
  'role-not-allowed': { status: 403, title: 'This role may not do this' },
  'foreign-origin': { status: 403, title: 'The request comes from a page of another site' },
  'not-found': { status: 404, title: 'There is nothing here' },
  'unknown-user': { status: 404, title: 'There is no such user' },
  'unknown-list': { status: 404, title: 'There is no such list' },
  'unknown-token': { status: 404, title: 'There is no such token' },
  'unknown-campaign': { status: 404, title: 'There is no such campaign' },
  'unknown-block': { status: 404, title: 'There is no such block' },
  'unknown-agent': { status: 404, title: 'There is no such agent' },
  'debtor-phone-closed': { status: 404, title: 'The debtor phone is not enabled' },
  'login-taken': { status: 409, title: 'Somebody has this login already' },
  'not-yourself': { status: 409, title: 'One cannot do this to oneself' },
  'idempotency-conflict': { status: 409, title: 'The key was used for another request' },
  'password-unchanged': { status: 422, title: 'The new password is the old one' },
  'password-too-short': { status: 422, title: 'The new password is too short' },
  'password-common': { status: 422, title: 'The new password is easily guessed' },
  'password-personal': { status: 422, title: 'The new password is the name or the login' },
  'file-empty': { status: 422, title: 'The file is empty' },
  'file-binary': { status: 422, title: 'The file is no text' },
  'file-spreadsheet': { status: 422, title: 'The file is a spreadsheet' },
  'file-too-large': { status: 413, title: 'The file is too large' },
  'header-missing': { status: 422, title: 'The file has no header' },
  'file-garbled': { status: 422, title: 'The file is no list' },
  'columns-ambiguous': { status: 422, title: 'Two columns say the same thing' },
  'columns-area-code': { status: 422, title: 'It is not clear whose area code a column is' },
  'columns-one-document': { status: 422, title: 'All rows have the same document' },
  'columns-unknown': { status: 422, title: 'The file has no such column' },
  'no-shift': { status: 409, title: 'No shift is open' },
  'not-now': { status: 409, title: 'Not possible at this moment' },
  'not-your-call': { status: 409, title: 'The call belongs to somebody else' },
  'headset-not-ready': { status: 409, title: 'The headset is not ready' },
  'unknown-disposition': { status: 422, title: 'There is no such disposition' },
  'right-party-needed': { status: 422, title: 'The right party was not confirmed' },
  'right-party-confirmed': { status: 409, title: 'The right party was confirmed' },
  'not-connected': { status: 409, title: 'Nobody was put through' },
  'call-over': { status: 409, title: 'The call is over' },
  'already-disposed': { status: 409, title: 'The call has its disposition' },
  'answered-by-machine': { status: 409, title: 'A machine answered' },
  'third-party-call': { status: 409, title: 'Three answers were wrong' },
  'evidence-incomplete': { status: 422, title: 'Too little was said' },
  'evidence-wrong': { status: 422, title: 'What was said is not right' },
  'speaker-needed': { status: 422, title: 'Who speaks for the company is missing' },
  'known-voice-not-allowed': { status: 422, title: 'The campaign does not allow it' },
  'reason-too-short': { status: 422, title: 'The reason is too short' },
  'form-needed': { status: 422, title: 'The disposition needs its form' },
  'form-invalid': { status: 422, title: 'The form of the disposition is not valid' },
  'rest-out-of-reach': { status: 422, title: 'No rest can be planned for then' },
  'asked-by-supervisor': { status: 409, title: 'A supervisor asked for it' },
  'settings-stale': { status: 409, title: 'Somebody changed the settings meanwhile' },
  'nothing-to-change': { status: 422, title: 'Nothing to change' },
  'server-busy': { status: 503, title: 'The server is busy' },
  'store-held-up': { status: 503, title: 'Nothing can be stored at the moment' },
  'server-draining': { status: 503, title: 'The server is shutting down' },
  'disk-full': { status: 503, title: 'The disk of the server is full' },
  mistake: { status: 500, title: 'A mistake on our side' },
};

export type ProblemExtra = Pick<Problem, 'issues' | 'retryAfterSeconds'>;

/** Thrown to answer with a problem; one handler catches it. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;

  constructor(code: ProblemCode, detail: string, extra: ProblemExtra = {}) {
    super(detail);
    this.problem = {
      type: `urn:cadencia:problem:${code}`,
      ...PROBLEMS[code],
      code,
      detail,
      ...extra,
    };
  }
}

/** Usually another process holds the database for some seconds. */
export const HELD_UP_RETRY_AFTER_SECONDS = 2;
/** A person has to make room first. */
const DISK_RETRY_AFTER_SECONDS = 60;

/** The problem to answer for an error of a route. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof ScopeRefused) {
    return new ProblemError('role-not-allowed', 'It is not of your creditors.').problem;
  }
  if (error instanceof PasswordsBusyError) {
    const extra = { retryAfterSeconds: 2 };
    return new ProblemError('too-many-requests', 'Try again in two seconds.', extra).problem;
  }
  if (error instanceof StoreHeldUpError && error.cause === 'full') {
    const extra = { retryAfterSeconds: DISK_RETRY_AFTER_SECONDS };
    const detail = 'Nothing is taken until there is room on it. What was stored stays.';
    return new ProblemError('disk-full', detail, extra).problem;
  }
  if (error instanceof StoreHeldUpError) {
    const extra = { retryAfterSeconds: HELD_UP_RETRY_AFTER_SECONDS };
    return new ProblemError('store-held-up', 'Try again in a few seconds.', extra).problem;
  }
  if (error instanceof UnreadableFileError) {
    const issues = error.columns.map((path) => ({ path, message: 'this column is in question' }));
    const extra = issues.length === 0 ? {} : { issues };
    return new ProblemError(error.code, error.message, extra).problem;
  }
  return frameworksProblem(error as Partial<FastifyError>).problem;
}

/** Parses a request's part. Throws a problem that names each wrong place. */
export function parsed<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  where: 'body' | 'query' | 'params',
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.slice(0, ISSUES_MAX).map((issue) => ({
    path: [where, ...issue.path].join('.'),
    message: issue.message,
  }));
  throw new ProblemError('malformed-request', `Correct these places of the ${where}.`, { issues });
}

const ISSUES_MAX = 20;

/**
 * The problem for a connection that the HTTP parser refused before there was a request: there is no
 * route and no reply, only a socket.
 */
export function problemOfConnection(code: string | undefined): Problem {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ProblemError('too-slow', 'The request did not come in time.').problem;
    case 'HPE_HEADER_OVERFLOW':
      return { ...new ProblemError('too-large', 'Send shorter headers.').problem, status: 431 };
    default:
      return new ProblemError('malformed-request', 'This is no HTTP.').problem;
  }
}

function frameworksProblem(error: Partial<FastifyError>): ProblemError {
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new ProblemError('unsupported-media-type', 'Send another Content-Type.');
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new ProblemError('malformed-request', 'The address cannot be read.');
    default:
      // Fastify's own refusals (broken JSON, bad lengths) have a status of 4xx.
      return error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500
        ? new ProblemError('malformed-request', 'The request cannot be read.')
        : new ProblemError('mistake', 'It was written to the log. Trying again may help.');
  }
}
