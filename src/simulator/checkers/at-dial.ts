/**
 * What must hold at the moment a call is dialed. The network asks for it, and a call that may not
 * be dialed is a violation.
 */
import type { DialPermit } from '../../domain/compliance/gate.ts';
import { HOUR_MS, localTime, MINUTE_MS, startOfLocalDay } from '../../lib/time.ts';
import { ZONE } from '../operation.ts';
import type { World } from '../world.ts';
import { isEquipped } from './stored-bodies.ts';
import type { Watched } from './watched.ts';

/** The caps of the simulated operations' compliance profile, written again as its file says. */
const ATTEMPTS_PERSON_DAY_MAX = 4;
const ATTEMPTS_PHONE_DAY_MAX = 2;
/** The shortest gap of all, after a busy. */
const REST_MIN_MS = 5 * MINUTE_MS;

export function checkDial(watch: Watched, permit: DialPermit): void {
  aloneInItsCall(watch, permit);
  permitted(watch, permit);
  withinHours(watch, permit);
  belowCaps(watch, permit);
  numbersRest(watch, permit);
  forSomebodyAtWork(watch);
  whileStoring(watch, permit);
}

/** A dialed call was stored before; while nothing can be stored, nothing is dialed. */
function whileStoring({ world, checks }: Watched, { legId }: DialPermit): void {
  checks.must('held-up-places-nothing', world.storeHeldUp === undefined, () => {
    return `${legId} was dialed while the store was held up`;
  });
}

/** Neither the debtor nor the number is in another call that lives in the PBX. */
function aloneInItsCall({ world, checks }: Watched, permit: DialPermit): void {
  for (const [legId, leg] of world.network.legs) {
    if (legId === permit.legId) continue;
    const { debtorId, phone } = leg.permit;
    const isOther = debtorId !== permit.debtorId && phone !== permit.phone;
    if (!isOther) {
      checks.must('one-call-to-a-person', false, () => {
        return `${permit.debtorId} at ${permit.phone} is in two calls`;
      });
    }
  }
  checks.must('one-call-to-a-person', true, () => '');
}

/** Decision, attempt and call were committed before the call left, and the permit is spent once. */
function permitted(watch: Watched, { decisionId, legId, expiresAt }: DialPermit): void {
  const { world, checks } = watch;
  const [row] = world.query<{ allowed: number; outcome: string | null; state: string }>(
    `select decision.allowed, attempt.outcome, campaign.state from decision
     join attempt on attempt.decision_id = decision.id
     join call on call.id = attempt.call_id
     join campaign on campaign.id = attempt.campaign_id
     where decision.id = ? and attempt.leg_id = ?`,
    decisionId,
    legId,
  );
  const property = 'permit-before-dial';
  checks.must(property, row?.allowed === 1, () => `${legId} was dialed without a stored permit`);
  checks.must(property, row?.outcome === null, () => `${legId} was dialed after it was settled`);
  checks.must(property, world.clock.now() <= expiresAt, () => `${legId}'s permit had expired`);
  checks.must(property, !watch.dialed.has(legId), () => `${legId} was dialed twice`);
  watch.dialed.add(legId);
  // Read from the store: a supervisor's stop holds from its commit on.
  checks.must('running-campaigns-only', row?.state === 'running', () => {
    return `${legId} was dialed for a campaign that is ${row?.state}`;
  });
}

function withinHours({ world, checks, settings }: Watched, { phone, legId }: DialPermit): void {
  const { secondOfDay, weekday } = localTime(world.clock.now(), ZONE);
  const isRio = phone.startsWith('+5521');
  const opens = isRio ? 9 : 8;
  const closes = (isRio ? 19 : 20) - settings.ringTimeoutMs / HOUR_MS;
  const hour = (secondOfDay * 1_000) / HOUR_MS;
  const isWorkday = weekday >= 1 && weekday <= 5;
  checks.must('within-hours', isWorkday && hour >= opens && hour <= closes, () => {
    return `${legId} was dialed at ${hour} o'clock of weekday ${weekday} for ${phone}`;
  });
}

/**
 * Counted anew from the rows, including calls in flight and this one. A call that the debtor asked
 * for is exempt.
 */
function belowCaps({ world, checks }: Watched, { debtorId, phone, purpose }: DialPermit): void {
  if (purpose === 'callback') return;
  const dayFrom = startOfLocalDay(world.clock.now(), ZONE);
  const [row] = world.query<{ person: number; phone: number }>(
    `select
       (select count(*) from attempt where debtor_id = ? and counts = 1 and placed_at >= ?) person,
       (select count(*) from attempt where phone = ? and counts = 1 and placed_at >= ?) phone`,
    debtorId,
    dayFrom,
    phone,
    dayFrom,
  );
  checks.must('below-caps', (row?.person ?? 0) <= ATTEMPTS_PERSON_DAY_MAX, () => {
    return `${debtorId} is called the ${row?.person}th time today`;
  });
  checks.must('below-caps', (row?.phone ?? 0) <= ATTEMPTS_PHONE_DAY_MAX, () => {
    return `${phone} is called the ${row?.phone}th time today`;
  });
}

/**
 * A call that the network failed to carry rang nowhere and may be tried again. A call that the
 * debtor asked for is exempt from the gaps. A call during which the clock was set back ended before
 * it was placed, so its end is checked too.
 */
function numbersRest({ world, checks }: Watched, { phone, purpose, legId }: DialPermit): void {
  if (purpose === 'callback') return;
  const since = world.clock.now() - REST_MIN_MS;
  const [row] = world.query<{ outcome: string }>(
    `select outcome from attempt where phone = ? and leg_id <> ? and placed_at > ?
       and ended_at > ? and outcome in ('person', 'machine', 'no-answer', 'busy', 'rejected', 'invalid-number')`,
    phone,
    legId,
    since,
    since,
  );
  checks.must('numbers-rest', row === undefined, () => {
    return `${phone} is dialed within five minutes of ${row?.outcome}`;
  });
}

function forSomebodyAtWork({ world, checks, book }: Watched): void {
  let isSomebody = false;
  for (const agent of book.agents.values()) isSomebody ||= book.isAtWork(agent);
  // An agent who came in this very turn is stored already but not yet published.
  isSomebody ||= storedAtWork(world);
  checks.must('somebody-at-work', isSomebody, () => 'a call was placed and no agent is at work');
}

function storedAtWork(world: World): boolean {
  const shifts = world.query<{ body: string }>(
    `select body from shift where ended_at is null
       and activity not in ('preparing', 'paused', 'ended')`,
  );
  return shifts.some(isEquipped);
}
