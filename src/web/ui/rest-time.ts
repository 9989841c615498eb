import { addDays, HOUR_MS, MINUTE_MS } from '../../lib/time.ts';
import { isoDateOf } from './format.ts';
import { localMoment, parseTypedHour } from './typed.ts';

/** The server refuses a rest further ahead, which would belong to another shift. */
export const REST_AHEAD_MAX_MS = 12 * HOUR_MS;

export type RestTimeProblem = 'missing' | 'not-a-time' | 'past' | 'too-far';

export type RestTime =
  | { readonly at: number; readonly problem?: undefined }
  | { readonly at?: undefined; readonly problem: RestTimeProblem };

/**
 * The next moment of a typed hour on the browser's clock. A past hour means tomorrow only when that
 * is still within the allowed time ahead.
 */
export function readRestTime(typed: string, now: number): RestTime {
  if (typed.trim() === '') return { problem: 'missing' };
  const minute = parseTypedHour(typed);
  if (minute === undefined) return { problem: 'not-a-time' };
  const today = isoDateOf(now);
  const at = localMoment(today, minute);
  if (at > now) return within(at, now) ? { at } : { problem: 'too-far' };
  const tomorrow = localMoment(addDays(today, 1), minute);
  return within(tomorrow, now) ? { at: tomorrow } : { problem: 'past' };
}

function within(at: number, now: number): boolean {
  return at - now <= REST_AHEAD_MAX_MS;
}

/** Quick choices: minutes from now, rounded up to the next full minute. */
export const REST_AHEAD_MINUTES: readonly number[] = [15, 30, 60];

export function restIn(minutes: number, now: number): number {
  return Math.ceil((now + minutes * MINUTE_MS) / MINUTE_MS) * MINUTE_MS;
}
