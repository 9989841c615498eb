import type { HangUpIntent } from '../domain/calls/outcome.ts';
import type { DialPermit } from '../domain/compliance/gate.ts';
import type { Trunk } from '../domain/trunks/trunk.ts';
import { unreachable } from '../lib/assert.ts';
import type { BridgeId, HeadsetId, LegId } from '../lib/ids.ts';
import type { EpochMs } from '../lib/time.ts';
import type {
  Announcement,
  ChannelId,
  HeadsetCredentials,
  Telephony,
  TelephonySignal,
} from './ports/telephony.ts';

/**
 * What goes out to the world after a commit. A crash can lose the ones that did not leave yet and
 * never invents one. All are repeatable but `originate`, which is sent at most once for a permit.
 */
export type Effect =
  | { readonly kind: 'originate'; readonly permit: DialPermit }
  | { readonly kind: 'hang-up'; readonly legId: LegId; readonly intent: HangUpIntent }
  | { readonly kind: 'bridge'; readonly legId: LegId; readonly bridgeId: BridgeId }
  | { readonly kind: 'hold'; readonly legId: LegId }
  | { readonly kind: 'look-at-leg'; readonly legId: LegId }
  | { readonly kind: 'screen'; readonly legId: LegId }
  | {
      readonly kind: 'announce';
      readonly legId: LegId;
      readonly announcement: Announcement;
      /** The campaign's own recording, in place of the one we ship. */
      readonly soundFile?: string;
    }
  | { readonly kind: 'open-headset'; readonly credentials: HeadsetCredentials }
  | { readonly kind: 'close-headset'; readonly headsetId: HeadsetId; readonly bridgeId: BridgeId }
  | {
      readonly kind: 'pin-headset';
      readonly headsetId: HeadsetId;
      readonly channelId: ChannelId;
      readonly bridgeId: BridgeId;
    }
  | { readonly kind: 'refuse-headset'; readonly channelId: ChannelId }
  | { readonly kind: 'refuse-inbound'; readonly channelId: ChannelId }
  | { readonly kind: 'set-trunks'; readonly trunks: readonly Trunk[] };

/** It ends a leg, or tells the person on it why nobody speaks, or sends somebody away. */
export function isEnding({ kind }: Effect): boolean {
  return (
    kind === 'hang-up' ||
    kind === 'announce' ||
    kind === 'refuse-headset' ||
    kind === 'refuse-inbound'
  );
}

/** The debtor's leg that it is about, if any. */
export function legOf(effect: Effect): LegId | undefined {
  if (effect.kind === 'originate') return effect.permit.legId;
  return 'legId' in effect ? effect.legId : undefined;
}

/** Lets one effect out. A permit that expired on the way gives its reservation back as a signal. */
export function runEffect(
  effect: Effect,
  telephony: Telephony,
  now: EpochMs,
  post: (signal: TelephonySignal) => void,
): void {
  switch (effect.kind) {
    case 'originate':
      if (now > effect.permit.expiresAt) {
        post({
          kind: 'leg-refused',
          legId: effect.permit.legId,
          reason: 'permit-expired',
          at: now,
        });
        return;
      }
      telephony.originate(effect.permit);
      return;
    case 'hang-up':
      telephony.hangUpLeg(effect.legId, effect.intent);
      return;
    case 'bridge':
      telephony.bridgeLeg(effect.legId, effect.bridgeId);
      return;
    case 'hold':
      telephony.holdLeg(effect.legId);
      return;
    case 'look-at-leg':
      telephony.lookAtLeg(effect.legId);
      return;
    case 'screen':
      telephony.screenLeg(effect.legId);
      return;
    case 'announce':
      telephony.announce(effect.legId, effect.announcement, effect.soundFile);
      return;
    case 'open-headset':
      telephony.openHeadset(effect.credentials);
      return;
    case 'close-headset':
      telephony.closeHeadset(effect.headsetId, effect.bridgeId);
      return;
    case 'pin-headset':
      telephony.pinHeadset(effect.headsetId, effect.channelId, effect.bridgeId);
      return;
    case 'refuse-headset':
      telephony.refuseHeadset(effect.channelId);
      return;
    case 'refuse-inbound':
      telephony.refuseInbound(effect.channelId);
      return;
    case 'set-trunks':
      telephony.setTrunks(effect.trunks);
      return;
    default:
      unreachable(effect);
  }
}
