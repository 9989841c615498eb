import { z } from 'zod';
import { MOMENT_MAX, parseIsoDate } from '../lib/time.ts';

/**
 * What browser and server say to each other. Both ends parse it: the server because a client may
 * send anything, the page because it may be older than the server.
 */

export const language = z.enum(['pt-BR', 'en']);
export type Language = z.infer<typeof language>;

export const role = z.enum(['agent', 'supervisor', 'admin']);
export type Role = z.infer<typeof role>;

/** UTC milliseconds. */
export const epochMs = z.number().int().nonnegative().max(MOMENT_MAX);
export const centavos = z.number().int().safe();
/** A calendar day that exists. */
export const isoDate = z.string().transform((text, context) => {
  const date = parseIsoDate(text);
  if (date !== undefined) return date;
  context.addIssue('must be a day of the calendar, such as 2026-11-30');
  return z.NEVER;
});

/** RFC 9457 problem. `code` is for programs, `detail` says what to do. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string(),
  /** Places in a malformed request; absent for other problems. */
  issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  /** Seconds to wait before another try; absent when waiting does not help. */
  retryAfterSeconds: z.number().int().optional(),
});
export type Problem = z.infer<typeof problem>;

/**
 * The answer to every command over a socket. `code` is a problem code, for which the page has a
 * sentence.
 */
export const commandAnswer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true) }),
  z.object({ ok: z.literal(false), code: z.string(), detail: z.string() }),
]);
export type CommandAnswer = z.infer<typeof commandAnswer>;

export const user = z.object({
  id: z.string(),
  login: z.string(),
  name: z.string(),
  role,
  enabled: z.boolean(),
  mustChangePassword: z.boolean(),
  language: language.nullable(),
  /** Ids of the creditors whose campaigns they see and steer; null when not limited. */
  limitedTo: z.array(z.string()).nullable(),
});
export type User = z.infer<typeof user>;
