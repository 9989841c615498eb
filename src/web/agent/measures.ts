import type { Headset } from '../softphone/headset.ts';
import type { Sound } from '../softphone/sound.ts';
import { type AgentScreen, standingOf } from './screen.ts';

/**
 * The page's measurements of itself, for tests and support: numbers and states without debtors'
 * data. Also as the performance marks `pop-rendered` and `tone-heard`.
 */
export type Measures = {
  inboundLevel(): number;
  outboundLevel(): number;
  inboundEnergy(): Promise<number>;
  state(): string;
  phone(): string;
  sound(): string;
  /**
   * When the newest pop was drawn, its tone began and its call was connected, in epoch ms; null
   * before.
   */
  popRenderedAt: number | null;
  toneHeardAt: number | null;
  callId(): string | null;
  connectedAt(): number | null;
  clockOffsetMs(): number | null;
};

declare global {
  interface Window {
    __cadencia?: Measures;
  }
}

/** The parts of an agent's session that are measured. */
export type Measured = {
  readonly screen: { get(): AgentScreen };
  readonly sound: Sound;
  readonly headset: Headset;
};

export function exposeMeasures(session: Measured): void {
  const screen = () => session.screen.get();
  window.__cadencia = {
    inboundLevel: () => session.sound.inboundLevel(),
    outboundLevel: () => session.sound.outboundLevel(),
    inboundEnergy: () => session.headset.inboundEnergy(),
    state: () => standingOf(screen()).kind,
    phone: () => screen().phone.kind,
    sound: () => session.sound.state(),
    popRenderedAt: null,
    toneHeardAt: null,
    callId: () => screen().desk?.call?.callId ?? null,
    connectedAt: () => screen().desk?.call?.connectedAt ?? null,
    clockOffsetMs: () => screen().clockOffsetMs ?? null,
  };
}

/** Marks the pop's first paint. */
export function markPop(): void {
  performance.mark('pop-rendered');
  if (window.__cadencia) window.__cadencia.popRenderedAt = epochNow();
}

/** `at`: beginning of the tone by `performance.now()`; undefined when it could not be played. */
export function markTone(at: number | undefined): void {
  if (at === undefined) return;
  performance.mark('tone-heard', { startTime: at });
  if (window.__cadencia) window.__cadencia.toneHeardAt = performance.timeOrigin + at;
}

function epochNow(): number {
  return performance.timeOrigin + performance.now();
}
