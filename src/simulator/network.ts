import type { HangUpIntent } from '../domain/calls/outcome.ts';
import type { ScreeningVerdict } from '../domain/calls/screening.ts';
import type { DialPermit } from '../domain/compliance/gate.ts';
import type { Trunk } from '../domain/trunks/trunk.ts';
import type {
  Announcement,
  FoundLeg,
  HeadsetCredentials,
  Telephony,
  TelephonyHealth,
  TelephonySignal,
  TelephonySurvey,
} from '../engine/ports/telephony.ts';
import { given } from '../lib/given.ts';
import type { BridgeId, HeadsetId, LegId, TrunkId } from '../lib/ids.ts';
import { type EpochMs, SECOND_MS } from '../lib/time.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** How a telephone behaves when it is called. Times in ms from dialing, or from the answer. */
export type Behaviour = {
  readonly ringsAfterMs?: number;
  readonly answersAfterMs?: number;
  /** Time from the answer to the person's hanging up; absent when they never do by themselves. */
  readonly hangsUpAfterMs?: number;
  /**
   * Screening's verdict about the answerer, and the time from the answer to it; absent when there
   * is none.
   */
  readonly screened?: {
    readonly verdict: ScreeningVerdict;
    readonly afterMs: number;
    /**
     * For a person: how long they had been silent at the verdict; absent when the end of the
     * greeting was not heard.
     */
    readonly silentMs?: number;
  };
  /**
   * Time from the answer after which they hang up if nobody is on the line with them; absent when
   * they never do.
   */
  readonly patienceMs?: number;
  /** Time from being first connected to an agent to their hanging up; absent when they never do. */
  readonly talksMs?: number;
  /** How an unanswered attempt ends; absent when it rings until we give up. */
  readonly fails?: {
    readonly afterMs: number;
    readonly cause: number;
    readonly techCause?: number;
    readonly reasonCause?: number;
  };
};

type Signal = TelephonySignal extends infer One
  ? One extends { readonly at: number }
    ? Omit<One, 'at'>
    : never
  : never;

type Leg = {
  readonly permit: DialPermit;
  readonly behaviour: Behaviour;
  state: 'down' | 'ringing' | 'up';
  bridgeId?: BridgeId;
  wasBridged: boolean;
  upSinceMs?: number;
  /** Whether an agent, the message or the end of the call was asked for this person. */
  isMet?: boolean;
};

/** The part of the clock that the network uses; a real clock serves too. */
export type NetworkClock = Pick<VirtualClock, 'now' | 'monotonicMs' | 'at'>;

type Headset = { channelId: string; bridgeId?: BridgeId };

const BRIDGING_MS = 3;
const ANNOUNCEMENT_MS = 4_000;
/** How often the PBX's channels are compared with the signals sent, as Asterisk's adapter does. */
const SWEEP_EVERY_MS = 30_000;
const NORMAL_CLEARING = 16;
/** The carrier's answer to a call beyond what was agreed with it. */
const BEYOND_CONTRACT: Behaviour = { fails: { afterMs: 50, cause: 34, techCause: 503 } };

/** A telephone network and a PBX in memory; what happens to a call depends only on its permit. */
export class SimulatedNetwork implements Telephony {
  readonly legs = new Map<LegId, Leg>();
  readonly headsets = new Map<HeadsetId, Headset>();
  /** Credentials with which a browser may call in. */
  readonly openHeadsets = new Map<HeadsetId, HeadsetCredentials>();
  /** The trunks as the engine set them up, with what their carriers agreed to carry. */
  trunks: readonly Trunk[] = [];
  /** Every dialed permit, in order. */
  readonly dialed: DialPermit[] = [];
  /** Other requests to the PBX, in order: `bridge`, `announce abandonment`, … */
  readonly asked: { readonly at: EpochMs; readonly what: string; readonly legId?: LegId }[] = [];
  /** Calls refused by a carrier because they were more than its trunk may carry. */
  refusedByCarrier = 0;
  /** Every signal passes through this; a test may drop, double or delay it. */
  tamper: (signal: TelephonySignal, deliver: (signal: TelephonySignal) => void) => void = (
    signal,
    deliver,
  ) => deliver(signal);
  /** The campaign recordings that the PBX has; undefined when it has every one asked for. */
  recordings: readonly string[] | undefined;
  /**
   * While false, every request is lost, as when a process dies between its commit and its effects.
   */
  listens = true;
  private readonly clock: NetworkClock;
  private readonly behaviourOf: (permit: DialPermit) => Behaviour;
  private post: ((signal: TelephonySignal) => void) | undefined;
  private connected = false;
  /**
   * Whether the process was told that events no longer flow. If not, its requests are carried out
   * unseen.
   */
  private isKnownDown = false;
  private instance = 1;
  private channels = 0;
  /**
   * Number of the event connection; a signal on its way when the connection breaks never arrives.
   */
  private connection = 0;
  private isFrozen = false;
  /** Permits requested of a frozen PBX and not dialed yet. */
  private readonly prepared = new Map<LegId, DialPermit>();
  /** Legs whose end was not delivered to this process. */
  private readonly expected = new Set<LegId>();
  /** Times at which the calls of the last second were placed, by trunk. */
  private readonly placedAtMs = new Map<TrunkId, number[]>();

  constructor(clock: NetworkClock, behaviourOf: (permit: DialPermit) => Behaviour) {
    this.clock = clock;
    this.behaviourOf = behaviourOf;
  }

  // ── the port ──────────────────────────────────────────────────────────────────────────────────

  start(post: (signal: TelephonySignal) => void): void {
    this.post = post;
    this.expected.clear();
    this.after(1, () => this.reconnect());
    this.sweepLater(post);
  }

  async stop(): Promise<void> {
    this.breakConnection();
    this.post = undefined;
  }

  originate(permit: DialPermit): void {
    const { legId } = permit;
    if (!this.listens) return;
    if (this.isKnownDown) {
      this.say({ kind: 'leg-refused', legId, reason: 'telephony-down' });
      return;
    }
    if (this.isFrozen) {
      this.prepared.set(legId, permit);
      return;
    }
    this.dialed.push(permit);
    this.expected.add(legId);
    const wished = this.behaviourOf(permit);
    const behaviour = this.isBeyondContract(permit.trunkId) ? BEYOND_CONTRACT : wished;
    this.legs.set(legId, { permit, behaviour, state: 'down', wasBridged: false });
    this.play(legId, behaviour);
  }

  /** Whether these are more calls at once, or in a second, than the trunk's carrier agreed to. */
  private isBeyondContract(trunkId: TrunkId): boolean {
    const trunk = this.trunks.find(({ id }) => id === trunkId);
    if (!trunk) return false;
    const nowMs = this.clock.monotonicMs();
    // Below one call a second: one call in the time that the rate allows for one.
    const atOnceMax = Math.max(1, trunk.callsPerSecondMax);
    const windowMs = (atOnceMax / trunk.callsPerSecondMax) * SECOND_MS;
    const placed = (this.placedAtMs.get(trunkId) ?? []).filter((at) => at > nowMs - windowMs);
    placed.push(nowMs);
    this.placedAtMs.set(trunkId, placed);
    let calls = 1;
    for (const { permit } of this.legs.values()) if (permit.trunkId === trunkId) calls += 1;
    const isBeyond = calls > trunk.channelsMax || placed.length > atOnceMax;
    if (isBeyond) this.refusedByCarrier += 1;
    return isBeyond;
  }

  hangUpLeg(legId: LegId, intent: HangUpIntent): void {
    if (!this.hears(`hang-up ${intent}`, legId)) return;
    this.meets(legId);
    if (this.prepared.delete(legId)) {
      this.say({ kind: 'leg-refused', legId, reason: 'never-left' });
      return;
    }
    this.after(1, () => this.endLeg(legId, { cause: NORMAL_CLEARING, intent }));
  }

  bridgeLeg(legId: LegId, bridgeId: BridgeId): void {
    if (!this.hears('bridge', legId)) return;
    this.meets(legId);
    this.after(BRIDGING_MS, () => {
      const leg = this.legs.get(legId);
      const isSomebodyThere = [...this.headsets.values()].some((one) => one.bridgeId === bridgeId);
      if (!leg || !isSomebodyThere) {
        this.tell({ kind: 'leg-bridge-failed', legId, bridgeId });
        return;
      }
      leg.bridgeId = bridgeId;
      this.tell({ kind: 'leg-bridged', legId, bridgeId });
      const { talksMs } = leg.behaviour;
      if (leg.wasBridged) return;
      leg.wasBridged = true;
      if (talksMs !== undefined) this.onLeg(legId, talksMs, () => this.debtorHangsUp(legId));
    });
  }

  holdLeg(legId: LegId): void {
    if (!this.hears('hold', legId)) return;
    const leg = this.legs.get(legId);
    if (leg) delete leg.bridgeId;
  }

  lookAtLeg(legId: LegId): void {
    if (!this.hears('look', legId) || !this.connected || this.prepared.has(legId)) return;
    this.after(1, () => {
      const leg = this.legs.get(legId);
      if (!this.connected) return;
      this.say({ kind: 'leg-looked-at', legId, ...(leg ? { found: foundLeg(leg) } : {}) });
    });
  }

  announce(legId: LegId, announcement: Announcement, soundFile?: string): void {
    const what = soundFile === undefined ? announcement : `${announcement} ${soundFile}`;
    if (!this.hears(`announce ${what}`, legId)) return;
    const leg = this.legs.get(legId);
    if (leg) delete leg.bridgeId;
    this.meets(legId);
    if (soundFile !== undefined && this.recordings?.includes(soundFile) === false) {
      this.tell({ kind: 'announcement-replaced', legId });
    }
    this.onLeg(legId, ANNOUNCEMENT_MS, () => this.tell({ kind: 'announcement-ended', legId }));
  }

  screenLeg(legId: LegId): void {
    if (!this.hears('screen', legId)) return;
    const screened = this.legs.get(legId)?.behaviour.screened;
    if (!screened) return;
    const { verdict, afterMs: screenedMs, silentMs } = screened;
    const silence = silentMs === undefined ? {} : { silentMs };
    const cause = `SIMULATED-${verdict.toUpperCase()}`;
    this.onLeg(legId, screenedMs, () =>
      this.tell({ kind: 'leg-screened', legId, verdict, cause, screenedMs, ...silence }),
    );
  }

  openHeadset(credentials: HeadsetCredentials): void {
    if (this.listens) this.openHeadsets.set(credentials.headsetId, credentials);
  }

  closeHeadset(headsetId: HeadsetId): void {
    if (!this.listens) return;
    this.openHeadsets.delete(headsetId);
    this.browserHangsUp(headsetId);
  }

  pinHeadset(headsetId: HeadsetId, channelId: string, bridgeId: BridgeId): void {
    if (!this.listens) return;
    this.after(BRIDGING_MS, () => {
      const headset = this.headsets.get(headsetId);
      if (headset?.channelId !== channelId) return;
      headset.bridgeId = bridgeId;
      this.tell({ kind: 'headset-pinned', headsetId, channelId, bridgeId });
    });
  }

  refuseHeadset(channelId: string): void {
    if (!this.hears(`refuse-headset ${channelId}`)) return;
    for (const [headsetId, headset] of this.headsets) {
      if (headset.channelId === channelId) this.headsets.delete(headsetId);
    }
  }

  refuseInbound(channelId: string): void {
    this.hears(`refuse-inbound ${channelId}`);
  }

  setTrunks(trunks: readonly Trunk[]): void {
    if (this.hears('set-trunks')) this.trunks = trunks;
  }

  health(): TelephonyHealth {
    return { connected: this.connected, requestsInFlight: 0, unknownEvents: 0 };
  }

  // ── the world ─────────────────────────────────────────────────────────────────────────────────

  /** A browser calls in with its credentials; undefined when the PBX does not know them. */
  browserCallsIn(headsetId: HeadsetId): string | undefined {
    if (!this.openHeadsets.has(headsetId)) return undefined;
    this.channels += 1;
    const channelId = `channel-${this.channels}`;
    this.headsets.set(headsetId, { channelId });
    this.tell({ kind: 'headset-arrived', headsetId, channelId });
    return channelId;
  }

  browserHangsUp(headsetId: HeadsetId): void {
    const headset = this.headsets.get(headsetId);
    if (!headset) return;
    this.headsets.delete(headsetId);
    this.tell({ kind: 'headset-ended', headsetId, channelId: headset.channelId });
  }

  debtorHangsUp(legId: LegId): void {
    this.endLeg(legId, { cause: NORMAL_CLEARING });
  }

  /** The event connection breaks; what happens meanwhile is not reported. */
  disconnect(because: string): void {
    this.say({ kind: 'telephony-down', because });
    this.isKnownDown = true;
    this.breakConnection();
  }

  /** Events stop silently, as when a firewall forgets the connection. */
  loseEvents(): void {
    this.breakConnection();
  }

  /** Events flow again, after a survey of what lives. */
  reconnect(): void {
    this.connected = true;
    this.isKnownDown = false;
    for (const legId of this.expected) {
      if (!this.legs.has(legId)) this.lose(legId);
    }
    for (const legId of this.legs.keys()) this.expected.add(legId);
    this.say({ kind: 'telephony-up', survey: this.survey() });
  }

  /** The PBX stands still: it accepts requests and carries out none. */
  freeze(): void {
    this.isFrozen = true;
  }

  /** The PBX goes on. Calls requested meanwhile are dialed if their permit still holds. */
  thaw(): void {
    this.isFrozen = false;
    const prepared = [...this.prepared.values()];
    this.prepared.clear();
    for (const permit of prepared) {
      const { legId, expiresAt } = permit;
      if (this.clock.now() <= expiresAt) this.originate(permit);
      else this.say({ kind: 'leg-refused', legId, reason: 'permit-expired' });
    }
  }

  /** The PBX dies and comes back: every channel is gone, and no end was reported. */
  restart(): void {
    this.disconnect('the connection was closed');
    this.instance += 1;
    this.legs.clear();
    this.headsets.clear();
    this.reconnect();
  }

  /** Repeats the content of signals that may have been missed. */
  sweep(): void {
    if (!this.connected) return;
    for (const legId of this.expected) {
      const leg = this.legs.get(legId);
      if (!leg) this.lose(legId);
      else if (leg.state === 'up') this.tell({ kind: 'leg-answered', legId });
    }
    for (const [headsetId, { channelId }] of this.headsets) {
      this.tell({ kind: 'headset-arrived', headsetId, channelId });
    }
  }

  private survey(): TelephonySurvey {
    return {
      instance: `instance-${this.instance}`,
      placing: [...this.prepared.keys()],
      legs: [...this.legs].map(([legId, leg]) => ({ legId, ...foundLeg(leg) })),
      headsets: [...this.headsets].map(([headsetId, { channelId, bridgeId }]) => ({
        headsetId,
        channelId,
        ...(bridgeId ? { bridgeId } : {}),
      })),
    };
  }

  private play(legId: LegId, behaviour: Behaviour): void {
    const { ringsAfterMs, fails, answersAfterMs, hangsUpAfterMs, patienceMs } = behaviour;
    if (ringsAfterMs !== undefined) {
      this.onLeg(legId, ringsAfterMs, (leg) => {
        if (leg.state === 'down') leg.state = 'ringing';
        this.tell({ kind: 'leg-ringing', legId });
      });
    }
    if (fails) this.onLeg(legId, fails.afterMs, () => this.endLeg(legId, fails));
    if (answersAfterMs === undefined) return;
    this.onLeg(legId, answersAfterMs, (leg) => {
      leg.state = 'up';
      leg.upSinceMs = this.clock.monotonicMs();
      this.tell({ kind: 'leg-answered', legId });
      if (patienceMs !== undefined) {
        this.onLeg(legId, patienceMs, ({ wasBridged }) => {
          if (!wasBridged) this.debtorHangsUp(legId);
        });
      }
      if (hangsUpAfterMs === undefined) return;
      this.onLeg(legId, hangsUpAfterMs, () => this.debtorHangsUp(legId));
    });
  }

  private endLeg(
    legId: LegId,
    end: {
      readonly cause: number;
      readonly techCause?: number;
      readonly reasonCause?: number;
      readonly intent?: HangUpIntent;
    },
  ): void {
    if (!this.legs.delete(legId)) return;
    const { cause, techCause, reasonCause, intent } = end;
    this.tell({
      kind: 'leg-ended',
      legId,
      cause,
      ...given({ techCause, reasonCause, intent }),
    });
  }

  private lose(legId: LegId): void {
    this.expected.delete(legId);
    this.say({ kind: 'leg-lost', legId });
  }

  private sweepLater(post: (signal: TelephonySignal) => void): void {
    this.after(SWEEP_EVERY_MS, () => {
      if (this.post !== post) return;
      this.sweep();
      this.sweepLater(post);
    });
  }

  private meets(legId: LegId): void {
    const leg = this.legs.get(legId);
    if (leg) leg.isMet = true;
  }

  private hears(what: string, legId?: LegId): boolean {
    const at = this.clock.now();
    if (this.listens) this.asked.push({ at, what, ...(legId ? { legId } : {}) });
    return this.listens;
  }

  private breakConnection(): void {
    this.connected = false;
    this.connection += 1;
  }

  /** Sends an event of the PBX, which may be lost, doubled or late. */
  tell(signal: Signal): void {
    if (!this.connected) return;
    const { connection } = this;
    const told = { ...signal, at: this.clock.now() } as TelephonySignal;
    this.tamper(told, (one) => {
      if (connection !== this.connection) return;
      if (one.kind === 'leg-ended') this.expected.delete(one.legId);
      this.post?.(one);
    });
  }

  /** Sends what the adapter itself knows; nothing can happen to it on the way. */
  private say(signal: Signal): void {
    this.post?.({ ...signal, at: this.clock.now() } as TelephonySignal);
  }

  private after(ms: number, happen: () => void): void {
    this.clock.at(this.clock.now() + ms, happen);
  }

  private onLeg(legId: LegId, ms: number, happen: (leg: Leg) => void): void {
    this.after(ms, () => {
      const leg = this.legs.get(legId);
      if (leg) happen(leg);
    });
  }
}

function foundLeg({ state, bridgeId }: Leg): FoundLeg {
  return { state, ...(bridgeId ? { bridgeId } : {}) };
}
