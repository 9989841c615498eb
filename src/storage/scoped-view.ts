/**
 * Reads of doors, within the scope they give; `engine/ports/scope.ts` has the reach of each query.
 */
import {
  type DoorView,
  type Scope,
  type ScopedReads,
  ScopeRefused,
} from '../engine/ports/scope.ts';
import type { StoreView } from '../engine/ports/store.ts';
import { type CreditorId, isId } from '../lib/ids.ts';
import { campaignById } from './campaigns.ts';
import type { Database } from './tables.ts';

export function createScopedReads(
  read: <T>(query: (db: Database) => Promise<T>) => Promise<T>,
  viewFor: (db: Database) => StoreView,
): ScopedReads {
  return { read: (scope, query) => read((db) => query(scopedView(db, viewFor(db), scope))) };
}

function scopedView(db: Database, view: StoreView, scope: Scope): DoorView {
  const of = creditorsOf(scope);

  /** For a query that belongs to no creditor and no single agent. */
  function requireHouse(query: keyof DoorView): void {
    if (scope.kind !== 'house') throw new ScopeRefused(query, scope);
  }

  function requireCreditors(query: keyof DoorView): void {
    if (scope.kind === 'own') throw new ScopeRefused(query, scope);
  }

  async function requireCampaign(query: keyof DoorView, id: string): Promise<void> {
    requireCreditors(query);
    if (!of) return;
    const campaign = isId('campaign', id) ? await campaignById(db, id) : undefined;
    const isTheirs = campaign?.creditorIds.every((creditorId) => of.includes(creditorId));
    if (!isTheirs) throw new ScopeRefused(query, scope);
  }

  return {
    async auditEntries(limit, wanted) {
      requireHouse('auditEntries');
      return view.auditEntries(limit, wanted);
    },
    async screeningCounts(campaignId, since) {
      await requireCampaign('screeningCounts', campaignId);
      return view.screeningCounts(campaignId, since);
    },
    async screeningTimes(campaignId, since) {
      await requireCampaign('screeningTimes', campaignId);
      return view.screeningTimes(campaignId, since);
    },
    async settingVersions(subject, subjectId, limit) {
      // Only campaigns have versions of their settings.
      await requireCampaign('settingVersions', subjectId);
      return view.settingVersions(subject, subjectId, limit);
    },
    async undisposedCalls(limit) {
      requireCreditors('undisposedCalls');
      return view.undisposedCalls(limit, of);
    },
    async unwantedPhones(now) {
      requireCreditors('unwantedPhones');
      return view.unwantedPhones(now, of);
    },
  };
}

function creditorsOf(scope: Scope): readonly CreditorId[] | undefined {
  return scope.kind === 'creditors' ? scope.creditorIds : undefined;
}
