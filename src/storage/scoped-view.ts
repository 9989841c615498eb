/**
 * Reads of doors, within the scope they give; `engine/ports/scope.ts` has the reach of each query.
 */
import { SUBJECTS_OF_CAMPAIGNS } from '../engine/ports/audit.ts';
import {
  type DoorView,
  isTheirs,
  type Scope,
  type ScopedReads,
  ScopeRefused,
} from '../engine/ports/scope.ts';
import type { StoreView } from '../engine/ports/store.ts';
import { type CampaignId, isId } from '../lib/ids.ts';
import { campaignById } from './campaigns.ts';
import type { Database } from './tables.ts';

export function createScopedReads(
  read: <T>(query: (db: Database) => Promise<T>) => Promise<T>,
  viewFor: (db: Database) => StoreView,
): ScopedReads {
  return { read: (scope, query) => read((db) => query(scopedView(db, viewFor(db), scope))) };
}

function scopedView(db: Database, view: StoreView, scope: Scope): DoorView {
  /** Undefined: all. */
  async function campaignsFor(query: keyof DoorView): Promise<readonly CampaignId[] | undefined> {
    if (scope.kind === 'house') return undefined;
    if (scope.kind === 'own') throw new ScopeRefused(query, scope);
    const campaigns = await view.campaigns();
    return campaigns.flatMap(({ id, creditorIds }) => (isTheirs(scope, creditorIds) ? [id] : []));
  }

  async function requireCampaign(query: keyof DoorView, id: string): Promise<void> {
    if (scope.kind === 'house') return;
    const campaign = isId('campaign', id) ? await campaignById(db, id) : undefined;
    if (!campaign || !isTheirs(scope, campaign.creditorIds)) throw new ScopeRefused(query, scope);
  }

  return {
    async auditEntries(limit, wanted) {
      const ofCampaigns = await campaignsFor('auditEntries');
      const { subjects } = wanted ?? {};
      const isAny = subjects?.some((one) => SUBJECTS_OF_CAMPAIGNS.some((known) => known === one));
      // Rows of another kind belong to no campaign: rather refused than shown as none.
      if (ofCampaigns && isAny === false) throw new ScopeRefused('auditEntries', scope);
      return view.auditEntries(limit, wanted, ofCampaigns);
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
      return view.undisposedCalls(limit, await campaignsFor('undisposedCalls'));
    },
    async unwantedPhones(now) {
      return view.unwantedPhones(now, await campaignsFor('unwantedPhones'));
    },
  };
}
