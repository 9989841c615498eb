import type { Call, CallOrder } from '../domain/calls/call.ts';
import { beginCall } from '../domain/calls/step-call.ts';
import type { AttemptCap, DialPurpose } from '../domain/compliance/attempt-limits.ts';
import { mayDial, type Verdict } from '../domain/compliance/gate.ts';
import type { RefusalReason } from '../domain/compliance/refusal.ts';
import type { Phone } from '../domain/debtors/phone.ts';
import { type Lead, needsAgentFirst } from '../domain/leads/lead.ts';
import { phonesInOrder } from '../domain/leads/next-attempt.ts';
import type { PacingPlan } from '../domain/pacing/pacer.ts';
import { chooseRoute, type Route, type RouteRefusal } from '../domain/trunks/caller-id.ts';
import { present } from '../lib/assert.ts';
import { stateCode } from '../lib/br-area-codes.ts';
import { type DebtorId, newId } from '../lib/ids.ts';
import type { E164 } from '../lib/phone-number.ts';
import { DAY_MS } from '../lib/time.ts';
import { count } from './count-day.ts';
import {
  holdLead,
  holdMistaken,
  holdUnread,
  isAboutPerson,
  type Look,
  noteRefusal,
  type Refusals,
  type Refused,
  ROUTE_HOLD_MS,
  settleRefusals,
} from './hold-lead.ts';
import type { Memory } from './memory.ts';
import type { Claim } from './ports/commit.ts';
import type { LeadCandidate } from './ports/records.ts';
import { StoreError, StoreHeldUpError, type UnreadLead } from './ports/store.ts';
import { type CampaignRuntime, isLive, type LiveCall } from './state.ts';
import type { Turn } from './turn.ts';
import { restingCallerIds } from './watch-caller-ids.ts';
import { callPlacedOnTrunk, trunkState } from './watch-trunk.ts';

/** The longest look back that any cap needs: a calendar month. */
const HISTORY_MS = 31 * DAY_MS;
/** Numbers of one person asked about in one look. */
const PHONES_TRIED_MAX = 6;
const ROUTE_HOLDS: ReadonlyMap<RouteRefusal, { reason: RefusalReason; clause: string }> = new Map([
  [
    'no-caller-id',
    { reason: 'caller-id-not-owned', clause: 'BR-07: nenhum número próprio para este DDD' },
  ],
  [
    'caller-id-resting',
    { reason: 'caller-id-resting', clause: 'BR-07: números para este DDD em descanso' },
  ],
]);
/** With nothing due at all the list is looked at again after this. */
const EMPTY_LIST_MS = 30_000;
/** Spare candidates asked for, since the gate will refuse some. */
const SPARE_FACTOR = 3;

export type DialResult = {
  readonly placed: number;
  readonly stopped?: 'no-leads-due' | 'held-back' | 'no-trunk-free' | 'no-trunk';
  /** Refusals of this look, by reason. */
  readonly refusals: Readonly<Record<string, number>>;
  /** An agent is kept for the last one placed: the plan counted on that agent for others. */
  readonly agentKept: boolean;
};

/** Finds leads for so many calls, asks the gate about each, and places those it permits. */
export async function dialLeads(
  turn: Turn,
  runtime: CampaignRuntime,
  { place: wanted, because }: Pick<PacingPlan, 'place' | 'because'>,
  oneToOneLeft: number,
): Promise<DialResult> {
  const asked = new Set<DebtorId>();
  const refusals: Refusals = {};
  let placed = 0;
  let agentKept = false;
  // One rule may hold a whole stretch of the list, which is not to cost a tick for every few leads.
  while (placed < wanted && asked.size < turn.limits.candidatesMax) {
    const { candidates, unread } = await candidatesFor(turn, runtime, wanted - placed, asked);
    for (const lead of unread) holdUnread(turn, runtime, refusals, lead);
    if (candidates.length + unread.length === 0) break;
    for (const { debtor } of candidates) asked.add(debtor.id);
    for (const { debtorId } of unread) asked.add(debtorId as DebtorId);
    const left = oneToOneLeft - placed;
    const about = { refusals, because: because.kind, oneToOneLeft: left };
    const parts = { turn, runtime };
    const tried = await lookAndTry(parts, about, candidates, wanted - placed);
    placed += tried.placed;
    agentKept = tried.stopped === 'agent-kept';
    if (agentKept) break;
    if (tried.stopped) {
      return {
        placed,
        refusals,
        agentKept,
        stopped: tried.stopped as 'no-trunk' | 'no-trunk-free',
      };
    }
  }
  if (asked.size === 0) return nothingDue(turn, runtime);
  const isHeldBack = placed < wanted && Object.keys(refusals).length > 0;
  return { placed, refusals, agentKept, ...(isHeldBack ? { stopped: 'held-back' } : {}) };
}

type Tries = { readonly placed: number; readonly stopped?: Stopped };

/** What cannot be read of one person is not to cost the others: each is looked at alone then. */
async function lookAndTry(
  parts: Pick<Look, 'turn' | 'runtime'>,
  about: Pick<Look, 'refusals' | 'because' | 'oneToOneLeft'>,
  candidates: readonly LeadCandidate[],
  wanted: number,
): Promise<Tries> {
  let read: Awaited<ReturnType<typeof lookAt>>;
  try {
    read = await lookAt(parts, candidates);
  } catch (error) {
    if (!isCorrupt(error)) throw error;
    const [only, ...others] = candidates;
    if (!only || others.length > 0) return lookAtEach(parts, about, candidates, wanted);
    holdMistaken({ ...parts, ...about }, only.lead, error);
    return { placed: 0 };
  }
  return tryLeads({ ...read, ...about }, candidates, wanted);
}

async function lookAtEach(
  parts: Pick<Look, 'turn' | 'runtime'>,
  about: Pick<Look, 'refusals' | 'because' | 'oneToOneLeft'>,
  candidates: readonly LeadCandidate[],
  wanted: number,
): Promise<Tries> {
  let placed = 0;
  for (const candidate of candidates) {
    if (placed === wanted) break;
    const oneToOneLeft = about.oneToOneLeft - placed;
    const tried = await lookAndTry(parts, { ...about, oneToOneLeft }, [candidate], 1);
    placed += tried.placed;
    if (tried.stopped) return { placed, stopped: tried.stopped };
  }
  return { placed };
}

function isCorrupt(error: unknown): boolean {
  return error instanceof StoreError && error.code === 'corrupt-row';
}

type Stopped = 'no-trunk-free' | 'no-trunk' | 'agent-kept';

async function tryLeads(
  look: Look,
  candidates: readonly LeadCandidate[],
  wanted: number,
): Promise<Tries> {
  let placed = 0;
  for (const candidate of candidates) {
    if (placed === wanted) break;
    const tried = await tryLeadSafely(look, candidate);
    if (tried === 'no-trunk-free' || tried === 'no-trunk') return { placed, stopped: tried };
    if (tried !== 'placed') continue;
    placed += 1;
    // The plan counted on the agent who is kept for this one; the next look knows better.
    if (isKeptFor(look, candidate.lead)) return { placed, stopped: 'agent-kept' };
  }
  return { placed };
}

/** A lead that cannot be decided is held with that reason, and the next one has its turn. */
async function tryLeadSafely(look: Look, candidate: LeadCandidate): Promise<Tried> {
  const { turn } = look;
  const { lead } = candidate;
  const before = look.oneToOneLeft;
  const decided = await turn.draft.decide(() => tryLead(look, candidate), {
    what: 'lead',
    about: lead.id,
  });
  if (decided.ok) return decided.value;
  if (decided.error instanceof StoreHeldUpError) throw decided.error;
  look.oneToOneLeft = before;
  holdMistaken(look, lead, decided.error);
  return 'refused';
}

type Found = {
  readonly candidates: readonly LeadCandidate[];
  readonly unread: readonly UnreadLead[];
};

async function candidatesFor(
  turn: Turn,
  runtime: CampaignRuntime,
  wanted: number,
  asked: ReadonlySet<DebtorId>,
): Promise<Found> {
  // Whoever this turn has decided about is looked at again when that is stored.
  const exceptDebtors = new Set([...turn.batch.debtorIds, ...asked]);
  for (const live of turn.state.calls.values()) {
    // The store knows that a lead is dialed; of the person behind it other leads may be due.
    const isKnown = live.lead.campaignId === runtime.campaign.id && isInCall(live.lead);
    if (isLive(live) && !isKnown) exceptDebtors.add(live.call.debtorId);
  }
  // A few do, mostly; where the gate refused all of them, many are asked about at once.
  const few = asked.size === 0 ? wanted * SPARE_FACTOR + 2 : turn.limits.candidatesMax;
  const unread: UnreadLead[] = [];
  const candidates = await turn.store.read((view) =>
    view.dialableLeads({
      campaignId: runtime.campaign.id,
      now: turn.batch.now,
      limit: Math.min(turn.limits.candidatesMax - asked.size, few),
      exceptDebtors: [...exceptDebtors],
      onCorrupt: (lead) => unread.push(lead),
    }),
  );
  return { candidates, unread };
}

function isInCall({ state }: Lead): boolean {
  return state === 'dialing' || state === 'in-call';
}

async function nothingDue(turn: Turn, runtime: CampaignRuntime): Promise<DialResult> {
  const { now } = turn.batch;
  const { id } = runtime.campaign;
  const stored = await turn.store.read((view) => view.nextLeadDueAt(id, now));
  const planned = turn.batch.nextLeadDueAt(id);
  const dueAt = Math.min(stored ?? Number.POSITIVE_INFINITY, planned ?? Number.POSITIVE_INFINITY);
  turn.draft.change(runtime, {
    noLeadsBefore: Math.min(dueAt, now + EMPTY_LIST_MS),
    nextLeadAt: dueAt,
  });
  return { placed: 0, stopped: 'no-leads-due', refusals: {}, agentKept: false };
}

async function lookAt(
  { turn, runtime }: Pick<Look, 'turn' | 'runtime'>,
  candidates: readonly LeadCandidate[],
): Promise<Omit<Look, 'refusals' | 'because' | 'oneToOneLeft'>> {
  const { now } = turn.batch;
  const debtorIds = candidates.map(({ debtor }) => debtor.id);
  const phones = candidates.flatMap((candidate) => candidate.phones.map((one) => one.number));
  const profile = present(
    turn.state.profiles.get(runtime.campaign.profileId),
    'a running campaign has a compliance profile',
  );
  return turn.store.read(async (view) => ({
    turn,
    runtime,
    profile,
    attempts: await view.pastAttempts({ debtorIds, phones, since: now - HISTORY_MS }),
    blocks: await view.blocks({ debtorIds, phones, now }),
    contacts: await view.rightPartyContacts(debtorIds, now - HISTORY_MS),
  }));
}

type Tried = 'placed' | 'refused' | 'no-trunk-free' | 'no-trunk';

/** Asks about the lead's numbers, the planned one first, until one may be dialed. */
async function tryLead(look: Look, candidate: LeadCandidate): Promise<Tried> {
  const { lead } = candidate;
  if (isKeptFor(look, lead) && look.oneToOneLeft <= 0) {
    noteRefusal(look.turn, look.refusals, 'agent-first');
    return 'refused';
  }
  const phones = phonesToTry(candidate);
  const refusals: { readonly phone: Phone; readonly verdict: Refused }[] = [];
  for (const phone of phones) {
    const route = routeFor(look, phone.number);
    if ('refused' in route) {
      if (route.refused === 'no-trunk') return 'no-trunk';
      const hold = ROUTE_HOLDS.get(route.refused);
      if (!hold) return 'no-trunk-free';
      holdLead(look, lead, hold.reason, hold.clause, look.turn.batch.now + ROUTE_HOLD_MS);
      return 'refused';
    }
    const asked = ask(look, candidate, phone, route);
    if (asked.verdict.allowed) {
      await place(look, candidate, phone, route, asked);
      return 'placed';
    }
    refusals.push({ phone, verdict: asked.verdict });
    if (isAboutPerson(look, lead, asked.verdict.reason)) break;
  }
  settleRefusals(look, lead, refusals);
  return 'refused';
}

function phonesToTry({ lead, phones }: LeadCandidate): readonly Phone[] {
  const order = phonesInOrder(phones);
  const planned = order.find((phone) => phone.id === lead.nextPhoneId);
  const first = planned ? [planned, ...order.filter((phone) => phone !== planned)] : order;
  return first.slice(0, PHONES_TRIED_MAX);
}

function routeFor(look: Look, phone: E164): Route {
  const { state } = look.turn;
  const { now } = look.turn.batch;
  return chooseRoute({
    phone,
    trunks: [...state.trunks.values()].map((one) => trunkState(one, now)),
    callerIds: state.callerIds,
    resting: restingCallerIds(look.turn),
    campaign: look.runtime.campaign,
    now,
  });
}

type GoodRoute = Exclude<Route, { refused: unknown }>;
type Asked = {
  readonly verdict: Verdict;
  readonly decisionId: `decision_${string}`;
  readonly legId: `leg_${string}`;
};

/** Asks the gate, and keeps what it said as a row whatever it was. */
function ask(look: Look, candidate: LeadCandidate, phone: Phone, route: GoodRoute): Asked {
  const { turn, runtime, profile } = look;
  const { batch } = turn;
  const { debtor, lead } = candidate;
  const decisionId = newId('decision', batch.now, turn.random);
  const legId = newId('leg', batch.now, turn.random);
  const trunk = present(turn.state.trunks.get(route.trunkId), 'a route names a known trunk').trunk;
  const legalEntity = present(
    turn.state.legalEntities.get(runtime.campaign.legalEntityId),
    'a campaign belongs to a legal entity',
  );
  const contactAt = look.contacts.get(debtor.id);
  const verdict = mayDial(
    {
      decisionId,
      legId,
      purpose: purposeOf(look, lead),
      ...(lead.callbackAskedAt === undefined ? {} : { callbackAskedAt: lead.callbackAskedAt }),
      campaignId: runtime.campaign.id,
      creditorId: candidate.creditorId,
      debtor: {
        id: debtor.id,
        ...(debtor.document === undefined ? {} : { document: debtor.document }),
        addressStates: debtor.addresses.flatMap(({ state }) => stateCode(state ?? '') ?? []),
      },
      phone,
      trunk,
      callerId: route.callerId,
      ringTimeoutMs: runtime.campaign.ringTimeoutMs,
    },
    {
      attempts: [...look.attempts, ...batch.attempts],
      blocks: look.blocks,
      ...(contactAt === undefined ? {} : { rightPartyContactAt: contactAt }),
      legalEntity,
    },
    profile,
    batch.now,
  );
  const row = {
    id: decisionId,
    at: batch.now,
    campaignId: runtime.campaign.id,
    leadId: lead.id,
    debtorId: debtor.id,
    phoneId: phone.id,
    profileId: profile.id,
    profileVersion: String(profile.version),
    allowed: verdict.allowed,
    rules: JSON.stringify(verdict.rules),
    ...(verdict.allowed
      ? {}
      : {
          reason: verdict.reason,
          clause: verdict.clause,
          ...(verdict.retryAt === undefined ? {} : { retryAt: verdict.retryAt }),
        }),
  };
  batch.change({ kind: 'insert-decision', decision: row });
  return { verdict, decisionId, legId };
}

/** An agent has to be kept for the call to this lead. */
function isKeptFor({ turn, profile }: Look, lead: Lead): boolean {
  return needsAgentFirst(lead, turn.batch.now, profile.zone);
}

function purposeOf(look: Look, lead: Lead): DialPurpose {
  if (isKeptFor(look, lead)) return 'redial-after-abandonment';
  return lead.callbackAskedAt === undefined ? 'campaign' : 'callback';
}

/** One commit: decision, attempt (which is the reservation), lead and call. Then the permit leaves. */
async function place(
  look: Look,
  candidate: LeadCandidate,
  phone: Phone,
  route: GoodRoute,
  { verdict, decisionId, legId }: Asked,
): Promise<void> {
  const { turn, runtime, profile } = look;
  const { batch } = turn;
  if (!verdict.allowed) return;
  const trunk = present(turn.state.trunks.get(route.trunkId), 'a route names a known trunk');
  const { debtor, lead } = candidate;
  const { call, effects } = beginCall({
    id: newId('call', batch.now, turn.random),
    legId,
    attemptId: newId('attempt', batch.now, turn.random),
    campaignId: runtime.campaign.id,
    leadId: lead.id,
    debtorId: debtor.id,
    phoneId: phone.id,
    phone: phone.number,
    trunkId: route.trunkId,
    callerId: route.callerId.number,
    ringTimeoutMs: runtime.campaign.ringTimeoutMs,
    waitMaxMs: profile.abandonment.waitMaxMs,
    clockStart: profile.abandonment.clockStart,
    graceMs: turn.limits.graceMs,
    ...screeningOf(turn, runtime),
    causeOverrides: trunk.trunk.causeOverrides,
    placedAt: batch.now,
  });
  const attemptsByPhone = await turn.store.read((view) => view.attemptsByPhone(lead.id));
  const live: LiveCall = {
    call,
    leadAtPlacing: lead,
    agentKept: isKeptFor(look, lead),
    lead: { ...lead, state: 'dialing', nextPhoneId: phone.id },
    candidate,
    rightPartyConfirmed: false,
    evidenceMisses: 0,
    dispositionMissing: false,
    agentsWhoKnow: [],
    attemptsByPhone,
  };
  turn.draft.set(turn.state.calls, call.id, live);
  turn.draft.set(turn.state.legs, legId, call.id);
  callPlacedOnTrunk(turn, trunk, batch.now);
  look.oneToOneLeft -= 1;
  batch.attempted({ debtorId: debtor.id, phone: phone.number, at: batch.now, counts: true });
  batch.callChanged(live);
  batch.leadChanged(live.lead);
  const attempt = {
    id: call.attemptId,
    callId: call.id,
    legId,
    decisionId,
    campaignId: call.campaignId,
    leadId: lead.id,
    debtorId: debtor.id,
    phoneId: phone.id,
    phone: phone.number,
    trunkId: call.trunkId,
    callerId: route.callerId.number,
    placedAt: batch.now,
  };
  batch.change({ kind: 'insert-attempt', attempt });
  batch.claim(...claimsOf(call, lead, verdict.caps));
  batch.callFact(live, {
    kind: 'call-placed',
    because: look.because,
    route: route.because,
  });
  count(turn, runtime, 'attempts', batch.now);
  for (const effect of effects) {
    if (effect.kind === 'set-timer') {
      turn.timers.set({ of: 'call', callId: call.id, timer: effect.timer }, effect.at);
    }
  }
  batch.effect({ kind: 'originate', permit: verdict.permit });
}

/** All that the gate was told of person, number, lead and caps must still be so when it is stored. */
function claimsOf(
  { legId, debtorId, phone }: Call,
  { id, state, notBeforeAt, cycle, attempts }: Lead,
  caps: readonly AttemptCap[],
): readonly Claim[] {
  return [
    { kind: 'person', legId, debtorId },
    { kind: 'number', legId, phone },
    { kind: 'lead', legId, lead: { id, state, notBeforeAt, cycle, attempts } },
    ...caps.map(({ of, since, max }): Claim => {
      return { kind: 'cap', legId, of: of === 'person' ? { debtorId } : { phone }, since, max };
    }),
  ];
}

/** Which calls are sampled is drawn when they are placed, whatever will answer. */
function screeningOf(memory: Memory, { campaign }: CampaignRuntime): Pick<CallOrder, 'screening'> {
  const { amd, amdSampleShare } = campaign;
  if (amd === 'off') return {};
  return { screening: { mode: amd, sampled: memory.random() < amdSampleShare } };
}
