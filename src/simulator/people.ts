/**
 * The debtors of a simulated day and their telephones: which numbers they have, and what becomes of
 * a call. The carrier decides first, by the stream `network`; if the telephone rings, the person
 * decides, by the stream `people`. Both depend only on the seed, the number and how often it was
 * called before, so two days that dial in another order find the same people.
 */
import type { DialPermit } from '../domain/compliance/gate.ts';
import { type Random, randomStream } from '../lib/random.ts';
import { type EpochMs, localTime } from '../lib/time.ts';
import type { Storage } from '../storage/store.ts';
import { BUSY, CONGESTION, NO_SUCH_NUMBER, REJECTED, SILENCE } from './behaviours.ts';
import { between, exponential, twoSteps } from './chances.ts';
import type {
  DaySettings,
  NetworkSettings,
  PeopleSettings,
  ScreeningSettings,
} from './day-settings.ts';
import type { Behaviour } from './network.ts';
import { type OperationOptions, ZONE } from './operation.ts';

export const SECOND_CAMPAIGN = 'campaign_second';
export const SECOND_TRUNK = 'trunk_two';

/** What may change during a day. */
export type Conditions = { answerRate: number; carrierFails: boolean };

/** Who works for whom, and who is on which list. */
export function operationOf(settings: DaySettings): OperationOptions {
  const { agents, leads, campaigns, ringTimeoutMs, wrapUpMs } = settings;
  const campaign = { ringTimeoutMs, wrapUpMs };
  const usual: OperationOptions = {
    agents,
    debtors: leads,
    phonesOf,
    campaign,
    trunk: { channelsMax: 2 * linesMaxOf(agents), callsPerSecondMax: 50 },
    callerIds: [{ id: 'callerid_rio', number: '+552133334444', areaCode: '21' }],
  };
  if (campaigns === 1) return usual;
  // Two thirds of all leads are in the first campaign; the second has some of the same debtors.
  const firstEnds = Math.round((leads * 2) / 3);
  const secondBegins = Math.round(leads / 2) + 1;
  const debtors = Math.round((leads * 5) / 6);
  return {
    ...usual,
    debtors,
    moreCampaigns: [{ ...campaign, id: SECOND_CAMPAIGN, name: 'Segunda', weight: 2 }],
    leadsOf: (id) => (id === SECOND_CAMPAIGN ? range(secondBegins, debtors) : range(1, firstEnds)),
    moreTrunks: [
      { id: SECOND_TRUNK, name: 'Operadora Dois', channelsMax: 10, callsPerSecondMax: 5 },
    ],
  };
}

/**
 * Gives the campaigns this day's settings; their database may have been made for days with others.
 */
export async function setCampaigns(
  { store, setUp }: Storage,
  settings: DaySettings,
): Promise<void> {
  const { amd } = settings;
  const pacing = { ...settings.pacing, linesMax: linesMaxOf(settings.agents) };
  const campaigns = await store.read((view) => view.campaigns());
  await setUp(async (tx) => {
    for (const campaign of campaigns) await tx.saveCampaign({ ...campaign, pacing, amd });
  });
}

/** A limit that never holds a predictive campaign back; the carriers allow as many. */
function linesMaxOf(agents: number): number {
  return Math.max(200, 12 * agents);
}

/**
 * One to three numbers. Some debtors live in Rio de Janeiro, and some households share a telephone.
 */
export function phonesOf(n: number): readonly string[] {
  const areaCode = n % 10 === 0 ? '21' : '11';
  const household = n % 25 === 0 ? n - 1 : n;
  const numbers = [`+55${areaCode}9${80_000_000 + household}`];
  if (n % 2 === 0) numbers.push(`+55119${81_000_000 + n}`);
  if (n % 4 === 0) numbers.push(`+5511${30_000_000 + n}`);
  return numbers;
}

/** How the telephone called by a permit behaves at this moment. */
export function telephonesOf(
  settings: DaySettings,
  conditions: Conditions,
  now: () => EpochMs,
): (permit: DialPermit) => Behaviour {
  const { seed, network, people } = settings;
  const calls = new Map<string, number>();
  return ({ phone, trunkId }) => {
    const before = calls.get(phone) ?? 0;
    calls.set(phone, before + 1);
    const carrier = randomStream(seed, `network ${phone} ${before}`);
    const postDialMs = Math.round(
      network.postDialMinMs + exponential(carrier, network.postDialMeanMs - network.postDialMinMs),
    );
    if (conditions.carrierFails) return CONGESTION;
    // Drawn by the number alone: a number that does not exist never does.
    if (randomStream(seed, `network ${phone}`)() < network.invalidShare) return NO_SUCH_NUMBER;
    if (trunkId === SECOND_TRUNK && carrier() < network.secondTrunkFailsShare) return CONGESTION;
    const failure = failureOf(carrier(), network, postDialMs);
    if (failure) return failure;
    const answerRate = conditions.answerRate * hourFactor(people, now());
    const person = randomStream(seed, `people ${phone} ${before}`);
    const answers = personOf(person, people, answerRate / reachedShare(network), postDialMs);
    return screened(person, settings.screening, answers);
  };
}

/** The share of placed calls whose telephone rings and keeps ringing. */
function reachedShare(network: NetworkSettings): number {
  const { invalidShare, busyShare, rejectedShare, congestionShare, silenceShare } = network;
  return (1 - invalidShare) * (1 - busyShare - rejectedShare - congestionShare - silenceShare);
}

function failureOf(
  lot: number,
  { busyShare, rejectedShare, congestionShare, silenceShare }: NetworkSettings,
  postDialMs: number,
): Behaviour | undefined {
  let upTo = busyShare;
  if (lot < upTo) return { ...BUSY, fails: { afterMs: postDialMs, cause: 17, techCause: 486 } };
  upTo += rejectedShare;
  if (lot < upTo) return { ...REJECTED, ringsAfterMs: Math.min(postDialMs, 3_500) };
  upTo += congestionShare;
  if (lot < upTo) return CONGESTION;
  return lot < upTo + silenceShare ? SILENCE : undefined;
}

/**
 * The draws do not depend on the rate: a person who answers at one rate also answers at a higher
 * one.
 */
function personOf(
  random: Random,
  people: PeopleSettings,
  answerShare: number,
  ringsAfterMs: number,
): Behaviour {
  const { pickUpMinMs, pickUpMeanMs, machineRate } = people;
  const lot = random();
  const pickUpMs = pickUpMinMs + twoSteps(random, pickUpMeanMs - pickUpMinMs);
  const answersAfterMs = ringsAfterMs + pickUpMs;
  const patienceMs = Math.max(200, Math.round(exponential(random, people.patienceMeanMs)));
  const isWrongParty = random() < people.wrongPartyShare;
  const stays = random() < people.staysShare;
  const talksMs = isWrongParty
    ? 1_000 + twoSteps(random, people.wrongPartyMeanMs - 1_000)
    : 2_000 + twoSteps(random, people.talkMeanMs - 2_000);
  if (lot < answerShare) {
    return { ringsAfterMs, answersAfterMs, patienceMs, ...(stays ? {} : { talksMs }) };
  }
  if (lot < answerShare + machineRate) {
    // A greeting, the beep, and the recording of our silence.
    return { ringsAfterMs, answersAfterMs, hangsUpAfterMs: between(random, 8_000, 30_000) };
  }
  return { ringsAfterMs };
}

/**
 * Adds the detector's verdict about the answerer. It is drawn for every answer, and used only where
 * a campaign listens.
 */
function screened(
  random: Random,
  { afterMinMs, afterMeanMs, falseMachineShare, missedShare, unsureShare }: ScreeningSettings,
  behaviour: Behaviour,
): Behaviour {
  if (behaviour.answersAfterMs === undefined) return behaviour;
  const isPerson = behaviour.patienceMs !== undefined;
  const afterMs = afterMinMs + twoSteps(random, afterMeanMs - afterMinMs);
  const isUnsure = random() < unsureShare;
  const isWrong = random() < (isPerson ? falseMachineShare : missedShare);
  const verdict = isUnsure ? 'unsure' : isPerson !== isWrong ? 'person' : 'machine';
  return { ...behaviour, screened: { verdict, afterMs } };
}

/** How likely people are to answer at an hour of the day, relative to the day's average. */
const BY_HOUR: Readonly<Record<number, number>> = {
  8: 0.85,
  9: 0.95,
  10: 1.05,
  11: 1.1,
  12: 0.95,
  13: 0.85,
  14: 0.95,
  15: 1,
  16: 1,
  17: 1.05,
  18: 1.15,
  19: 1.1,
};

function hourFactor({ curve }: PeopleSettings, now: EpochMs): number {
  if (curve === 'flat') return 1;
  const { secondOfDay } = localTime(now, ZONE);
  return BY_HOUR[Math.floor(secondOfDay / 3_600)] ?? 1;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}
