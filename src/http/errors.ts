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
import { nulIn } from '../lib/nul.ts';
import type { Problem } from '../protocol/common.ts';
import { type Language, type Said, say, sentenceOf } from '../words/say.ts';
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
  | 'unknown-creditor'
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

const STATUSES: Readonly<Record<ProblemCode, number>> = {
  'malformed-request': 400,
  'unsupported-media-type': 415,
  'too-slow': 408,
  'too-large': 413,
  'too-many-rows': 413,
  'too-many-requests': 429,
  'not-signed-in': 401,
  'wrong-credentials': 401,
  'wrong-password': 403,
  'password-change-needed': 403,
  'token-invalid': 401,
  'token-lacks-scope': 403,
  'role-not-allowed': 403,
  'foreign-origin': 403,
  'not-found': 404,
  'unknown-user': 404,
  'unknown-creditor': 422,
  'unknown-list': 404,
  'unknown-token': 404,
  'unknown-campaign': 404,
  'unknown-block': 404,
  'unknown-agent': 404,
  'debtor-phone-closed': 404,
  'login-taken': 409,
  'not-yourself': 409,
  'idempotency-conflict': 409,
  'password-unchanged': 422,
  'password-too-short': 422,
  'password-common': 422,
  'password-personal': 422,
  'file-empty': 422,
  'file-binary': 422,
  'file-spreadsheet': 422,
  'file-too-large': 413,
  'header-missing': 422,
  'file-garbled': 422,
  'columns-ambiguous': 422,
  'columns-area-code': 422,
  'columns-one-document': 422,
  'columns-unknown': 422,
  'no-shift': 409,
  'not-now': 409,
  'not-your-call': 409,
  'headset-not-ready': 409,
  'unknown-disposition': 422,
  'right-party-needed': 422,
  'right-party-confirmed': 409,
  'not-connected': 409,
  'call-over': 409,
  'already-disposed': 409,
  'answered-by-machine': 409,
  'third-party-call': 409,
  'evidence-incomplete': 422,
  'evidence-wrong': 422,
  'draft-stale': 409,
  'speaker-needed': 422,
  'known-voice-not-allowed': 422,
  'reason-too-short': 422,
  'form-needed': 422,
  'form-invalid': 422,
  'rest-out-of-reach': 422,
  'asked-by-supervisor': 409,
  'settings-stale': 409,
  'nothing-to-change': 422,
  'approval-needed': 409,
  'approval-not-needed': 409,
  'approval-asked-already': 409,
  'approval-over': 409,
  'own-request': 403,
  'not-own-request': 403,
  'not-yours': 403,
  'approval-reason-needed': 422,
  'asker-lost-right': 409,
  'ground-changed': 409,
  'server-busy': 503,
  'store-held-up': 503,
  'server-draining': 503,
  'disk-full': 503,
  mistake: 500,
};

export type ProblemExtra = Pick<Problem, 'issues' | 'retryAfterSeconds'>;

/** Thrown to answer with a problem; one handler catches it and words it for the reader. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: ProblemCode;
  readonly status: number;
  readonly #said: Said;
  readonly #extra: ProblemExtra;

  /** `said`: what to do. */
  constructor(code: ProblemCode, said: Said, extra: ProblemExtra = {}) {
    super(sentenceOf(said, 'en'));
    this.code = code;
    this.status = STATUSES[code];
    this.#said = said;
    this.#extra = extra;
  }

  get retryAfterSeconds(): number | undefined {
    return this.#extra.retryAfterSeconds;
  }

  told(language: Language): Problem {
    return {
      type: `urn:cadencia:problem:${this.code}`,
      status: this.status,
      title: sentenceOf(say(`title.${this.code}`), language),
      code: this.code,
      detail: sentenceOf(this.#said, language),
      ...this.#extra,
    };
  }
}

/** Usually another process holds the database for some seconds. */
export const HELD_UP_RETRY_AFTER_SECONDS = 2;
/** A person has to make room first. */
const DISK_RETRY_AFTER_SECONDS = 60;

/** The problem to answer for an error of a route. */
export function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof ScopeRefused) {
    return new ProblemError('not-yours', say('not-your-creditors'));
  }
  if (error instanceof PasswordsBusyError) {
    const extra = { retryAfterSeconds: 2 };
    return new ProblemError('too-many-requests', say('again-in-two-seconds'), extra);
  }
  if (error instanceof StoreHeldUpError && error.cause === 'full') {
    const extra = { retryAfterSeconds: DISK_RETRY_AFTER_SECONDS };
    const detail = say('make-room-first');
    return new ProblemError('disk-full', detail, extra);
  }
  if (error instanceof StoreHeldUpError) {
    const extra = { retryAfterSeconds: HELD_UP_RETRY_AFTER_SECONDS };
    return new ProblemError('store-held-up', say('again-in-seconds'), extra);
  }
  if (error instanceof UnreadableFileError) {
    const issues = error.columns.map((path) => ({ path, message: 'this column is in question' }));
    const extra = issues.length === 0 ? {} : { issues };
    return new ProblemError(error.code, error.said, extra);
  }
  return frameworksProblem(error as Partial<FastifyError>);
}

/**
 * Parses a request's part. Throws a problem that names each wrong place, and the first one with a NUL
 * character; `rows`: the field of the body whose rows are refused one by one instead.
 */
export function parsed<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  where: 'body' | 'query' | 'params',
  rows?: string,
): z.output<Schema> {
  const nul = nulIn(rows === undefined ? value : { ...(value as object), [rows]: undefined });
  if (nul) {
    const issues = [{ path: [where, ...nul].join('.'), message: 'has a NUL character (U+0000)' }];
    throw new ProblemError('malformed-request', say('correct-places', { where }), { issues });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.slice(0, ISSUES_MAX).map((issue) => ({
    path: [where, ...issue.path].join('.'),
    message: issue.message,
  }));
  throw new ProblemError('malformed-request', say('correct-places', { where }), { issues });
}

const ISSUES_MAX = 20;

/**
 * The problem for a connection that the HTTP parser refused before there was a request: there is no
 * route and no reply, only a socket.
 */
export function problemOfConnection(code: string | undefined): Problem {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ProblemError('too-slow', say('request-late')).told('en');
    case 'HPE_HEADER_OVERFLOW':
      return {
        ...new ProblemError('too-large', say('send-shorter-headers')).told('en'),
        status: 431,
      };
    default:
      return new ProblemError('malformed-request', say('no-http')).told('en');
  }
}

function frameworksProblem(error: Partial<FastifyError>): ProblemError {
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new ProblemError('unsupported-media-type', say('send-other-type'));
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new ProblemError('malformed-request', say('address-unreadable'));
    default:
      // Fastify's own refusals (broken JSON, bad lengths) have a status of 4xx.
      return error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500
        ? new ProblemError('malformed-request', say('request-unreadable'))
        : new ProblemError('mistake', say('written-to-log'));
  }
}
