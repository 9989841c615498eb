/**
 * The Telephony port on Asterisk. README.md says how the parts divide the work. This file puts them
 * together, and every signal to the engine passes through it.
 */
import type { Logger } from 'pino';
import { type HangUpIntent, isAnswerWithoutMedia } from '../domain/calls/outcome.ts';
import type { DialPermit } from '../domain/compliance/gate.ts';
import type { Trunk } from '../domain/trunks/trunk.ts';
import type {
  Announcement,
  ChannelId,
  HeadsetCredentials,
  Telephony,
  TelephonyHealth,
  TelephonySignal,
  TelephonySurvey,
} from '../engine/ports/telephony.ts';
import type { BridgeId, HeadsetId, LegId } from '../lib/ids.ts';
import type { EpochMs } from '../lib/time.ts';
import type { AriBridge, AriChannel } from './ari-api.ts';
import { AriConnection, type PbxIdentity } from './ari-connection.ts';
import { errorOfTransport } from './ari-error.ts';
import type { AriEvent } from './ari-events.ts';
import { failedMessageOf, toSignals } from './ari-signals.ts';
import { headsetOf, isInOurHands, legOf } from './channel-names.ts';
import { endChannel } from './end-channel.ts';
import { Headsets } from './headsets.ts';
import { Legs } from './legs.ts';
import { PbxConfiguration } from './pbx-configuration.ts';
import { PlaceLegs, type Placing } from './place-legs.ts';
import { ScreenLegs } from './screen-legs.ts';
import { SipMirror } from './sip-mirror.ts';
import { type Prompts, SteerLegs } from './steer-legs.ts';
import { emptyBridges, foundLeg, strangersIn, surveyOf } from './survey.ts';

/** How often the channels in the PBX are compared with our records. */
const SWEEP_EVERY_MS = 30_000;

type Answer = Extract<TelephonySignal, { kind: 'leg-answered' }>;

/** Longest wait for the PBX to end a call answered without media; a busy machine took 50 ms. */
const NO_ANSWER_ENDS_WITHIN_MS = 500;

export type AsteriskTelephonyOptions = {
  /** `http://host:port`, with or without `/ari`. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** The Stasis application; only one process may use each name. */
  readonly application: string;
  /** How calls are placed; README.md compares the two ways. Absent for the default. */
  readonly placing?: Placing;
  readonly log: Logger;
  readonly clock: { now(): EpochMs };
  /** Address for audio to and from trunks; absent when the PBX's routing decides. */
  readonly mediaAddress?: string;
  /** Address for audio to and from agents' browsers; absent when the PBX's routing decides. */
  readonly headsetMediaAddress?: string;
  readonly prompts?: Prompts;
  /**
   * Loopback port to which the PBX sends copies of SIP messages; absent when no Reason header is
   * read.
   */
  readonly sipMirrorPort?: number;
};

/** Names of sound files and of the music class in the PBX's configuration (asterisk/). */
export const PROMPTS: Prompts = {
  announcements: { abandonment: 'cadencia/abandoned', 'agent-lost': 'cadencia/connection-lost' },
  messagesFolder: 'messages',
  holdMusicClass: 'default',
};

export function createAsteriskTelephony(options: AsteriskTelephonyOptions): Telephony {
  return new AsteriskTelephony(options);
}

class AsteriskTelephony implements Telephony {
  readonly #log: Logger;
  readonly #now: () => EpochMs;
  readonly #connection: AriConnection;
  readonly #legs = new Legs();
  readonly #headsets: Headsets;
  readonly #configuration: PbxConfiguration;
  readonly #placing: PlaceLegs;
  readonly #steering: SteerLegs;
  readonly #screening: ScreenLegs;
  readonly #mirror: SipMirror;
  readonly #mirrorPort: number | undefined;
  #deliver: ((signal: TelephonySignal) => void) | undefined;
  #instance: string | undefined;
  #sweeping: NodeJS.Timeout | undefined;
  #emptyBefore: ReadonlySet<string> = new Set();

  constructor(options: AsteriskTelephonyOptions) {
    const { application, placing = 'create-and-dial', log, clock, prompts = PROMPTS } = options;
    this.#log = log;
    this.#now = () => clock.now();
    this.#connection = new AriConnection(options);
    this.#mirror = new SipMirror(options.password, log);
    this.#mirrorPort = options.sipMirrorPort;
    this.#configuration = new PbxConfiguration(this.#connection, options, log);
    const post = (signal: TelephonySignal) => this.#post(signal);
    const common = { connection: this.#connection, legs: this.#legs, log, now: this.#now, post };
    this.#headsets = new Headsets({ ...common, application });
    this.#steering = new SteerLegs({ ...common, prompts });
    this.#screening = new ScreenLegs({ ...common, application });
    this.#placing = new PlaceLegs({
      ...common,
      application,
      placing,
      trunk: (trunkId) => this.#configuration.trunk(trunkId),
      endLeg: (legId) => this.#steering.end(legId),
      expectWord: (legId, dialed) => {
        if (this.#mirrorPort !== undefined) this.#mirror.expect(legId, dialed);
      },
    });
  }

  start(post: (signal: TelephonySignal) => void): void {
    this.#deliver = post;
    if (this.#mirrorPort !== undefined) this.#mirror.start(this.#mirrorPort);
    this.#sweeping = setInterval(() => {
      this.#sweep().catch((problem: unknown) => {
        this.#log.warn({ err: errorOfTransport(problem) }, 'telephony sweep failed');
      });
    }, SWEEP_EVERY_MS);
    this.#connection.start({
      onEvent: (event) => this.#onEvent(event),
      onOpened: (pbx) => this.#onOpened(pbx),
      onDown: (because) => this.#post({ kind: 'telephony-down', because, at: this.#now() }),
    });
  }

  async stop(): Promise<void> {
    clearInterval(this.#sweeping);
    this.#configuration.stop();
    this.#screening.stop();
    this.#mirror.stop();
    await this.#connection.stop();
    this.#deliver = undefined;
  }

  originate(permit: DialPermit): void {
    this.#placing.place(permit);
  }

  hangUpLeg(legId: LegId, intent: HangUpIntent): void {
    this.#steering.hangUp(legId, intent);
  }

  bridgeLeg(legId: LegId, bridgeId: BridgeId): void {
    this.#steering.bridge(legId, bridgeId);
  }

  holdLeg(legId: LegId): void {
    this.#steering.hold(legId);
  }

  announce(legId: LegId, announcement: Announcement, soundFile?: string): void {
    this.#steering.announce(legId, announcement, soundFile);
  }

  screenLeg(legId: LegId): void {
    this.#screening.screen(legId);
  }

  lookAtLeg(legId: LegId): void {
    void this.#lookAt(legId);
  }

  openHeadset(credentials: HeadsetCredentials): void {
    this.#configuration.openHeadset(credentials);
  }

  closeHeadset(headsetId: HeadsetId, bridgeId: BridgeId): void {
    // The credentials go first: a browser that is hung up calls in again at once.
    void this.#configuration.closeHeadset(headsetId).then(() => {
      this.#headsets.close(headsetId, bridgeId);
    });
  }

  pinHeadset(headsetId: HeadsetId, channelId: ChannelId, bridgeId: BridgeId): void {
    this.#headsets.pin(headsetId, channelId, bridgeId);
  }

  refuseHeadset(channelId: ChannelId): void {
    this.#headsets.refuse(channelId);
  }

  refuseInbound(channelId: ChannelId): void {
    void endChannel(this.#connection, channelId, 'normal', this.#log);
  }

  setTrunks(trunks: readonly Trunk[]): void {
    this.#configuration.setTrunks(trunks);
  }

  health(): TelephonyHealth {
    return this.#connection.health();
  }

  /**
   * Every signal leaves through here. Signals that say nothing new, or come after the end, are
   * dropped.
   */
  #post(signal: TelephonySignal): void {
    const news = this.#news(signal);
    if (!news) return;
    if ('legId' in news && this.#legs.isOver(news.legId)) {
      this.#screening.legOver(news.legId);
      this.#mirror.forget(news.legId);
    }
    this.#deliver?.(news);
  }

  #news(signal: TelephonySignal): TelephonySignal | undefined {
    if ('legId' in signal) return this.#legs.accept(signal);
    return 'headsetId' in signal ? this.#headsets.accept(signal) : signal;
  }

  #onEvent(event: AriEvent): void {
    for (const signal of toSignals(event, this.#now())) this.#hear(signal);
    switch (event.type) {
      case 'StasisStart':
        this.#screening.entered(event);
        this.#noteEntry(event.channel);
        return;
      case 'Dial': {
        const legId = event.forward ? legOf(event.peer) : undefined;
        if (legId) this.#legs.forwarded(legId);
        return;
      }
      case 'PlaybackFinished': {
        const failed = failedMessageOf(event);
        if (failed) void this.#steering.announceOurs(failed.legId, failed.announcement);
        return;
      }
      case 'StasisEnd':
        this.#headsets.stopped(event.channel.id);
        return;
      case 'ChannelLeftBridge': {
        const legId = legOf(event.channel);
        if (legId) this.#legs.left(legId, event.bridge.id);
        else this.#headsets.left(event.channel.id);
        return;
      }
      default:
    }
  }

  /**
   * Adds the far end's word to the end of a failed call; the word may arrive a moment after the
   * end.
   */
  #hear(signal: TelephonySignal): void {
    if (signal.kind === 'leg-answered') {
      this.#hearAnswer(signal);
      return;
    }
    if (signal.kind !== 'leg-ended') {
      this.#post(signal);
      return;
    }
    this.#settleAnswer(signal);
    const record = this.#legs.get(signal.legId);
    const isOurs = record?.intent !== undefined || record?.withoutMedia === true;
    const hasFailed = record?.stage !== 'answered' && !isOurs && !record?.forwarded;
    if (!hasFailed || !this.#mirror.isExpected(signal.legId)) {
      this.#post(signal);
      return;
    }
    this.#mirror.wordOf(signal.legId, signal.techCause, (word) => {
      const { reasonCause } = word ?? {};
      this.#post({ ...signal, ...(reasonCause !== undefined && { reasonCause }) });
    });
  }

  /**
   * Holds an answer until the copy of its 200 was read. The PBX sends the copy first, but when both
   * wait to be read, the answer may be read first. The copy is then read in the same turn of the
   * event loop.
   */
  #hearAnswer(answer: Answer): void {
    const record = this.#legs.get(answer.legId);
    if (record?.heldAnswer) return;
    if (!record || !this.#mirror.isWordOpen(answer.legId)) {
      if (!this.#isNoAnswer(answer)) this.#post(answer);
      return;
    }
    record.heldAnswer = answer;
    setImmediate(() => {
      if (record.heldAnswer !== answer) return;
      delete record.heldAnswer;
      if (!this.#isNoAnswer(answer)) this.#post(answer);
    });
  }

  /**
   * Posts a held answer before the end that came with it, for example after this process was
   * paused.
   */
  #settleAnswer(end: Extract<TelephonySignal, { kind: 'leg-ended' }>): void {
    const record = this.#legs.get(end.legId);
    const answer = record?.heldAnswer;
    if (!record || !answer) return;
    delete record.heldAnswer;
    const { earlyMedia } = record;
    if (!isAnswerWithoutMedia({ ...end, earlyMedia, answeredForMs: 0 })) this.#post(answer);
  }

  /**
   * Whether the 200 describes no audio. Such a leg is not put through, and the PBX ends it in a
   * moment. If the PBX does not, it counts as an answer.
   */
  #isNoAnswer(answer: Answer): boolean {
    const { legId } = answer;
    const record = this.#legs.get(legId);
    if (!record || record.stage === 'answered' || record.earlyMedia) return false;
    if (!this.#mirror.isAnswerWithoutMedia(legId)) return false;
    if (!record.withoutMedia) {
      record.withoutMedia = true;
      setTimeout(() => this.#post(answer), NO_ANSWER_ENDS_WITHIN_MS).unref();
    }
    return true;
  }

  #noteEntry(channel: AriChannel): void {
    const legId = legOf(channel);
    if (!legId) return;
    // The leg was given up earlier, for example because it could not be found: no agent waits for
    // this person.
    if (this.#legs.isOver(legId)) this.#steering.end(legId);
    const record = this.#legs.get(legId);
    if (!record) return;
    record.entered = true;
    record.onEntered?.();
  }

  #look(): Promise<readonly [AriChannel[], AriBridge[]]> {
    return Promise.all([
      this.#connection.request('background', (api) => api.channels.list()),
      this.#connection.request('background', (api) => api.bridges.list()),
    ]);
  }

  async #lookAt(legId: LegId): Promise<void> {
    const record = this.#legs.get(legId);
    if (record?.queued || record?.requesting) return;
    try {
      const channel = await this.#connection.request('urgent', (api) =>
        api.channels.get({ channelId: legId }),
      );
      const bridges = await this.#connection.request('urgent', (api) => api.bridges.list());
      const found = foundLeg(channel, bridges);
      this.#post({ kind: 'leg-looked-at', legId, found, at: this.#now() });
    } catch (problem) {
      const error = errorOfTransport(problem);
      if (error.code === 'gone') this.#post({ kind: 'leg-looked-at', legId, at: this.#now() });
      else this.#log.warn({ legId, err: error }, 'a leg could not be looked at');
    }
  }

  /**
   * Legs that should be in the PBX. Called before the PBX is asked, because a leg placed meanwhile
   * may be missing from its lists.
   */
  #expected(): readonly LegId[] {
    return this.#legs
      .all()
      .filter(({ requesting, queued }) => !requesting && !queued)
      .map(({ legId }) => legId);
  }

  /**
   * Surveys the PBX after each connect. Events already flow during the survey, so a leg may have
   * ended since the lists were made: legs that are over are left out.
   */
  async #onOpened(pbx: PbxIdentity): Promise<() => void> {
    if (this.#instance !== pbx.instance) this.#configuration.forget();
    this.#instance = pbx.instance;
    await this.#configuration.agree();
    const expected = this.#expected();
    const headsets = this.#headsets.known();
    const [channels, bridges] = await this.#look();
    const survey = surveyOf(pbx.instance, channels, bridges);
    for (const legId of missing(expected, channels)) {
      this.#post({ kind: 'leg-lost', legId, at: this.#now() });
    }
    this.#screening.sweep(channels);
    this.#headsets.forget(missing(headsets, channels));
    for (const { headsetId, channelId } of survey.headsets) {
      this.#headsets.note(headsetId, channelId);
    }
    const legs = survey.legs.filter(({ legId }) => !this.#legs.isOver(legId));
    for (const leg of legs) this.#adopt(leg);
    const found = new Set(legs.map(({ legId }) => legId));
    return () => {
      const known = this.#legs.all().map(({ legId }) => legId);
      const placing = known.filter((legId) => !found.has(legId));
      const agreed = { ...survey, legs, placing };
      this.#post({ kind: 'telephony-up', survey: agreed, at: this.#now() });
    };
  }

  #adopt({ legId, state, bridgeId }: TelephonySurvey['legs'][number]): void {
    const record = this.#legs.adopt(legId);
    if (!record) return;
    if (state === 'up') record.stage = 'answered';
    if (bridgeId) record.bridgeId = bridgeId;
    else delete record.bridgeId;
    if (record.intent) this.#steering.end(legId);
  }

  /**
   * Compares the PBX with our records every half minute, because an event can be missed without a
   * sign.
   */
  async #sweep(): Promise<void> {
    if (!this.#connection.isUp()) return;
    const expected = this.#expected();
    const headsets = this.#headsets.known();
    const [channels, bridges] = await this.#look();
    for (const { id, name } of strangersIn(channels)) {
      this.#log.error({ channelId: id, name }, 'hung up a call that we did not place');
      void endChannel(this.#connection, id, 'normal', this.#log);
    }
    this.#screening.sweep(channels);
    for (const channel of channels) this.#sweepChannel(channel);
    this.#headsets.forget(missing(headsets, channels));
    const empty = emptyBridges(bridges);
    const stayedEmpty = empty.filter((bridgeId) => this.#emptyBefore.has(bridgeId));
    for (const bridgeId of stayedEmpty) void this.#headsets.dissolve(bridgeId);
    this.#emptyBefore = new Set(empty);
    for (const legId of missing(expected, channels)) void this.#steering.checkEnded(legId);
  }

  /** Posts the signals that a missed event would have given. */
  #sweepChannel(channel: AriChannel): void {
    const legId = legOf(channel);
    const at = this.#now();
    if (legId) {
      if (this.#legs.get(legId)?.intent) this.#steering.end(legId);
      else if (isInOurHands(channel)) this.#post({ kind: 'leg-answered', legId, at });
      return;
    }
    const headsetId = headsetOf(channel);
    if (!headsetId || channel.dialplan.app_name !== 'Stasis') return;
    this.#post({ kind: 'headset-arrived', headsetId, channelId: channel.id, at });
  }
}

function missing<Id extends string>(ids: readonly Id[], channels: readonly AriChannel[]): Id[] {
  const alive = new Set(channels.map(({ id }) => id));
  return ids.filter((id) => !alive.has(id));
}
