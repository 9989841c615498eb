/**
 * The Telephony port on Asterisk. README.md tells how the parts divide the work; here they are put
 * together, and here every signal passes on its way to the engine.
 */
import type { Logger } from 'pino';
import type { Telephony, TelephonySignal } from '../engine/ports/telephony.ts';
import type { EpochMs } from '../lib/time.ts';
import type { AriBridge, AriChannel } from './ari-api.ts';
import { createAriConnection, type PbxIdentity } from './ari-connection.ts';
import { errorOfTransport } from './ari-error.ts';
import type { AriEvent } from './ari-events.ts';
import { toSignals } from './ari-signals.ts';
import { headsetOf, isInOurHands, legOf } from './channel-names.ts';
import { endChannel } from './end-channel.ts';
import { createHeadsets } from './headsets.ts';
import { createLegs } from './legs.ts';
import { createPbxConfiguration } from './pbx-configuration.ts';
import { createPlaceLegs, type Placing } from './place-legs.ts';
import { createSteerLegs, type Prompts } from './steer-legs.ts';
import { emptyBridges, strangersIn, surveyOf } from './survey.ts';

/** How often what lives in the PBX is compared with what is known. */
const SWEEP_EVERY_MS = 30_000;
/** A leg that the PBX does not have counts as gone when the event of its end had this long to come. */
const SWEEP_GRACE_MS = 3_000;

export type AsteriskTelephonyOptions = {
  /** `http://host:port`, with or without `/ari`. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** The Stasis application; one process for each name. */
  readonly application: string;
  readonly placing: Placing;
  readonly log: Logger;
  readonly clock: { now(): EpochMs };
  /** Address for audio to and from trunks. */
  readonly mediaAddress?: string;
  /** Address for audio to and from agents' browsers. */
  readonly headsetMediaAddress?: string;
  readonly prompts?: Prompts;
};

/** Names of sound files and of the music class in the PBX's configuration (asterisk/). */
export const PROMPTS: Prompts = {
  announcements: { abandonment: 'cadencia/abandoned', 'agent-lost': 'cadencia/connection-lost' },
  holdMusicClass: 'default',
};

export function createAsteriskTelephony(options: AsteriskTelephonyOptions): Telephony {
  const { application, placing, log, clock } = options;
  const now = () => clock.now();
  let deliver: ((signal: TelephonySignal) => void) | undefined;
  let instance: string | undefined;
  let sweeping: NodeJS.Timeout | undefined;
  let emptyBefore: ReadonlySet<string> = new Set();

  /** The one way out: what says nothing new, or comes after the end, is dropped here. */
  const post = (signal: TelephonySignal) => {
    const news =
      'legId' in signal
        ? legs.accept(signal)
        : 'headsetId' in signal
          ? headsets.accept(signal)
          : signal;
    if (news) deliver?.(news);
  };

  const connection = createAriConnection(options);
  const legs = createLegs();
  const configuration = createPbxConfiguration({ connection, media: options, log });
  const steer = createSteerLegs({
    connection,
    legs,
    prompts: options.prompts ?? PROMPTS,
    log,
    now,
    post,
  });
  const headsets = createHeadsets({ connection, application, log, now, post });
  const placeLeg = createPlaceLegs({
    connection,
    legs,
    application,
    placing,
    log,
    now,
    trunk: (trunkId) => configuration.trunk(trunkId),
    post,
    endLeg: (legId) => steer.end(legId),
  });

  const onEvent = (event: AriEvent) => {
    for (const signal of toSignals(event, now())) post(signal);
    if (event.type === 'StasisStart') noteEntry(event.channel);
    if (event.type === 'ChannelLeftBridge') noteLeaving(event.channel, event.bridge.id);
    if (event.type === 'StasisEnd') noteStop(event.channel);
  };

  const noteEntry = (channel: AriChannel) => {
    const legId = legOf(channel);
    if (!legId) return;
    // Given up before, for example because it could not be found: nobody waits for this person.
    if (legs.isOver(legId)) void endChannel(connection, legId, 'normal', log);
    const record = legs.get(legId);
    if (!record) return;
    record.entered = true;
    record.onEntered?.();
  };

  const noteLeaving = (channel: AriChannel, bridgeId: string) => {
    const legId = legOf(channel);
    if (legId) legs.left(legId, bridgeId);
    const headsetId = headsetOf(channel);
    if (headsetId) headsets.left(headsetId, channel.id);
  };

  const noteStop = (channel: AriChannel) => {
    const headsetId = headsetOf(channel);
    if (headsetId) headsets.stopped(headsetId, channel.id);
  };

  const look = async (): Promise<readonly [AriChannel[], AriBridge[]]> =>
    await Promise.all([
      connection.request('background', (api) => api.channels.list()),
      connection.request('background', (api) => api.bridges.list()),
    ]);

  /** Legs that are known, were there to be found and are not. */
  const missingLegs = (channels: readonly AriChannel[]) => {
    const alive = new Set(channels.map(({ id }) => id));
    return [...legs.all()].filter(
      (record) => !alive.has(record.legId) && !record.requesting && !record.queued,
    );
  };

  /**
   * After each connect. Events flow already while the PBX is looked at, so a leg may have ended since
   * the lists were made: what is over stays out of the survey.
   */
  const onOpened = async (pbx: PbxIdentity): Promise<() => void> => {
    if (instance !== pbx.instance) configuration.forget();
    instance = pbx.instance;
    await configuration.agree();
    const [channels, bridges] = await look();
    const survey = surveyOf(pbx.instance, channels, bridges);
    for (const { legId } of missingLegs(channels)) post({ kind: 'leg-lost', legId, at: now() });
    headsets.survey(survey.headsets);
    const found = survey.legs.filter(({ legId }) => !legs.isOver(legId));
    for (const { legId, state, bridgeId } of found) {
      const record = legs.adopt(legId);
      if (!record) continue;
      if (state === 'up') record.stage = 'answered';
      if (bridgeId) record.bridgeId = bridgeId;
      else delete record.bridgeId;
      if (record.intent) steer.end(legId);
    }
    return () => deliver?.({ kind: 'telephony-up', survey: { ...survey, legs: found }, at: now() });
  };

  /** Events can be missed without any sign. Every half minute the PBX is asked what is there. */
  const sweep = async (): Promise<void> => {
    if (!connection.isUp()) return;
    const [channels, bridges] = await look();
    for (const channel of strangersIn(channels)) {
      log.error({ channelId: channel.id, name: channel.name }, 'a call nobody placed, hung up');
      void endChannel(connection, channel.id, 'normal', log);
    }
    for (const channel of channels) {
      const legId = legOf(channel);
      if (!legId) continue;
      if (legs.get(legId)?.intent) steer.end(legId);
      else if (isInOurHands(channel)) post({ kind: 'leg-answered', legId, at: now() });
    }
    const empty = emptyBridges(bridges);
    for (const bridgeId of empty) if (emptyBefore.has(bridgeId)) void headsets.dissolve(bridgeId);
    emptyBefore = new Set(empty);
    const missing = missingLegs(channels);
    headsets.survey(surveyOf('', channels, bridges).headsets);
    setTimeout(() => {
      for (const { legId } of missing) {
        if (!legs.isOver(legId)) post({ kind: 'leg-lost', legId, at: now() });
      }
    }, SWEEP_GRACE_MS).unref();
  };

  const sweepSafely = () => {
    sweep().catch((problem: unknown) =>
      log.warn({ err: errorOfTransport(problem) }, 'telephony sweep failed'),
    );
  };

  return {
    start(to) {
      deliver = to;
      sweeping = setInterval(sweepSafely, SWEEP_EVERY_MS);
      connection.start({
        onEvent,
        onOpened,
        onDown: (because) => deliver?.({ kind: 'telephony-down', because, at: now() }),
      });
    },
    async stop() {
      clearInterval(sweeping);
      configuration.stop();
      await connection.stop();
      deliver = undefined;
    },
    originate: placeLeg,
    hangUpLeg: (legId, intent) => steer.hangUp(legId, intent),
    bridgeLeg: (legId, bridgeId) => steer.bridge(legId, bridgeId),
    holdLeg: (legId) => steer.hold(legId),
    announce: (legId, announcement) => steer.announce(legId, announcement),
    openHeadset(credentials) {
      configuration.openHeadset(credentials);
      if (connection.isUp()) void configuration.agree();
    },
    closeHeadset(headsetId, bridgeId) {
      configuration.closeHeadset(headsetId);
      if (connection.isUp()) void configuration.agree();
      headsets.close(headsetId, bridgeId);
    },
    pinHeadset: (headsetId, channelId, bridgeId) => headsets.pin(headsetId, channelId, bridgeId),
    refuseHeadset: (channelId) => headsets.refuse(channelId),
    refuseInbound: (channelId) => void endChannel(connection, channelId, 'normal', log),
    setTrunks(trunks) {
      configuration.setTrunks(trunks);
      if (connection.isUp()) void configuration.agree();
    },
    health: () => connection.health(),
  };
}
