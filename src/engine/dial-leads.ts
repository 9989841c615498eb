import type { Call, CallOrder } from '../domain/calls/call.ts';
import { beginCall } from '../domain/calls/step-call.ts';
import type { AttemptCap } from '../domain/compliance/attempt-limits.ts';
import { mayDial, type Verdict } from '../domain/compliance/gate.ts';
import type { RefusalReason } from '../domain/compliance/refusal.ts';
import { type CallPurpose, voiceAt } from '../domain/contacts/contact.ts';
import type { Phone } from '../domain/debtors/phone.ts';
import { type Lead, needsGuaranteedAgent } from '../domain/leads/lead.ts';
import { phonesInOrder } from '../domain/leads/next-attempt.ts';
import { beginNegotiation } from '../domain/negotiations/negotiation.ts';
import type { PacingPlan } from '../domain/pacing/pacer.ts';
import { chooseRoute, type Route, type RouteRefusal } from '../domain/trunks/caller-id.ts';
import { present } from '../lib/assert.ts';
import { stateCode } from '../lib/br-area-codes.ts';
import { given } from '../lib/given.ts';
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
import type { DialHistoryRead, Need } from './ports/needs.ts';
import type { LeadCandidate } from './ports/records.ts';
import { StoreError } from './ports/store.ts';
import type { Ask } from './prepared.ts';
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
/** Spare candidates asked for at first, since the gate will refuse some; then for many. */
const SPARE_SHARE = 0.5;
const SPARE_FACTOR = 3;

export type DialResult = {
  readonly placed: number;
  readonly stopped?: 'no-leads-due' | 'held-back' | 'no-trunk-free' | 'no-trunk';
  /** Refusals of this look, by reason. */
  readonly refusals: Readonly<Record<string, number>>;
  /** An agent is kept for the last one placed: the plan counted on that agent for others. */
  readonly agentGuaranteed: boolean;
};

/**
 * Finds leads for so many calls, asks the gate about each, and places those it permits. Each look asks
 * the store once for leads with all that the gate is told of them, and then decides from memory.
 */
export async function dialLeads(
  turn: Turn,
  ask: Ask,
  runtime: CampaignRuntime,
  { place: wanted, because }: Pick<PacingPlan, 'place' | 'because'>,
  guaranteesLeft: number,
): Promise<DialResult> {
  const asked = new Set<DebtorId>();
  const refusals: Refusals = {};
  let placed = 0;
  let looks = 0;
  // One rule may hold a whole stretch of the list, which is not to cost a tick for every few leads.
  while (placed < wanted && asked.size < turn.limits.candidatesMax) {
    const [answered] = await ask([
      candidatesNeed(turn, runtime, candidatesAsked(wanted - placed, looks), asked),
    ]);
    looks += 1;
    if (!answered.ok) throw answered.error;
    const { candidates, unread, history, nextDueAt } = answered.answer;
    if (asked.size === 0 && candidates.length + unread.length === 0) {
      return turn.draft.decideOrThrow(() => nothingDue(turn, runtime, nextDueAt));
    }
    turn.draft.decideOrThrow(() => {
      for (const lead of unread) holdUnread(turn, runtime, refusals, lead);
    });
    if (candidates.length + unread.length === 0) break;
    for (const { debtor } of candidates) asked.add(debtor.id);
    for (const { debtorId } of unread) asked.add(debtorId as DebtorId);
    const about = { turn, runtime, refusals, because: because.kind };
    const parts = { ...about, guaranteesLeft: guaranteesLeft - placed };
    const tried = history
      ? turn.draft.decideOrThrow(() =>
          tryLeads(lookAt(parts, history), candidates, wanted - placed),
        )
      : await lookAtEach(ask, parts, candidates, wanted - placed);
    placed += tried.placed;
    if (tried.stopped === 'agent-guaranteed') return resultOf(placed, wanted, refusals, true);
    if (tried.stopped) return { placed, refusals, agentGuaranteed: false, stopped: tried.stopped };
  }
  return resultOf(placed, wanted, refusals, false);
}

function resultOf(
  placed: number,
  wanted: number,
  refusals: Refusals,
  agentGuaranteed: boolean,
): DialResult {
  const isHeldBack = placed < wanted && Object.keys(refusals).length > 0;
  return { placed, refusals, agentGuaranteed, ...(isHeldBack ? { stopped: 'held-back' } : {}) };
}

type Tries = { readonly placed: number; readonly stopped?: Stopped };

type About = Pick<Look, 'turn' | 'runtime' | 'refusals' | 'because' | 'guaranteesLeft'>;

/** What cannot be read of one person is not to cost the others: each is asked about alone then. */
async function lookAtEach(
  ask: Ask,
  about: About,
  candidates: readonly LeadCandidate[],
  wanted: number,
): Promise<Tries> {
  const { turn } = about;
  const histories = await ask(candidates.map((candidate) => historyNeed(turn, candidate)));
  let placed = 0;
  for (const [index, candidate] of candidates.entries()) {
    if (placed === wanted) break;
    const history = present(histories[index], 'each need is answered');
    const parts = { ...about, guaranteesLeft: about.guaranteesLeft - placed };
    const tried = turn.draft.decideOrThrow((): Tries => {
      if (history.ok) return tryLeads(lookAt(parts, history.answer), [candidate], 1);
      if (!isCorrupt(history.error)) throw history.error;
      holdMistaken(parts, candidate.lead, history.error);
      return { placed: 0 };
    });
    placed += tried.placed;
    if (tried.stopped) return { placed, stopped: tried.stopped };
  }
  return { placed };
}

function isCorrupt(error: unknown): boolean {
  return error instanceof StoreError && error.code === 'corrupt-row';
}

type Stopped = 'no-trunk-free' | 'no-trunk' | 'agent-guaranteed';

function tryLeads(look: Look, candidates: readonly LeadCandidate[], wanted: number): Tries {
  let placed = 0;
  for (const candidate of candidates) {
    if (placed === wanted) break;
    const tried = tryLeadSafely(look, candidate);
    if (tried === 'no-trunk-free' || tried === 'no-trunk') return { placed, stopped: tried };
    if (tried !== 'placed') continue;
    placed += 1;
    // The plan counted on the agent who is kept for this one; the next look knows better.
    if (needsGuaranteed(look, candidate.lead)) return { placed, stopped: 'agent-guaranteed' };
  }
  return { placed };
}

/** A lead that cannot be decided is held with that reason, and the next one has its turn. */
function tryLeadSafely(look: Look, candidate: LeadCandidate): Tried {
  const { turn } = look;
  const { lead } = candidate;
  const before = look.guaranteesLeft;
  const deciding = { what: 'lead', about: lead.id } as const;
  const decided = turn.draft.decide(() => tryLead(look, candidate), deciding);
  if (decided.ok) return decided.value;
  look.guaranteesLeft = before;
  holdMistaken(look, lead, decided.error);
  return 'refused';
}

/** One or two do, mostly; where the gate refused all of them, more are asked about, and then many at once. */
function candidatesAsked(wanted: number, looks: number): number {
  if (looks === 0) return Math.ceil(wanted * (1 + SPARE_SHARE));
  return looks === 1 ? wanted * SPARE_FACTOR + 2 : Number.POSITIVE_INFINITY;
}

function candidatesNeed(
  turn: Turn,
  runtime: CampaignRuntime,
  most: number,
  asked: ReadonlySet<DebtorId>,
): Need & { readonly kind: 'candidates' } {
  const { now } = turn;
  // A person whom this turn has decided about is looked at again when that is stored.
  const exceptDebtors = new Set([...turn.batch.debtorIds, ...asked]);
  for (const live of turn.state.calls.values()) {
    // The store knows that a lead is dialed; of the person behind it other leads may be due.
    const isKnown = live.lead.campaignId === runtime.campaign.id && isInCall(live.lead);
    if (isLive(live) && !isKnown) exceptDebtors.add(live.call.debtorId);
  }
  return {
    kind: 'candidates',
    campaignId: runtime.campaign.id,
    now,
    limit: Math.min(turn.limits.candidatesMax - asked.size, most),
    exceptDebtors: [...exceptDebtors],
    since: now - HISTORY_MS,
  };
}

function historyNeed(
  { now }: Turn,
  { debtor, phones, lead }: LeadCandidate,
): Need & { readonly kind: 'dial-history' } {
  return {
    kind: 'dial-history',
    debtorIds: [debtor.id],
    phones: phones.map(({ number }) => number),
    leadIds: [lead.id],
    since: now - HISTORY_MS,
    now,
  };
}

function isInCall({ state }: Lead): boolean {
  return state === 'dialing' || state === 'in-call';
}

function nothingDue(
  turn: Turn,
  runtime: CampaignRuntime,
  storedAt = Number.POSITIVE_INFINITY,
): DialResult {
  const { now } = turn;
  const planned = turn.batch.nextLeadDueAt(runtime.campaign.id);
  const dueAt = Math.min(storedAt, planned ?? Number.POSITIVE_INFINITY);
  turn.draft.change(runtime, {
    noLeadsBefore: Math.min(dueAt, now + EMPTY_LIST_MS),
    nextLeadAt: dueAt,
  });
  return { placed: 0, stopped: 'no-leads-due', refusals: {}, agentGuaranteed: false };
}

function lookAt(about: About, history: DialHistoryRead): Look {
  const profile = present(
    about.turn.state.profiles.get(about.runtime.campaign.profileId),
    'a running campaign has a compliance profile',
  );
  return { ...about, ...history, profile };
}

type Tried = 'placed' | 'refused' | 'no-trunk-free' | 'no-trunk';

/** Asks about the lead's numbers, the planned one first, until one may be dialed. */
function tryLead(look: Look, candidate: LeadCandidate): Tried {
  const { lead } = candidate;
  if (needsGuaranteed(look, lead) && look.guaranteesLeft <= 0) {
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
      place(look, candidate, phone, route, asked);
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
      contact: { ...voiceAt(phone.number), purpose: purposeOf(look, lead) },
      ...given({ callbackAskedAt: lead.callbackAskedAt }),
      campaignId: runtime.campaign.id,
      creditorId: candidate.creditorId,
      debtor: {
        id: debtor.id,
        ...given({ document: debtor.document }),
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
      ...given({ rightPartyContactAt: contactAt }),
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
          ...given({ retryAt: verdict.retryAt }),
        }),
  };
  batch.change({ kind: 'insert-decision', decision: row });
  return { verdict, decisionId, legId };
}

/** An agent has to be kept for the call to this lead. */
function needsGuaranteed({ turn, profile }: Look, lead: Lead): boolean {
  return needsGuaranteedAgent(lead, turn.batch.now, profile.zone);
}

function purposeOf(look: Look, lead: Lead): CallPurpose {
  if (needsGuaranteed(look, lead)) return 'redial-after-abandonment';
  return lead.callbackAskedAt === undefined ? 'campaign' : 'callback';
}

/** One commit: decision, attempt (which is the reservation), lead and call. Then the permit leaves. */
function place(
  look: Look,
  candidate: LeadCandidate,
  phone: Phone,
  route: GoodRoute,
  { verdict, decisionId, legId }: Asked,
): void {
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
  const attemptsByPhone = look.attemptsByPhone.get(lead.id) ?? {};
  const live: LiveCall = {
    call,
    leadAtPlacing: lead,
    agentGuaranteed: needsGuaranteed(look, lead),
    lead: { ...lead, state: 'dialing', nextPhoneId: phone.id },
    candidate,
    negotiation: beginNegotiation({ kind: 'call', callId: call.id }),
    agentsWhoKnow: [],
    attemptsByPhone,
  };
  turn.draft.set(turn.state.calls, call.id, live);
  turn.draft.set(turn.state.legs, legId, call.id);
  callPlacedOnTrunk(turn, trunk, batch.now);
  look.guaranteesLeft -= 1;
  batch.attempted({ debtorId: debtor.id, to: voiceAt(phone.number), at: batch.now, counts: true });
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
