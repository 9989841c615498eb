/**
 * An agent's voice: one WebRTC call from the agent's browser, pinned into its own bridge all shift.
 *
 *   issued ──arrived──▶ arriving ──pinned──▶ pinned ──ended──▶ lost ──arrived──▶ arriving …
 *      └───────────────────┴──────────────────┴──────── closed ──────────────────┘▶ closed
 *
 * - issued: the browser has its random credentials, but has not called in yet.
 * - arriving: its call is in the PBX, which was asked to put it into the bridge.
 * - pinned: the agent hears and is heard. Only now may they be given calls.
 * - lost: no longer pinned; the browser is expected to call in again.
 * - closed: the shift is over and the credentials are gone.
 *
 * After a reload the browser calls in again before Asterisk notices that the old call is gone. So an
 * arrival while pinned replaces the old channel, and the end of a replaced channel means nothing.
 */
import { unreachable } from '../../lib/assert.ts';
import type { BridgeId, HeadsetId } from '../../lib/ids.ts';
import type { EpochMs } from '../../lib/time.ts';

export type HeadsetState =
  | { readonly kind: 'issued' }
  | { readonly kind: 'arriving'; readonly channelId: string; readonly since: EpochMs }
  | { readonly kind: 'pinned'; readonly channelId: string; readonly since: EpochMs }
  | { readonly kind: 'lost'; readonly since: EpochMs }
  | { readonly kind: 'closed' };

export type Headset = {
  readonly id: HeadsetId;
  readonly bridgeId: BridgeId;
  readonly state: HeadsetState;
};

export type HeadsetSignal =
  | { readonly kind: 'headset-arrived'; readonly channelId: string }
  | { readonly kind: 'headset-pinned'; readonly channelId: string }
  | { readonly kind: 'headset-ended'; readonly channelId: string }
  /** The page reports that its audio is gone, before the PBX notices. */
  | { readonly kind: 'headset-given-up' }
  | { readonly kind: 'headset-closed' };

export type HeadsetEffect =
  | {
      readonly kind: 'pin-headset';
      readonly headsetId: HeadsetId;
      readonly channelId: string;
      readonly bridgeId: BridgeId;
    }
  | { readonly kind: 'refuse-headset'; readonly channelId: string }
  | { readonly kind: 'close-headset'; readonly headsetId: HeadsetId; readonly bridgeId: BridgeId };

export type HeadsetStep = {
  readonly headset: Headset;
  readonly effects: readonly HeadsetEffect[];
};

export function beginHeadset(id: HeadsetId, bridgeId: BridgeId): Headset {
  return { id, bridgeId, state: { kind: 'issued' } };
}

/** Applies one signal; returns the same headset when nothing changes. */
export function stepHeadset(headset: Headset, signal: HeadsetSignal, now: EpochMs): HeadsetStep {
  if (headset.state.kind === 'closed') {
    return signal.kind === 'headset-arrived'
      ? { headset, effects: [{ kind: 'refuse-headset', channelId: signal.channelId }] }
      : { headset, effects: [] };
  }
  switch (signal.kind) {
    case 'headset-arrived':
      return arrived(headset, signal.channelId, now);
    case 'headset-pinned':
      return pinned(headset, signal.channelId, now);
    case 'headset-ended':
      return channelOf(headset) === signal.channelId ? lost(headset, now) : same(headset);
    case 'headset-given-up':
      return headset.state.kind === 'pinned' || headset.state.kind === 'arriving'
        ? lost(headset, now)
        : same(headset);
    case 'headset-closed':
      return {
        headset: { ...headset, state: { kind: 'closed' } },
        effects: [{ kind: 'close-headset', headsetId: headset.id, bridgeId: headset.bridgeId }],
      };
    default:
      return unreachable(signal);
  }
}

function arrived(headset: Headset, channelId: string, now: EpochMs): HeadsetStep {
  if (channelOf(headset) === channelId) return same(headset);
  return {
    headset: { ...headset, state: { kind: 'arriving', channelId, since: now } },
    effects: [
      { kind: 'pin-headset', headsetId: headset.id, channelId, bridgeId: headset.bridgeId },
    ],
  };
}

function pinned(headset: Headset, channelId: string, now: EpochMs): HeadsetStep {
  const { state } = headset;
  // A pin of a channel that was given up or replaced meanwhile has no meaning.
  if (state.kind !== 'arriving' || state.channelId !== channelId) return same(headset);
  return { headset: { ...headset, state: { kind: 'pinned', channelId, since: now } }, effects: [] };
}

function lost(headset: Headset, now: EpochMs): HeadsetStep {
  return { headset: { ...headset, state: { kind: 'lost', since: now } }, effects: [] };
}

export function channelOf(headset: Headset): string | undefined {
  return 'channelId' in headset.state ? headset.state.channelId : undefined;
}

function same(headset: Headset): HeadsetStep {
  return { headset, effects: [] };
}
