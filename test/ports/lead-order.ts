/**
 * The order in which leads are dialed, written a second time to check a store's answers against it.
 */
import type { Lead } from '../../src/domain/leads/lead.ts';

type OrderedLead = Pick<Lead, 'id' | 'priority' | 'notBeforeAt'> &
  Partial<Pick<Lead, 'callbackAskedAt' | 'agentGuaranteed'>>;

/**
 * The debtor asked for a call at this time, or was called when no agent was free: such calls go
 * first.
 */
function isPromised({ callbackAskedAt, agentGuaranteed }: OrderedLead): boolean {
  return callbackAskedAt !== undefined || agentGuaranteed === true;
}

/** Negative when `a` is dialed first. The order is total: two leads never tie. */
export function compareLeads(a: OrderedLead, b: OrderedLead): number {
  if (isPromised(a) !== isPromised(b)) return isPromised(a) ? -1 : 1;
  if (!isPromised(a) && a.priority !== b.priority) return b.priority - a.priority;
  if (a.notBeforeAt !== b.notBeforeAt) return a.notBeforeAt - b.notBeforeAt;
  if (a.id === b.id) return 0;
  // Ids begin with their time, so the older lead goes first.
  return a.id < b.id ? -1 : 1;
}
