/** Days with a name: the usual day, a day drawn from its seed, and the bad days. */

import { given } from '../lib/given.ts';
import { MINUTE_MS, SECOND_MS } from '../lib/time.ts';
import {
  type DayEvent,
  type DayPacing,
  type DaySettings,
  FAULTS,
  type FaultSettings,
  leadsFor,
  type PeopleSettings,
  USUAL,
  usualDay,
} from './day-settings.ts';
import { drawnDay } from './drawn-day.ts';

/** What may be asked of any scenario; it decides everything else itself. */
export type Wishes = {
  readonly seed: number;
  readonly agents?: number;
  readonly minutes?: number;
  readonly answerRate?: number;
  readonly curve?: PeopleSettings['curve'];
  readonly pacing?: DayPacing;
  readonly faults?: FaultSettings;
};

type Scenario = (wishes: Wishes) => DaySettings;

/** A bad day is short and its floor small, so that all of them are played in a minute. */
const BAD_DAY_MINUTES = 40;
const BAD_DAY_AGENTS = 12;

export const SCENARIOS = {
  'usual-day': (wishes) => usualDay(withPeople(wishes, USUAL.people)),
  /** Anything may happen; see drawn-day.ts. */
  drawn: ({ seed, minutes, pacing, faults }) => ({
    ...drawnDay(seed, minutes),
    ...(pacing ? { pacing } : {}),
    ...(faults ? { faults } : {}),
  }),
  /** People begin to answer: from 10 to 40 in a hundred within a minute. */
  'answer-rate-jumps': bad({ answerRate: 0.1 }, () => [
    { kind: 'answer-rate', atMinute: 20, answerRate: 0.4, overMinutes: 1 },
  ]),
  'half-the-floor-leaves': bad({}, () => [
    { kind: 'agents-leave', atMinute: 15, share: 0.5, forMinutes: 10 },
  ]),
  /** Every call fails for two minutes. */
  'carrier-outage': bad({}, () => [{ kind: 'carrier-fails', atMinute: 15, forMinutes: 2 }]),
  /** Forward, back, and an hour each way, as when somebody sets summer time by hand. */
  'clock-jumps': bad({}, () => [
    { kind: 'clock-jumps', atMinute: 8, bySeconds: 600 },
    { kind: 'clock-jumps', atMinute: 14, bySeconds: -600 },
    { kind: 'clock-jumps', atMinute: 20, bySeconds: 3_600 },
    { kind: 'clock-jumps', atMinute: 28, bySeconds: -3_600 },
    { kind: 'clock-jumps', atMinute: 33, bySeconds: -2 },
  ]),
  /** Lost, doubled and late, and therefore out of order. */
  'bad-signals': bad({
    faults: {
      ...FAULTS.none,
      dropped: 0.02,
      doubled: 0.1,
      delayed: 0.2,
      delayMaxMs: 4 * SECOND_MS,
    },
  }),
  'connection-lost': bad({}, () => [
    { kind: 'connection-lost', atMinute: 10, forSeconds: 5, silent: false },
    { kind: 'connection-lost', atMinute: 18, forSeconds: 20, silent: true },
    { kind: 'pbx-restarts', atMinute: 28 },
  ]),
  'commit-fails': bad({}, () => [
    { kind: 'commit-fails', atMinute: 12, awaySeconds: 2 },
    { kind: 'commit-fails', atMinute: 25, awaySeconds: 15 },
  ]),
  /** Another engine works on the same lists and is quicker for some calls. */
  'claims-lost': bad({}, () =>
    [6, 7, 12, 18, 24].map((atMinute) => ({ kind: 'claims-lost', atMinute, calls: 4 }) as const),
  ),
  /** Between a commit and its effects, and while nothing happens. */
  kills: bad({}, () => [
    { kind: 'kill', atMinute: 10, deafMs: 1, awaySeconds: 3 },
    { kind: 'kill', atMinute: 18, deafMs: 4_000, awaySeconds: 10 },
    { kind: 'kill', atMinute: 26, deafMs: 0, awaySeconds: 1 },
  ]),
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof SCENARIOS;

export function scenarioDay(name: ScenarioName, wishes: Wishes): DaySettings {
  return { ...SCENARIOS[name](wishes), scenario: name };
}

type Special = { readonly answerRate?: number; readonly faults?: FaultSettings };

function bad(special: Special, events: () => readonly DayEvent[] = () => []): Scenario {
  return (wishes) => {
    const { agents = BAD_DAY_AGENTS, minutes = BAD_DAY_MINUTES } = wishes;
    const answerRate = wishes.answerRate ?? special.answerRate ?? 0.2;
    const usual = usualDay({
      ...withPeople(
        { ...wishes, agents, minutes, answerRate },
        { ...USUAL.people, curve: 'flat', talkMeanMs: 70_000 },
      ),
      wrapUpMs: 40 * SECOND_MS,
      floor: {
        ...USUAL.floor,
        arriveWithinMs: MINUTE_MS,
        wrapUpMeanMs: 12_000,
        planned: false,
        mishapEveryMs: 60 * MINUTE_MS,
      },
      faults: wishes.faults ?? special.faults ?? FAULTS.none,
      events: events(),
    });
    return { ...usual, leads: 2 * leadsFor(agents, minutes, 0.2) };
  };
}

/** The wishes, in the fields where a day keeps them. */
function withPeople(
  { seed, agents, minutes, answerRate, curve, pacing, faults }: Wishes,
  people: PeopleSettings,
): Parameters<typeof usualDay>[0] {
  return {
    seed,
    people: {
      ...people,
      ...given({ answerRate, curve }),
    },
    ...given({ agents, minutes, pacing, faults }),
  };
}
