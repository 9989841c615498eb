/**
 * Why a campaign dials nothing, or only one call for each free agent. Screens show exactly this.
 */
import { unreachable } from '../../lib/assert.ts';
import type { EpochMs } from '../../lib/time.ts';
import type { AbandonmentBank, BankState } from '../abandonment/bank.ts';
import { type AgentCounts, agentsAtWork, type Lines, MEASURES } from '../reports/measures.ts';
import type { Campaign } from './campaign.ts';

/** What keeps a campaign from dialing. */
export type Blocker =
  | { readonly kind: 'telephony'; readonly because: string | null }
  | { readonly kind: 'store-held-up' }
  | { readonly kind: 'disk-full' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'paused' }
  | { readonly kind: 'no-agents' }
  | { readonly kind: 'agents-absent'; readonly absent: number }
  | {
      readonly kind: 'no-agent-free';
      readonly talking: number;
      readonly wrappingUp: number;
      readonly undisposed: number;
    }
  | { readonly kind: 'lines-zero' }
  | { readonly kind: 'lines-full'; readonly linesMax: number }
  | { readonly kind: 'no-trunk' }
  | { readonly kind: 'trunks-suspended'; readonly until: EpochMs }
  /** `nextAt`: when the next lead is due; null when none waits for a moment. */
  | { readonly kind: 'no-leads'; readonly nextAt: EpochMs | null }
  | { readonly kind: 'abandonment'; readonly abandoned: number; readonly answered: number };

/** `suspendedUntil`: absent when the trunk may be used, if it is enabled. */
export type TrunkRest = {
  readonly trunk: { readonly enabled: boolean };
  readonly suspendedUntil?: EpochMs;
};

/** What all campaigns share. */
export type HouseState = {
  readonly now: EpochMs;
  readonly telephony: { readonly up: boolean; readonly because?: string };
  readonly storeHeldUp: boolean;
  readonly diskFull: boolean;
  readonly trunks: readonly TrunkRest[];
};

export type CampaignSituation = {
  readonly campaign: Pick<Campaign, 'state' | 'pacing'>;
  readonly agents: AgentCounts;
  readonly live: Lines;
  readonly leads: {
    readonly due: number;
    readonly held: readonly { readonly nextAt: EpochMs }[];
  };
  readonly abandonment: Pick<AbandonmentBank, 'state' | 'abandoned' | 'answers'>;
};

/**
 * Everything that keeps a campaign from dialing, the most basic cause first; empty when nothing
 * does.
 */
export function blockersOf(house: HouseState, situation: CampaignSituation): readonly Blocker[] {
  const { campaign, abandonment } = situation;
  const blockers: Blocker[] = [];
  if (!house.telephony.up) {
    blockers.push({ kind: 'telephony', because: house.telephony.because ?? null });
  }
  if (house.storeHeldUp) blockers.push({ kind: 'store-held-up' });
  if (house.diskFull) blockers.push({ kind: 'disk-full' });
  if (campaign.state !== 'running') blockers.push({ kind: campaign.state });
  blockers.push(
    ...agentBlockers(situation.agents),
    ...lineBlockers(house, situation),
    ...leadBlockers(house, situation),
  );
  if (fallsBack(campaign) && abandonment.state === 'empty') {
    const { abandoned, answers } = abandonment;
    blockers.push({ kind: 'abandonment', abandoned, answered: answers });
  }
  return blockers;
}

function agentBlockers(agents: AgentCounts): readonly Blocker[] {
  if (agentsAtWork(agents) === 0) {
    const { absent } = agents;
    return [absent > 0 ? { kind: 'agents-absent', absent } : { kind: 'no-agents' }];
  }
  if (agents.free > 0) return [];
  const { wrappingUp, undisposed } = agents;
  const talking = MEASURES.talking.numerator(agents);
  return [{ kind: 'no-agent-free', talking, wrappingUp, undisposed }];
}

function lineBlockers(
  { trunks, now }: HouseState,
  { campaign, live }: CampaignSituation,
): readonly Blocker[] {
  const blockers: Blocker[] = [];
  const { linesMax } = campaign.pacing;
  if (linesMax === 0) blockers.push({ kind: 'lines-zero' });
  else if (MEASURES.dialing.numerator({ live, linesMax }) >= linesMax) {
    blockers.push({ kind: 'lines-full', linesMax });
  }
  const blocker = trunkBlocker(trunks, now);
  return blocker ? [...blockers, blocker] : blockers;
}

/**
 * The blocker when no trunk is enabled, or all enabled ones rest after failures; undefined while
 * one may be used.
 */
export function trunkBlocker(
  trunks: readonly TrunkRest[],
  now: EpochMs,
): Extract<Blocker, { kind: 'no-trunk' | 'trunks-suspended' }> | undefined {
  const enabled = trunks.filter(({ trunk }) => trunk.enabled);
  if (enabled.length === 0) return { kind: 'no-trunk' };
  const until = Math.min(...enabled.map(({ suspendedUntil = 0 }) => suspendedUntil));
  return until > now ? { kind: 'trunks-suspended', until } : undefined;
}

function leadBlockers({ now }: HouseState, { leads }: CampaignSituation): readonly Blocker[] {
  if (leads.due > 0) return [];
  const next = leads.held.map(({ nextAt }) => nextAt).filter((at) => at > now);
  return [{ kind: 'no-leads', nextAt: next.length > 0 ? Math.min(...next) : null }];
}

/** Only these modes fall back to one call for each free agent; the others never dial more. */
function fallsBack({ pacing }: Pick<Campaign, 'pacing'>): boolean {
  return pacing.mode === 'ratio' || pacing.mode === 'predictive';
}

/** What the dialer does about a campaign whose cap is nearly or completely used. */
export type AlarmDoing =
  /** The campaign is paused, so nothing new is dialed. */
  | { readonly kind: 'paused' }
  /** Its mode never dials more than one call for each free agent. */
  | { readonly kind: 'one-to-one-anyway' }
  /** Predictive mode lowers the accepted risk near the cap. */
  | { readonly kind: 'braking'; readonly left: number }
  /** A fixed ratio changes nothing before the cap. */
  | { readonly kind: 'ratio-goes-on'; readonly ratio: number; readonly left: number }
  /**
   * One call for each free agent at the cap; it ends when `answersMissing` more people got an agent
   * in time.
   */
  | { readonly kind: 'one-to-one'; readonly answersMissing: number };

type BankLeft = Pick<AbandonmentBank, 'abandoned' | 'answers' | 'rateMax' | 'left'>;

/** Undefined without an alarm, and for a stopped campaign, which dials nothing. */
export function alarmDoing(
  { state, pacing }: Pick<Campaign, 'state' | 'pacing'>,
  bank: BankLeft & { readonly state: BankState },
): AlarmDoing | undefined {
  if (bank.state === 'ok' || state === 'stopped') return undefined;
  if (state === 'paused') return { kind: 'paused' };
  const left = Math.max(0, Math.floor(bank.left));
  switch (pacing.mode) {
    case 'progressive':
    case 'preview':
      return { kind: 'one-to-one-anyway' };
    case 'predictive':
    case 'ratio':
      if (bank.state === 'empty') return { kind: 'one-to-one', answersMissing: missing(bank) };
      return pacing.mode === 'ratio'
        ? { kind: 'ratio-goes-on', ratio: pacing.ratio, left }
        : { kind: 'braking', left };
    default:
      return unreachable(pacing);
  }
}

/** Tolerance for floating-point results: 18 ÷ 0.03 may be slightly below 600. */
const HAIR = 1e-6;

/**
 * How many more people must get an agent in time until the bank is positive; 0 when no number of
 * them helps.
 */
function missing({ abandoned, answers, rateMax }: BankLeft): number {
  if (rateMax <= 0) return 0;
  return Math.max(1, Math.ceil(Math.floor(abandoned / rateMax + HAIR) + 1 - answers));
}
