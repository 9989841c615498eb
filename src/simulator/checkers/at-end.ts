/** What must hold after everybody has gone home and the last call is over. */
import { EARLIER } from '../history.ts';
import { jobsAreWhole } from './jobs.ts';
import type { Watched } from './watched.ts';

/** The profile's cap, written again as its file says. */
const ABANDON_RATE_MAX = 0.03;
/** Fewer answers than this say nothing about a rate of three in a hundred. */
const ANSWERS_MIN = 100;
/**
 * Standard deviations of a Poisson count around the cap; a day at the cap passes 999 times in
 * 1,000.
 */
const TOLERANCE_SIGMAS = 3;

export function checkEnd(watch: Watched): void {
  factsAreStored(watch);
  callsEnded(watch);
  outcomesAgree(watch);
  attemptsAreSettled(watch);
  answersAreAccountedFor(watch);
  abandonmentUnderCap(watch);
  nothingIsLeft(watch);
  memoryIsBounded(watch);
  jobsAreWhole(watch);
}

function factsAreStored({ world, checks, book }: Watched): void {
  const [row] = world.query<{ n: number }>('select count(*) as n from fact');
  checks.must('facts-are-one-sequence', row?.n === book.last, () => {
    return `${row?.n} facts are stored, ${book.last} were published`;
  });
}

function callsEnded({ checks, book }: Watched): void {
  const [callId] = book.live.keys();
  checks.must('call-ends-once', callId === undefined, () => `${callId} never ended`);
}

/** The number of attempts with each outcome is what the facts say. */
function outcomesAgree({ world, checks, book }: Watched): void {
  const rows = world.query<{ outcome: string; n: number }>(
    `select outcome, count(*) as n from attempt
     where outcome is not null and id not like '${EARLIER}%' group by outcome`,
  );
  for (const { outcome, n } of rows) {
    const told = book.outcomes.get(outcome);
    checks.must('facts-and-state-agree', told === n, () => {
      return `${n} attempts ended ${outcome}, ${told} calls by the facts`;
    });
  }
  checks.must('facts-and-state-agree', rows.length === book.outcomes.size, () => {
    return `attempts ended in ${rows.length} ways, calls in ${book.outcomes.size}`;
  });
}

function attemptsAreSettled({ world, checks }: Watched): void {
  const property = 'reservations-are-settled';
  const open = world.query<{ id: string }>('select id from attempt where outcome is null');
  checks.must(property, open.length === 0, () => {
    return `${open.length} attempts are not settled, the first is ${open[0]?.id}`;
  });
  const [row] = world.query<{ attempts: number; calls: number }>(
    `select (select count(*) from attempt where id not like '${EARLIER}%') as attempts,
       (select count(*) from call) as calls`,
  );
  checks.must(property, row?.attempts === row?.calls, () => {
    return `${row?.attempts} attempts of ${row?.calls} calls`;
  });
}

/**
 * Each answered call was connected, abandoned or hung up waiting, and counts as that. A call proved
 * to be a machine counts as nobody.
 */
function answersAreAccountedFor({ world, checks }: Watched): void {
  const wrong = world.query<{ id: string }>(
    `select id from call where answered_at is not null and (
       (connected_at is null and abandonment is null)
       or (connected_at is not null and abandonment not in ('late')))
       and id not in (select call_id from attempt where outcome = 'machine')`,
  );
  checks.must('answers-are-accounted-for', wrong.length === 0, () => {
    return `${wrong[0]?.id} was answered and nobody knows what became of them`;
  });
}

/** For each campaign by itself, never averaged. The day is the profile's window. */
function abandonmentUnderCap({ checks, book, settings }: Watched): void {
  if (!settings.keepsCap) return;
  for (const [campaignId, { answered, abandoned }] of book.tallies) {
    if (answered < ANSWERS_MIN) continue;
    const most = abandonedMax(answered);
    checks.must('abandonment-under-cap', abandoned <= most, () => {
      return `${campaignId} abandoned ${abandoned} of ${answered}, at most ${most} are chance`;
    });
  }
}

/** How many of these answers may be abandoned by chance when the rate is at the cap. */
export function abandonedMax(answers: number): number {
  const expected = ABANDON_RATE_MAX * answers;
  return Math.floor(expected + TOLERANCE_SIGMAS * Math.sqrt(expected));
}

/**
 * No leg is left in the PBX that nobody follows, no call lives, and no lead waits for a call that
 * is over.
 */
function nothingIsLeft({ world, checks }: Watched): void {
  const property = 'nothing-is-left';
  const [legId] = world.network.legs.keys();
  checks.must(property, legId === undefined, () => `${legId} is left in the PBX`);
  const calls = world.query<{ id: string }>(`select id from call where state <> 'ended'`);
  checks.must(property, calls.length === 0, () => `${calls[0]?.id} lives on`);
  const stuck = world.query<{ id: string; state: string }>(
    "select id, state from lead where state in ('dialing', 'in-call')",
  );
  checks.must(property, stuck.length === 0, () => {
    return `${stuck.length} leads are stuck, ${stuck[0]?.id} ${stuck[0]?.state}`;
  });
}

function memoryIsBounded({ world, checks }: Watched): void {
  const ended = world.query<{ id: string }>("select id from call where state = 'ended'");
  const kept = ended.find(({ id }) => world.engine.call(id as `call_${string}`));
  checks.must('memory-is-bounded', kept === undefined, () => `${kept?.id} is kept in memory`);
}
