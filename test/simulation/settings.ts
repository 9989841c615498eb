/** What one simulated day is made of. All of it follows from the seed, and is printed first. */
import { randomStream } from '../../src/lib/random.ts';
import { MINUTE_MS, SECOND_MS } from '../../src/lib/time.ts';

export type DaySettings = {
  readonly seed: number;
  /** Local time in São Paulo, on a Monday. */
  readonly startsAt: string;
  readonly minutes: number;
  readonly agents: number;
  readonly pacing:
    | { readonly mode: 'progressive' }
    | { readonly mode: 'ratio'; readonly ratio: number };
  readonly faults: FaultSettings;
};

export type FaultSettings = {
  /** Shares of the PBX's signals. */
  readonly dropped: number;
  readonly doubled: number;
  readonly delayed: number;
  readonly delayMaxMs: number;
  /** Each at a moment of its own. */
  readonly disconnects: number;
  readonly silentDisconnects: number;
  readonly pbxRestarts: number;
  readonly kills: number;
};

const NO_FAULTS: FaultSettings = {
  dropped: 0,
  doubled: 0,
  delayed: 0,
  delayMaxMs: 0,
  disconnects: 0,
  silentDisconnects: 0,
  pbxRestarts: 0,
  kills: 0,
};

const FAULTS: FaultSettings = {
  dropped: 0.005,
  doubled: 0.02,
  delayed: 0.1,
  delayMaxMs: 3 * SECOND_MS,
  disconnects: 2,
  silentDisconnects: 1,
  pbxRestarts: 1,
  kills: 3,
};

/** Every fifth day nothing goes wrong, which must hold too; some days end with the window of the law. */
export function settingsOf(seed: number): DaySettings {
  const random = randomStream(seed, 'settings');
  const startsAt = random() < 0.25 ? '19:35:00' : random() < 0.3 ? '08:50:00' : '10:00:00';
  const ratio = 1.2 + Math.round(random() * 20) / 10;
  return {
    seed,
    startsAt,
    minutes: 30,
    agents: 12,
    pacing: random() < 0.4 ? { mode: 'progressive' } : { mode: 'ratio', ratio },
    faults: seed % 5 === 0 ? NO_FAULTS : FAULTS,
  };
}

/** Nothing goes wrong. */
export function isQuiet({ faults }: DaySettings): boolean {
  return Object.values(faults).every((fault) => fault === 0);
}

export function startOf({ startsAt }: DaySettings): number {
  return Date.parse(`2026-11-23T${startsAt}-03:00`);
}

export function lengthOf({ minutes }: DaySettings): number {
  return minutes * MINUTE_MS;
}
