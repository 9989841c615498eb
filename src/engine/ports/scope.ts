/**
 * For whom something is asked. A door says it with each query, from who is signed in, and the store
 * leaves out or refuses what is not theirs.
 */
import { unreachable } from '../../lib/assert.ts';
import type { AgentId, CreditorId } from '../../lib/ids.ts';
import type { User } from './accounts.ts';
import type { StoreView } from './store.ts';

export type Scope =
  /** Everything: the house itself, and accounts without a limit. */
  | { readonly kind: 'house' }
  /** What is of these creditors only, and of campaigns that collect for no others. */
  | { readonly kind: 'creditors'; readonly creditorIds: readonly CreditorId[] }
  /** An agent's own work, which is read from memory: none of the store's queries. */
  | { readonly kind: 'own'; readonly agentId: AgentId };

export const HOUSE: Scope = { kind: 'house' };

/**
 * For whom somebody asks who is signed in: agents for themselves, an account that is limited for its
 * creditors, all others for the house.
 */
export function scopeOfUser({
  id,
  role,
  limitedTo,
}: Pick<User, 'id' | 'role' | 'limitedTo'>): Scope {
  if (role === 'agent') return { kind: 'own', agentId: id };
  return limitedTo ? { kind: 'creditors', creditorIds: limitedTo } : HOUSE;
}

/** The same for scopes that see the same. */
export function keyOfScope(scope: Scope): string {
  return JSON.stringify(
    scope.kind === 'creditors' ? [...scope.creditorIds].sort() : Object.values(scope),
  );
}

/** Whether a campaign is theirs, by all the creditors that it collects for. */
export function isTheirs(scope: Scope, creditorIds: readonly CreditorId[]): boolean {
  switch (scope.kind) {
    case 'house':
      return true;
    case 'creditors':
      return creditorIds.length > 0 && creditorIds.every((id) => scope.creditorIds.includes(id));
    case 'own':
      return false;
    default:
      return unreachable(scope);
  }
}

/**
 * How far a query reaches.
 *
 * - `engine`: over everything, and no door may ask it;
 * - `house`: a door may ask it for the house only;
 * - `campaign`: refused where the campaign collects for a creditor that is not theirs;
 * - `creditors`: leaves out what is of campaigns that are not theirs.
 */
type Reach = 'engine' | 'house' | 'campaign' | 'creditors';

/** Every query has its reach; one without does not compile. */
export const REACH = {
  lastFactSequence: 'engine',
  liveCalls: 'engine',
  openShifts: 'engine',
  campaigns: 'engine',
  assignments: 'engine',
  trunks: 'engine',
  callerIds: 'engine',
  callerIdHealth: 'engine',
  legalEntities: 'engine',
  creditors: 'engine',
  portfolios: 'engine',
  people: 'engine',
  pacerStates: 'engine',
  openApprovals: 'engine',
  abandonmentLedger: 'engine',
  bankWatches: 'engine',
  dialableLeads: 'engine',
  nextLeadDueAt: 'engine',
  pastAttempts: 'engine',
  blocks: 'engine',
  rightPartyContacts: 'engine',
  talkRecord: 'engine',
  lead: 'engine',
  attemptsByPhone: 'engine',
  attemptsByPhones: 'engine',
  debtorFile: 'engine',
  agentsWhoKnow: 'engine',
  facts: 'engine',
  campaignCounts: 'engine',
  leadFunnel: 'engine',
  call: 'engine',
  undisposedSince: 'engine',
  newestSettingVersions: 'engine',
  agentTotals: 'engine',
  auditEntries: 'creditors',
  screeningCounts: 'campaign',
  screeningTimes: 'campaign',
  settingVersions: 'campaign',
  undisposedCalls: 'creditors',
  unwantedPhones: 'creditors',
} as const satisfies Record<keyof StoreView, Reach>;

type DoorQuery = {
  [Query in keyof StoreView]: (typeof REACH)[Query] extends 'engine' ? never : Query;
}[keyof StoreView];

/** What doors may ask of the store, once they have said for whom. */
export type DoorView = Pick<StoreView, DoorQuery>;

/** The store as doors have it: one consistent state, within a scope. */
export interface ScopedReads {
  /** Throws ScopeRefused, and StoreHeldUpError. */
  read<T>(scope: Scope, query: (view: DoorView) => Promise<T>): Promise<T>;
}

/** Somebody asked for what is not theirs. */
export class ScopeRefused extends Error {
  override readonly name = 'ScopeRefused';

  /** The query or the route. */
  readonly what: string;

  constructor(what: string, scope: Scope) {
    super(`${what} is not for the scope ${scope.kind}`);
    this.what = what;
  }
}
