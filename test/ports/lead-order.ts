/** The order in which leads are dialed, written down a second time, for what a store answers to be held to. */
import type { Lead } from '../../src/domain/leads/lead.ts';

type OrderedLead = Pick<Lead, 'id' | 'priority' | 'notBeforeAt'> &
  Partial<Pick<Lead, 'callbackAskedAt' | 'agentGuaranteed'>>;

/** He asked for a call at this time, or we rang him and had nobody: that is kept before anything else. */
function isPromised({ callbackAskedAt, agentGuaranteed }: OrderedLead): boolean {
  return callbackAskedAt !== undefined || agentGuaranteed === true;
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
