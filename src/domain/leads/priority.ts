/**
 * The order in which leads are dialed. It is one order for memory and for the database: who was
 * promised a call, then priority, then who has waited longest past his moment, then age.
 */
import { unreachable } from '../../lib/assert.ts';
import type { Lead } from './lead.ts';

export const PRIORITY_MIN = 0;
export const PRIORITY_USUAL = 50;
export const PRIORITY_MAX = 100;

/** What raises or lowers a lead against its list. */
export type PriorityCause =
  /** The debtor asked for a call: his moment is kept before anything else. */
  | 'callback'
  /** The CRM asked for a call now: a link was opened, a payment failed. */
  | 'dial-now'
  /** A promise was not kept. */
  | 'broken-promise'
  /** We rang him and had nobody: the next call makes it good. */
  | 'abandoned';

/** The priority of a lead that has a cause to stand out; `base` is its own, from the list. */
export function priorityOf(base: number, cause?: PriorityCause): number {
  if (cause === undefined) return clamp(base);
  switch (cause) {
    case 'callback':
    case 'dial-now':
      return PRIORITY_MAX;
    case 'abandoned':
      return clamp(Math.max(base, 90));
    case 'broken-promise':
      return clamp(base + 20);
    default:
      return unreachable(cause);
  }
}

type OrderedLead = Pick<Lead, 'id' | 'priority' | 'notBeforeAt'> &
  Partial<Pick<Lead, 'callbackAskedAt' | 'agentFirst'>>;

/** He asked for a call at this time, or we rang him and had nobody: that is kept before anything else. */
export function isPromised({ callbackAskedAt, agentFirst }: OrderedLead): boolean {
  return callbackAskedAt !== undefined || agentFirst === true;
}

/** Negative when `a` is dialed first. Total: two leads never tie. */
export function compareLeads(a: OrderedLead, b: OrderedLead): number {
  if (isPromised(a) !== isPromised(b)) return isPromised(a) ? -1 : 1;
  if (!isPromised(a) && a.priority !== b.priority) return b.priority - a.priority;
  if (a.notBeforeAt !== b.notBeforeAt) return a.notBeforeAt - b.notBeforeAt;
  if (a.id === b.id) return 0;
  // Ids begin with their time, so the older lead goes first.
  return a.id < b.id ? -1 : 1;
}

function clamp(priority: number): number {
  return Math.min(PRIORITY_MAX, Math.max(PRIORITY_MIN, Math.round(priority)));
}
