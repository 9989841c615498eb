import type { LegRefusal } from '../../domain/calls/call.ts';
import type { HangUpIntent } from '../../domain/calls/outcome.ts';
import type { Screened } from '../../domain/calls/screening.ts';
import type { DialPermit } from '../../domain/compliance/gate.ts';
import type { Trunk } from '../../domain/trunks/trunk.ts';
import type { BridgeId, HeadsetId, LegId, TrunkId } from '../../lib/ids.ts';
import type { DurationMs, EpochMs } from '../../lib/time.ts';

/** A channel in the PBX; its id is chosen by Asterisk where a browser called in, by us elsewhere. */
export type ChannelId = string;

/** What a debtor hears when nobody can speak with them. Neither ever names the debt. */
export type Announcement = 'abandonment' | 'agent-lost';

/** Random credentials with which one agent's browser may call in, valid for one shift. */
export type HeadsetCredentials = {
  readonly headsetId: HeadsetId;
  readonly username: string;
  readonly password: string;
};

/**
 * The PBX. Every method only asks and returns at once: what came of it arrives as a
 * {@link TelephonySignal}, in any order, perhaps twice, perhaps never. Nothing here throws.
 */
export interface Telephony {
  /** Begins to deliver signals; `post` must not block and must not throw. */
  start(post: (signal: TelephonySignal) => void): void;
  /** Closes connections. Calls in the PBX go on. */
  stop(): Promise<void>;

  /**
   * Calls a debtor, at most once for a permit, ever: an unknown outcome is settled by looking at the
   * PBX, never by sending again. The leg id of the permit becomes the id of the channel.
   * Ends in `leg-answered`, `leg-ended`, `leg-refused` or `leg-lost`.
   */
  originate(permit: DialPermit): void;
  /** Ends a debtor's leg. The `leg-ended` that follows carries the intent. */
  hangUpLeg(legId: LegId, intent: HangUpIntent): void;
  /**
   * Looks at one leg, whatever was said of it before: `leg-looked-at`. Nothing comes while the PBX
   * cannot be asked, or while the leg is still on its way to it.
   */
  lookAtLeg(legId: LegId): void;
  /** Puts the leg into an agent's bridge: `leg-bridged`, or `leg-bridge-failed`. */
  bridgeLeg(legId: LegId, bridgeId: BridgeId): void;
  /**
   * Listens to who answered, without touching the leg: `leg-screened`, once, within seconds. Nothing
   * comes when the leg ends before the verdict.
   */
  screenLeg(legId: LegId): void;
  /** Takes the leg out of whatever bridge it is in and plays music to it. */
  holdLeg(legId: LegId): void;
  /**
   * Takes the leg out of its bridge, plays a message to it and then says `announcement-ended`. With a
   * `soundFile` the recording of that name is played; where the PBX has none, ours, never silence, and
   * `announcement-replaced` says so before.
   */
  announce(legId: LegId, announcement: Announcement, soundFile?: string): void;

  /** Makes the PBX accept this browser, with these credentials; repeated after a restart of the PBX. */
  openHeadset(credentials: HeadsetCredentials): void;
  /** Forgets the credentials and hangs up what came in by them. */
  closeHeadset(headsetId: HeadsetId, bridgeId: BridgeId): void;
  /**
   * Answers the browser's call and puts it alone into the agent's bridge (made if missing): signals
   * `headset-pinned`. An older channel of the same headset is hung up after the new one is in.
   */
  pinHeadset(headsetId: HeadsetId, channelId: ChannelId, bridgeId: BridgeId): void;
  /** Hangs up a browser's call that has no business here. */
  refuseHeadset(channelId: ChannelId): void;
  /** Hangs up a call that came in by a trunk and that nobody takes. */
  refuseInbound(channelId: ChannelId): void;

  /** The whole set of trunks; the adapter makes the PBX agree with it, now and after each restart. */
  setTrunks(trunks: readonly Trunk[]): void;

  health(): TelephonyHealth;
}

export type TelephonyHealth = {
  readonly connected: boolean;
  /** Since the last event or echo came; undefined before the first. */
  readonly silentForMs?: DurationMs;
  /** Round trip of the newest echo through the PBX's event path. */
  readonly lagMs?: DurationMs;
  readonly requestsInFlight: number;
  readonly unknownEvents: number;
  readonly version?: string;
};

export type TelephonySignal = { readonly at: EpochMs } & (
  | { readonly kind: 'leg-ringing'; readonly legId: LegId }
  /** Audio before the answer (183 with SDP): the network or the person's operator speaks. */
  | { readonly kind: 'leg-early-media'; readonly legId: LegId }
  | { readonly kind: 'leg-answered'; readonly legId: LegId }
  | { readonly kind: 'leg-bridged'; readonly legId: LegId; readonly bridgeId: BridgeId }
  | { readonly kind: 'leg-bridge-failed'; readonly legId: LegId; readonly bridgeId: BridgeId }
  | ({
      readonly kind: 'leg-screened';
      readonly legId: LegId;
      /** For so long a person had been silent after what they said first; absent where it was not heard. */
      readonly silentMs?: DurationMs;
    } & Screened)
  /** The recording asked for could not be played: ours is heard in its place. */
  | { readonly kind: 'announcement-replaced'; readonly legId: LegId }
  | { readonly kind: 'announcement-ended'; readonly legId: LegId }
  | {
      readonly kind: 'leg-ended';
      readonly legId: LegId;
      /** Q.850 */
      readonly cause: number;
      /** Last SIP status ≥ 300, where known. */
      readonly techCause?: number;
      /** Q.850 cause of the far end's Reason header, where the trunk's are read. */
      readonly reasonCause?: number;
      readonly intent?: HangUpIntent;
    }
  /** Never left the PBX: gives the reservation back. */
  | { readonly kind: 'leg-refused'; readonly legId: LegId; readonly reason: LegRefusal }
  /** Absent: the PBX has no such leg. */
  | { readonly kind: 'leg-looked-at'; readonly legId: LegId; readonly found?: FoundLeg }
  /** It is gone from the PBX and how it ended cannot be known. */
  | { readonly kind: 'leg-lost'; readonly legId: LegId }
  | {
      readonly kind: 'headset-arrived';
      readonly headsetId: HeadsetId;
      readonly channelId: ChannelId;
    }
  | {
      readonly kind: 'headset-pinned';
      readonly headsetId: HeadsetId;
      readonly channelId: ChannelId;
      readonly bridgeId: BridgeId;
    }
  | {
      readonly kind: 'headset-ended';
      readonly headsetId: HeadsetId;
      readonly channelId: ChannelId;
    }
  | {
      readonly kind: 'inbound-arrived';
      readonly channelId: ChannelId;
      readonly trunkId: TrunkId;
      readonly from: string;
      readonly to: string;
    }
  /** Events flow. Carries what lives in the PBX, so that the engine can agree with it. */
  | { readonly kind: 'telephony-up'; readonly survey: TelephonySurvey }
  /** Events no longer flow: nothing new is placed until `telephony-up`. */
  | { readonly kind: 'telephony-down'; readonly because: string }
);

/** A leg as it is in the PBX. */
export type FoundLeg = {
  readonly state: 'down' | 'ringing' | 'up';
  readonly bridgeId?: BridgeId;
};

/** What was found in the PBX after (re)connecting. */
export type TelephonySurvey = {
  /** Changes when the PBX was restarted: every channel of before is gone. */
  readonly instance: string;
  readonly legs: readonly ({ readonly legId: LegId } & FoundLeg)[];
  /** Not found yet: this process is asking for them right now, and what comes of it is told later. */
  readonly placing: readonly LegId[];
  readonly headsets: readonly {
    readonly headsetId: HeadsetId;
    readonly channelId: ChannelId;
    readonly bridgeId?: BridgeId;
  }[];
};
