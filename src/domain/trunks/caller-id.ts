/**
 * Chooses the number that the debtor sees, and the trunk of the call. They are chosen as a pair,
 * because a number may only be shown on the trunk it was contracted for. A number is never made up:
 * it is one of ours in the debtor's area, or the campaign's own.
 */
import type { CallerIdId, LegalEntityId, TrunkId } from '../../lib/ids.ts';
import { areaCodeOf, type E164 } from '../../lib/phone-number.ts';
import type { EpochMs } from '../../lib/time.ts';

/** A row of the inventory of numbers assigned to us by a carrier. */
export type CallerId = {
  readonly id: CallerIdId;
  readonly number: E164;
  /** The subscriber named in the carrier's contract. */
  readonly holderEntityId: LegalEntityId;
  /** `national` has no area: 0800, 0303, 4004. */
  readonly kind: 'fixed' | 'mobile' | 'national';
  readonly areaCode?: string;
  /** The trunks it is contracted for. */
  readonly trunkIds: readonly TrunkId[];
  /** Whether a mobile number's own station (IMSI) is the trunk; that is its only lawful use. */
  readonly stationBound: boolean;
  readonly validFrom: EpochMs;
  readonly validTo?: EpochMs;
  readonly status: 'active' | 'suspended' | 'retired';
};

/** What the engine knows about a trunk at this moment. */
export type TrunkState = {
  readonly id: TrunkId;
  readonly enabled: boolean;
  readonly callsNow: number;
  readonly channelsMax: number;
  /** Whole calls its token bucket allows at this moment. */
  readonly callsAllowedNow: number;
  /** End of a circuit breaker's pause; absent without one. */
  readonly suspendedUntil?: EpochMs;
};

export type RouteRequest = {
  readonly phone: E164;
  /** Our resting numbers, and the end of each rest. */
  readonly resting?: ReadonlyMap<E164, EpochMs>;
  readonly trunks: readonly TrunkState[];
  readonly callerIds: readonly CallerId[];
  readonly campaign: {
    /** The company that calls: holder of the trunks and of the numbers shown. */
    readonly legalEntityId: LegalEntityId;
    /** Shown when we hold no number in the debtor's area; absent for none. */
    readonly fallbackCallerIdId?: CallerIdId;
  };
  readonly now: EpochMs;
};

export type Route =
  | {
      readonly callerId: CallerId;
      readonly trunkId: TrunkId;
      readonly because: 'same-area-code' | 'campaign-fallback';
    }
  | { readonly refused: RouteRefusal };

export type RouteRefusal =
  /**
   * None of our numbers may be shown: none is in the area, and the campaign has none or it lapsed.
   */
  | 'no-caller-id'
  /** All numbers that may be shown rest, because the network refuses them. */
  | 'caller-id-resting'
  /** There is a number, but no enabled trunk that carries it. */
  | 'no-trunk'
  /** The trunks that carry it are full, at their rate or suspended: try again in a moment. */
  | 'no-trunk-free';

/** Chooses number and trunk for one call, with the reason; calls spread evenly among equals. */
export function chooseRoute(request: RouteRequest): Route {
  const lawful = request.callerIds.filter((one) => isUsable(one, request));
  const areaCode = areaCodeOf(request.phone);
  const ofArea = lawful.filter((one) => one.kind !== 'national' && one.areaCode === areaCode);
  const ownFallback = lawful.filter(({ id }) => id === request.campaign.fallbackCallerIdId);
  const awake = (callerIds: readonly CallerId[]) =>
    callerIds.filter((one) => !isResting(one, request));
  const [local, fallback] = [awake(ofArea), awake(ownFallback)];
  const localPair = bestPair(local, request);
  if (localPair) return { ...localPair, because: 'same-area-code' };
  const fallbackPair = bestPair(fallback, request);
  if (fallbackPair) return { ...fallbackPair, because: 'campaign-fallback' };
  const refused = whyNot([...local, ...fallback], request);
  const mayBeShown = ofArea.length + ownFallback.length > 0;
  return { refused: refused === 'no-caller-id' && mayBeShown ? 'caller-id-resting' : refused };
}

function isResting({ number }: CallerId, { resting, now }: RouteRequest): boolean {
  return now < (resting?.get(number) ?? 0);
}

function isUsable(callerId: CallerId, { campaign, now }: RouteRequest): boolean {
  return (
    callerId.status === 'active' &&
    callerId.holderEntityId === campaign.legalEntityId &&
    callerId.validFrom <= now &&
    (callerId.validTo === undefined || now < callerId.validTo) &&
    (callerId.kind !== 'mobile' || callerId.stationBound)
  );
}

/**
 * The telephone number itself draws the lot. Our numbers get even shares, and a debtor sees the
 * same number each time, which is honest and lets them recognise it. The trunk is the emptiest one.
 */
function bestPair(
  callerIds: readonly CallerId[],
  request: RouteRequest,
): { readonly callerId: CallerId; readonly trunkId: TrunkId } | undefined {
  let best: { callerId: CallerId; trunkId: TrunkId; lot: number } | undefined;
  for (const callerId of callerIds) {
    const trunk = emptiest(trunksOf(callerId, request).filter((one) => isFree(one, request)));
    if (!trunk) continue;
    const lot = lotOf(request.phone, callerId);
    if (!best || lot < best.lot) best = { callerId, trunkId: trunk.id, lot };
  }
  return best && { callerId: best.callerId, trunkId: best.trunkId };
}

function trunksOf(callerId: CallerId, request: RouteRequest): readonly TrunkState[] {
  return request.trunks.filter((trunk) => trunk.enabled && callerId.trunkIds.includes(trunk.id));
}

function isFree(trunk: TrunkState, { now }: RouteRequest): boolean {
  const isSuspended = trunk.suspendedUntil !== undefined && now < trunk.suspendedUntil;
  return !isSuspended && trunk.callsNow < trunk.channelsMax && trunk.callsAllowedNow >= 1;
}

/** The trunk with the smallest share of channels in use, so that trunks of any size fill alike. */
function emptiest(trunks: readonly TrunkState[]): TrunkState | undefined {
  let best: TrunkState | undefined;
  for (const trunk of trunks) {
    if (!best || loadOf(trunk) < loadOf(best)) best = trunk;
  }
  return best;
}

function loadOf(trunk: TrunkState): number {
  return trunk.callsNow / trunk.channelsMax;
}

/** A number that looks random and is the same each time (FNV-1a, mixed once more). */
function lotOf(phone: E164, callerId: CallerId): number {
  const text = `${phone} ${callerId.id}`;
  let hash = 2_166_136_261;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 16_777_619);
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}

function whyNot(callerIds: readonly CallerId[], request: RouteRequest): RouteRefusal {
  if (callerIds.length === 0) return 'no-caller-id';
  const isCarried = callerIds.some((one) => trunksOf(one, request).length > 0);
  return isCarried ? 'no-trunk-free' : 'no-trunk';
}
