/** The pieces that the JSON columns share. */
import { type ZodType, z } from 'zod';
import type { CallOutcome } from '../domain/calls/outcome.ts';
import { type IdKind, type IdOf, isId } from '../lib/ids.ts';
import type { Members } from './row.ts';

/** UTC milliseconds. */
export const moment = z.number().int();

/** A number in E.164, including our own (0800 has no area code). */
export const phoneText = z.templateLiteral(['+', z.string().regex(/^\d{8,15}$/)]);

export function idOf<Kind extends IdKind>(kind: Kind): z.ZodCustom<IdOf<Kind>, IdOf<Kind>> {
  return z.custom<IdOf<Kind>>((value) => typeof value === 'string' && isId(kind, value));
}

export const CALL_OUTCOMES: Members<CallOutcome> = {
  person: true,
  machine: true,
  busy: true,
  'no-answer': true,
  'invalid-number': true,
  rejected: true,
  unwanted: true,
  congestion: true,
  'trunk-failed': true,
  'caller-id-refused': true,
  'spam-refused': true,
  cancelled: true,
  lost: true,
  forwarded: true,
  'media-failed': true,
};

export const OUTCOMES = z.custom<CallOutcome>(
  (value) => typeof value === 'string' && Object.hasOwn(CALL_OUTCOMES, value),
);

export const TEXTS: ZodType<string[]> = z.array(z.string());
