/** Everything that the checkers of one day know and share, and when each of them runs. */
import type { DialPermit } from '../../domain/compliance/gate.ts';
import type { Published } from '../../engine/queries.ts';
import type { LegId } from '../../lib/ids.ts';
import {
  areAnswersHeardInTime,
  type DaySettings,
  isNetworkSound,
  isQuiet,
} from '../day-settings.ts';
import { Errands } from '../errands.ts';
import type { World } from '../world.ts';
import { checkDial } from './at-dial.ts';
import { checkEnd } from './at-end.ts';
import { checkMoment } from './at-moment.ts';
import { Checks } from './checks.ts';
import { forgetTypingOfOthers } from './drafts.ts';
import { FactBook } from './fact-book.ts';
import { watchWaiting } from './waiting.ts';
import type { Watched, WatchSettings } from './watched.ts';
import { isHeldUp, watchWithin } from './within.ts';

export class Watch implements Watched {
  readonly world: World;
  readonly settings: WatchSettings;
  readonly checks = new Checks();
  readonly book = new FactBook(this.checks);
  readonly errands: Errands;
  /** Legs whose permit was spent. */
  readonly dialed = new Set<LegId>();
  readonly doubted = new Set<LegId>();
  readonly lateSinceMs = new Map<string, number>();
  /**
   * The first violation. A checker that the clock or the network calls cannot throw at the day, so
   * its error is kept here.
   */
  private violation: unknown;

  constructor(world: World, settings: WatchSettings) {
    this.world = world;
    this.settings = settings;
    this.errands = new Errands(world);
    this.book.last = world.engine.upTo();
    world.onPublished.push((published) => this.hear(published));
    watchWithin(this);
  }

  /** Called by the network at the moment a call is placed. */
  dial(permit: DialPermit): void {
    this.guard(() => checkDial(this, permit));
  }

  /** Called whenever nothing is being decided. */
  async moment(): Promise<void> {
    this.rethrow();
    await checkMoment(this);
    if (!isHeldUp(this)) await this.errands.step();
  }

  /** Called after everybody has gone home and the last call is over. */
  async end(): Promise<void> {
    this.rethrow();
    await checkMoment(this);
    checkEnd(this);
  }

  /** Keeps the first violation until the day asks for it. */
  guard(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.violation ??= error;
    }
  }

  private hear({ facts }: Published): void {
    this.guard(() => {
      for (const fact of facts) {
        this.book.tell(fact);
        forgetTypingOfOthers(this, fact);
        if (fact.body.kind === 'call-answered' && fact.callId) watchWaiting(this, fact.callId);
      }
    });
  }

  private rethrow(): void {
    if (this.violation) throw this.violation;
  }
}

export function watchSettingsOf(settings: DaySettings): WatchSettings {
  return {
    leads: settings.leads,
    ringTimeoutMs: settings.ringTimeoutMs,
    isQuiet: isQuiet(settings),
    isNetworkSound: isNetworkSound(settings),
    keepsCap:
      settings.pacing.mode !== 'ratio' && !settings.supervisor && areAnswersHeardInTime(settings),
  };
}
