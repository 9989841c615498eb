/**
 * When busy agents become free: P(free within so many seconds | talking or wrapping up for so long),
 * from the learned durations of talk and wrap-up of one campaign.
 */
import type { EpochMs } from '../../lib/time.ts';
import { Curve } from './curve.ts';
import { Durations, type DurationsState } from './durations.ts';
import { RISK_MOMENTS, SHOWN_MOMENTS } from './moments.ts';
import type { PacingAgent } from './pacing-interface.ts';

const TALK_PRIOR = { meanS: 110, weight: 12 } as const;
const WRAP_UP_PRIOR = { meanS: 20, weight: 12 } as const;
const MEMORY_TALKS = 1_500;
/** Once so many talks for each agent have ended, the talks that go on tell nothing new. */
const TALKS_PER_AGENT_KNOWN = 4;
const WATCH_EVERY_MS = 2_000;
/** Ages for which talk is tabulated, seconds; between them in proportion. */
const AGES = Curve.of(ages());

export type AgentReleasesState = {
  readonly talk: DurationsState;
  readonly wrapUp: DurationsState;
};

export class AgentReleases {
  private readonly talk: Durations;
  private readonly wrapUp: Durations;
  /** How much later than the moments supply is read: a person who answered may wait a little. */
  laterS = -1;
  private isStale = true;
  private wasYoung = true;
  private watchedAt: EpochMs = 0;
  /** Looked-up moments, seconds from now: those of risk, later by {@link laterS}, and those shown. */
  private moments = new Curve(0);
  /** P(free by the moment | talking for AGES[index]), by index and moment; made when first asked. */
  private readonly rows: (Curve | undefined)[] = [];
  /** P(wrapped up within k − ½ seconds), for a talk that ended in the middle of a second. */
  private wrapped = new Curve(0);
  /** P(free again within so many seconds), for an agent who begins to talk now. */
  private fresh = new Curve(1);
  /** P(a talk ends in this second from now | its age), for the row that is being made. */
  private endings = new Curve(0);

  constructor(state?: AgentReleasesState) {
    this.talk = new Durations(TALK_PRIOR, MEMORY_TALKS, state?.talk);
    this.wrapUp = new Durations(WRAP_UP_PRIOR, MEMORY_TALKS, state?.wrapUp);
  }

  talkEnded(startedAt: EpochMs, at: EpochMs): void {
    this.talk.learn(Math.max(0, at - startedAt) / 1_000);
    this.isStale = true;
  }

  wrapUpEnded(startedAt: EpochMs, at: EpochMs): void {
    this.wrapUp.learn(Math.max(0, at - startedAt) / 1_000);
    this.isStale = true;
  }

  /** Looks at talks that go on, while so few have ended that mostly the short ones are among them. */
  watch(agents: readonly PacingAgent[], now: EpochMs): void {
    const isYoung = this.talk.known < TALKS_PER_AGENT_KNOWN * agents.length;
    if (!isYoung && !this.wasYoung) return;
    if (isYoung && Math.abs(now - this.watchedAt) < WATCH_EVERY_MS) return;
    this.wasYoung = isYoung;
    this.watchedAt = now;
    const agesS: number[] = [];
    for (const { state, since } of isYoung ? agents : []) {
      if (state === 'talking') agesS.push(Math.max(0, now - since) / 1_000);
    }
    this.talk.watch(agesS);
    this.isStale = true;
  }

  /** Makes the tables, if what is known changed. */
  prepare(laterS: number): void {
    if (!this.isStale && this.laterS === laterS) return;
    this.laterS = laterS;
    const moments = [...Array.from(RISK_MOMENTS, (moment) => moment + laterS), ...SHOWN_MOMENTS];
    this.moments = Curve.of(moments);
    this.rows.length = 0;
    const steps = Math.ceil(Math.max(...moments)) + 1;
    this.wrapped = Curve.from(steps + 1, (k) => (k === 0 ? 0 : this.wrapUpWithin(0, k - 0.5)));
    this.endings = new Curve(steps);
    const now = this.lookAtEndings(0);
    this.fresh = Curve.from(steps + 1, (second) => this.freeBy(now, second));
    this.isStale = false;
  }

  /** P(free by the moment of this index | talking for so long). */
  talkingFreeBy(ageS: number, moment: number): number {
    const { low, high, part } = this.placeAmongRows(ageS);
    const below = low.at(moment);
    return below + (high.at(moment) - below) * part;
  }

  /** The same for as many moments as there is room for. */
  talkingFree(ageS: number, chances: Curve): void {
    const { low, high, part } = this.placeAmongRows(ageS);
    for (let moment = 0; moment < chances.length; moment += 1) {
      const below = low.at(moment);
      chances.set(moment, below + (high.at(moment) - below) * part);
    }
  }

  /** P(free by the moment of this index | wrapping up for so long). */
  wrappingUpFreeBy(ageS: number, moment: number): number {
    return this.wrapUpWithin(ageS, this.moments.at(moment));
  }

  /** P(a talk that begins now is over and wrapped up within so many seconds). */
  freshFreeWithin(seconds: number): number {
    return this.fresh.between(seconds);
  }

  toJSON(): AgentReleasesState {
    return { talk: this.talk.toJSON(), wrapUp: this.wrapUp.toJSON() };
  }

  private wrapUpWithin(ageS: number, seconds: number): number {
    const now = this.wrapUp.survivalAt(ageS);
    if (now <= 1e-9) return 1 - Math.exp(-seconds / WRAP_UP_PRIOR.meanS);
    return 1 - this.wrapUp.survivalAt(ageS + seconds) / now;
  }

  /** The rows of the tabulated ages about this one, and how far it is from the lower to the higher. */
  private placeAmongRows(ageS: number): {
    readonly low: Curve;
    readonly high: Curve;
    readonly part: number;
  } {
    const last = AGES.length - 1;
    const place = Math.min(last, placeOf(ageS));
    const index = Math.floor(place);
    const low = this.row(index);
    return { low, high: index === last ? low : this.row(index + 1), part: place - index };
  }

  private row(index: number): Curve {
    let row = this.rows[index];
    if (!row) {
      const now = this.lookAtEndings(AGES.at(index));
      row = Curve.from(this.moments.length, (column) => {
        const moment = this.moments.at(column);
        const second = Math.floor(moment);
        const low = this.freeBy(now, second);
        return low + (this.freeBy(now, second + 1) - low) * (moment - second);
      });
      this.rows[index] = row;
    }
    return row;
  }

  /** Looks up once, for all moments, when talks of this age end. Gives P(a talk gets that old). */
  private lookAtEndings(ageS: number): number {
    const now = Math.max(1e-12, this.talk.survivalAt(ageS));
    let before = now;
    for (let second = 0; second < this.endings.length; second += 1) {
      const after = this.talk.survivalAt(ageS + second + 1);
      this.endings.set(second, before - after);
      before = after;
    }
    return now;
  }

  /** P(free within so many whole seconds | talking for so long): the talk ends, then the wrap-up. */
  private freeBy(now: number, seconds: number): number {
    let free = 0;
    for (let second = 0; second < seconds; second += 1) {
      free += this.endings.at(second) * this.wrapped.at(seconds - second);
    }
    return Math.min(1, free / now);
  }
}

function ages(): number[] {
  const found: number[] = [];
  for (let age = 0; age < 60; age += 2) found.push(age);
  for (let age = 60; age < 300; age += 10) found.push(age);
  for (let age = 300; age <= 1_200; age += 60) found.push(age);
  return found;
}

/** Index among {@link AGES}, with the share of the way to the next. */
function placeOf(ageS: number): number {
  if (ageS <= 0) return 0;
  if (ageS < 60) return ageS / 2;
  if (ageS < 300) return 30 + (ageS - 60) / 10;
  return 54 + (ageS - 300) / 60;
}
