/**
 * What must hold on any day, whatever goes wrong: one property each. A checker looks at the world
 * itself (the network, the database, what was published) and not at what the engine says of itself,
 * unless the two are to be compared.
 */
import type { DialPermit } from '../../src/domain/compliance/gate.ts';
import type { Fact } from '../../src/domain/facts.ts';
import type { LegId } from '../../src/lib/ids.ts';
import { HOUR_MS, localTime, SECOND_MS, startOfLocalDay } from '../../src/lib/time.ts';
import type { World } from '../support/world.ts';

/** Ids of attempts that were there before the day began. */
export const EARLIER = 'attempt_earlier';
const ZONE = 'America/Sao_Paulo';
const ATTEMPTS_PERSON_DAY_MAX = 4;
const ATTEMPTS_PHONE_DAY_MAX = 2;
const RING_MS = 25_000;
const WAIT_MAX_MS = 2_000;

export class Violation extends Error {
  override readonly name = 'Violation';
}

function must(isSo: boolean, sentence: string): void {
  if (!isSo) throw new Violation(sentence);
}

// ── at every call that is dialed ────────────────────────────────────────────────────────────────

/** Asked by the network the moment a call is placed. Lines are counted where no signal is lost. */
export function checkDial(world: World, permit: DialPermit, isQuiet: boolean): void {
  aloneInItsCall(world, permit);
  permitted(world, permit);
  campaignRuns(world, permit);
  if (isQuiet) withinLines(world, permit);
  withinHours(world, permit);
  belowCaps(world, permit);
  forSomebodyAtWork(world);
}

/** Neither the debtor nor the number is in another call that lives in the PBX. */
function aloneInItsCall(world: World, permit: DialPermit): void {
  for (const [legId, leg] of world.network.legs) {
    if (legId === permit.legId) continue;
    must(leg.permit.debtorId !== permit.debtorId, `${permit.debtorId} is in two calls`);
    must(leg.permit.phone !== permit.phone, `${permit.phone} is in two calls`);
  }
}

/** Decision, attempt and call were committed before it left, and nobody spends a permit twice. */
function permitted(world: World, { decisionId, legId, expiresAt }: DialPermit): void {
  const [row] = world.query<{ allowed: number; call_id: string; outcome: string | null }>(
    `select decision.allowed, attempt.call_id, attempt.outcome from decision
     join attempt on attempt.decision_id = decision.id
     join call on call.id = attempt.call_id
     where decision.id = ? and attempt.leg_id = ?`,
    decisionId,
    legId,
  );
  must(row?.allowed === 1, `${legId} was dialed without a stored permit`);
  must(row?.outcome === null, `${legId} was dialed after its attempt was settled`);
  must(world.clock.now() <= expiresAt, `${legId} was dialed on an expired permit`);
  const spent = world.network.dialed.filter((one) => one.legId === legId).length;
  must(spent === 1, `${legId} was dialed ${spent} times`);
}

/** As stored: a supervisor's stop holds from the commit on. */
function campaignRuns(world: World, { legId }: DialPermit): void {
  const [row] = world.query<{ state: string }>(
    `select campaign.state from campaign join attempt on attempt.campaign_id = campaign.id
     where attempt.leg_id = ?`,
    legId,
  );
  must(row?.state === 'running', `${legId} was dialed for a campaign that is ${row?.state}`);
}

/** Of the trunk at once and in any second. */
function withinLines(world: World, { trunkId, legId }: DialPermit): void {
  const found = world.engine.board().trunks.find(({ trunk }) => trunk.id === trunkId);
  const { channelsMax = 0, callsPerSecondMax = 0 } = found?.trunk ?? {};
  const legs = [...world.network.legs.values()].filter((leg) => leg.permit.trunkId === trunkId);
  must(legs.length <= channelsMax, `${legId} is call ${legs.length} of ${channelsMax} channels`);
  const since = world.clock.now() - SECOND_MS;
  const [row] = world.query<{ n: number }>(
    'select count(*) as n from attempt where trunk_id = ? and placed_at > ?',
    trunkId,
    since,
  );
  must((row?.n ?? 0) <= callsPerSecondMax, `${legId} is call ${row?.n} of the trunk in a second`);
}

function withinHours(world: World, { phone, legId }: DialPermit): void {
  const { secondOfDay, weekday } = localTime(world.clock.now(), ZONE);
  const isRio = phone.startsWith('+5521');
  const opens = isRio ? 9 : 8;
  const closes = isRio ? 19 : 20;
  const hour = (secondOfDay * 1_000) / HOUR_MS;
  const lastHour = closes - RING_MS / HOUR_MS;
  must(weekday >= 1 && weekday <= 5, `${legId} was dialed on a day of rest`);
  must(hour >= opens && hour <= lastHour, `${legId} was dialed at ${hour} for ${phone}`);
}

/** Counted anew from the rows, those in flight and this one too. His own wish for a call is above them. */
function belowCaps(world: World, { debtorId, phone, purpose }: DialPermit): void {
  if (purpose === 'callback') return;
  const dayFrom = startOfLocalDay(world.clock.now(), ZONE);
  const count = (column: string, value: string): number =>
    world.query<{ n: number }>(
      `select count(*) as n from attempt where ${column} = ? and counts = 1 and placed_at >= ?`,
      value,
      dayFrom,
    )[0]?.n ?? 0;
  const ofPerson = count('debtor_id', debtorId);
  const ofPhone = count('phone', phone);
  must(ofPerson <= ATTEMPTS_PERSON_DAY_MAX, `${debtorId} is called the ${ofPerson}th time today`);
  must(ofPhone <= ATTEMPTS_PHONE_DAY_MAX, `${phone} is called the ${ofPhone}th time today`);
}

/** Zero agents means zero calls. */
function forSomebodyAtWork(world: World): void {
  const isSomebody = world.engine.board().agents.some(({ shift }) => {
    const present = shift?.screen.connected && shift.headset.pinned;
    return present && !['preparing', 'paused', 'ended'].includes(shift.activity.kind);
  });
  must(isSomebody, 'a call was placed although no agent is at work');
}

// ── all day long ────────────────────────────────────────────────────────────────────────────────

/** Whenever nothing is being decided. */
export async function checkMoment(world: World, leads: number): Promise<void> {
  onePersonToAnAgent(world);
  await storeAndMemoryAgree(world);
  funnelsAddUp(world, leads);
}

/** In the PBX: nobody hears two debtors. */
function onePersonToAnAgent(world: World): void {
  const bridges = new Set<string>();
  for (const { bridgeId, permit } of world.network.legs.values()) {
    if (!bridgeId) continue;
    must(!bridges.has(bridgeId), `${permit.legId} is in a bridge with another debtor`);
    bridges.add(bridgeId);
  }
}

/** What is on the disk is what the engine works with, so a restart changes nothing. */
async function storeAndMemoryAgree(world: World): Promise<void> {
  const { store } = world.storage;
  const calls = await store.read((view) => view.liveCalls());
  for (const call of calls) {
    const known = world.engine.call(call.id);
    must(known !== undefined, `${call.id} lives in the store and not in memory`);
    must(
      known?.version === call.version && known.state.kind === call.state.kind,
      `${call.id} is ${known?.state.kind} in memory and ${call.state.kind} in the store`,
    );
  }
  const { campaigns, agents } = world.engine.board();
  const live = campaigns.flatMap((campaign) => Object.values(campaign.live));
  const inMemory = live.reduce((sum, count) => sum + count, 0);
  must(inMemory === calls.length, `${inMemory} calls live in memory, ${calls.length} in the store`);
  const shifts = await store.read((view) => view.openShifts());
  for (const { shift } of shifts) {
    const known = world.engine.desk(shift.agentId).shift;
    must(known?.version === shift.version, `${shift.agentId}'s shift differs from the stored one`);
  }
  const working = agents.filter((agent) => agent.shift).length;
  must(working === shifts.length, `${working} shifts in memory, ${shifts.length} in the store`);
  const dayFrom = startOfLocalDay(world.clock.now(), ZONE);
  for (const { campaign, today } of campaigns) {
    const counted = await store.read((view) => view.campaignCounts(campaign.id, dayFrom));
    must(
      JSON.stringify(sorted(today)) === JSON.stringify(sorted(counted)),
      `${campaign.id} counts ${JSON.stringify(today)}, its rows ${JSON.stringify(counted)}`,
    );
  }
  must(
    world.engine.upTo() === (await store.read((view) => view.lastFactSequence())),
    'the newest fact in memory is not the newest one stored',
  );
}

function sorted(counts: object): [string, unknown][] {
  return Object.entries(counts).sort(([left], [right]) => (left < right ? -1 : 1));
}

/** No lead is lost or made: states add up to the list, and each is somewhere a reason can be given. */
function funnelsAddUp(world: World, leads: number): void {
  let total = 0;
  for (const { leads: funnel, campaign } of world.engine.board().campaigns) {
    const held = funnel.held.reduce((sum, one) => sum + one.leads, 0);
    const sum = funnel.finished + funnel.suppressed + funnel.dialing + funnel.due + held;
    must(sum === funnel.total, `${campaign.id}: ${sum} leads of ${funnel.total} in the funnel`);
    total += funnel.total;
  }
  must(total === leads, `${total} leads of ${leads}`);
}

// ── at the end ──────────────────────────────────────────────────────────────────────────────────

/** After everybody went home and the last call is over. */
export async function checkEnd(world: World): Promise<void> {
  factsAreOneSequence(world);
  callsEndOnce(world.facts);
  agentsTalkOneByOne(world.facts);
  attemptsAreSettled(world);
  answeredPeopleAreAccountedFor(world);
  nobodyIsLeft(world);
  nothingIsRemembered(world);
  must((await world.liveCalls()).length === 0, 'a call lives on');
}

/** Published and stored, without a gap, and none twice. */
function factsAreOneSequence(world: World): void {
  world.facts.forEach((fact, index) => {
    must(fact.sequence === index + 1, `fact ${fact.sequence} was published as number ${index + 1}`);
  });
  const [row] = world.query<{ n: number; last: number }>(
    'select count(*) as n, max(sequence) as last from fact',
  );
  must(row?.n === world.facts.length, `${row?.n} facts stored, ${world.facts.length} published`);
  must(row?.last === world.facts.length, `the newest fact is ${row?.last}`);
}

function callsEndOnce(facts: readonly Fact[]): void {
  const endings = new Map<string, number>();
  for (const { callId, body } of facts) {
    if (!callId) continue;
    if (body.kind === 'call-placed') endings.set(callId, 0);
    if (body.kind === 'call-ended') endings.set(callId, (endings.get(callId) ?? 0) + 1);
  }
  for (const [callId, count] of endings) must(count === 1, `${callId} ended ${count} times`);
}

/** A talk begins only when the agent's last one is over for him. */
function agentsTalkOneByOne(facts: readonly Fact[]): void {
  const talks = new Map<string, string>();
  const over = (callId: string): void => {
    for (const [agentId, talk] of talks) if (talk === callId) talks.delete(agentId);
  };
  for (const { callId, agentId, body } of facts) {
    if (body.kind === 'call-ended' && callId) over(callId);
    if (body.kind === 'shift-ended' && agentId) talks.delete(agentId);
    if (body.kind !== 'call-connected' || !callId) continue;
    const before = talks.get(body.agentId);
    must(
      before === undefined || before === callId,
      `${body.agentId} is in ${before} and talks in ${callId}`,
    );
    over(callId);
    talks.set(body.agentId, callId);
  }
}

function attemptsAreSettled(world: World): void {
  const open = world.query<{ id: string }>('select id from attempt where outcome is null');
  must(open.length === 0, `${open.length} attempts are not settled, the first is ${open[0]?.id}`);
  const [row] = world.query<{ attempts: number; calls: number }>(
    `select (select count(*) from attempt where id not like '${EARLIER}%') as attempts,
       (select count(*) from call) as calls`,
  );
  must(row?.attempts === row?.calls, `${row?.attempts} attempts of ${row?.calls} calls`);
}

/** Whoever answered met an agent, was abandoned, or hung up before: one of them, and counted as it. */
function answeredPeopleAreAccountedFor(world: World): void {
  const wrong = world.query<{ id: string }>(
    `select id from call where answered_at is not null and (
       (connected_at is null and abandonment is null)
       or (connected_at is not null and abandonment not in ('late')))`,
  );
  must(wrong.length === 0, `${wrong[0]?.id} was answered and nobody knows what became of him`);
}

/** A call that is over and on nobody's screen takes no memory. */
function nothingIsRemembered(world: World): void {
  for (const { callId } of world.facts) {
    const kept = callId && world.engine.call(callId);
    must(!kept, `${callId} is over and kept in memory`);
  }
}

/**
 * Only where every signal comes in time: whoever answers is put through to an agent, hears the message
 * or has hung up himself within the two seconds of the profile.
 */
export function checkWaits(world: World): void {
  const placed = world.query<{ call_id: string; leg_id: LegId; placed_at: number }>(
    'select call_id, leg_id, placed_at from attempt',
  );
  const legs = new Map(placed.map((row) => [row.call_id, row.leg_id]));
  const answeredAt = new Map<LegId, number>();
  const metAt = new Map<LegId, number>();
  for (const { at, callId, body } of world.facts) {
    const legId = callId && legs.get(callId);
    if (!legId) continue;
    if (body.kind === 'call-answered') answeredAt.set(legId, at);
    if (body.kind === 'call-ended' && !metAt.has(legId)) metAt.set(legId, at);
  }
  for (const { at, what, legId } of world.network.asked) {
    const answered = legId && answeredAt.get(legId);
    if (!answered || at < answered || !(what === 'bridge' || what.startsWith('announce'))) continue;
    metAt.set(legId, Math.min(at, metAt.get(legId) ?? at));
  }
  for (const [legId, at] of answeredAt) {
    const waitedMs = (metAt.get(legId) ?? Number.POSITIVE_INFINITY) - at;
    must(waitedMs <= WAIT_MAX_MS, `${legId} was answered and heard nothing for ${waitedMs} ms`);
  }
}

/** No leg in the PBX that nobody follows, no lead that waits for a call which is over. */
function nobodyIsLeft(world: World): void {
  must(world.network.legs.size === 0, `${[...world.network.legs.keys()][0]} is left in the PBX`);
  const stuck = world.query<{ id: string; state: string }>(
    "select id, state from lead where state in ('dialing', 'in-call')",
  );
  must(stuck.length === 0, `${stuck.length} leads are stuck, ${stuck[0]?.id} ${stuck[0]?.state}`);
}
