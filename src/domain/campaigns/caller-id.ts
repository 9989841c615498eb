/**
 * Which number the debtor sees, and by which trunk the call goes. The two are chosen as a pair, since
 * a number may only be shown on the trunk it was contracted for. A number is never made up: it is one
 * of ours in the debtor's area, or the campaign's own.
 */
import type { CallerIdId, LegalEntityId, TrunkId } from '../../lib/ids.ts';
import { areaCodeOf, type E164 } from '../../lib/phone-number.ts';
import type { EpochMs } from '../../lib/time.ts';
import type { Campaign } from './campaign.ts';

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
  /** A mobile number whose own station (IMSI) is the trunk; the only lawful use of one. */
  readonly stationBound: boolean;
  readonly validFrom: EpochMs;
  readonly validTo?: EpochMs;
  readonly status: 'active' | 'suspended' | 'retired';
};

/** What the engine knows of a trunk at this moment. */
export type TrunkState = {
  readonly id: TrunkId;
  readonly enabled: boolean;
  readonly callsNow: number;
  readonly channelsMax: number;
  /** Whole calls its token bucket allows at this moment. */
  readonly callsAllowedNow: number;
  /** A circuit breaker's pause. */
  readonly suspendedUntil?: EpochMs;
};

export type RouteRequest = {
  readonly phone: E164;
  readonly trunks: readonly TrunkState[];
  readonly callerIds: readonly CallerId[];
  readonly campaign: Pick<Campaign, 'legalEntityId' | 'fallbackCallerIdId'>;
  /** Trunks that failed for this call already. */
  readonly avoidTrunkIds: readonly TrunkId[];
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
  /** No number of ours may be shown: none in the area, and the campaign has none or it lapsed. */
  | 'no-caller-id'
  /** There is a number, but no enabled trunk that carries it. */
  | 'no-trunk'
  /** The trunks that carry it are full, at their rate, or suspended: try again in a moment. */
  | 'no-trunk-free'
  /** Every trunk that carries it was tried for this call. */
  | 'trunks-tried';

type Pair = { readonly callerId: CallerId; readonly trunk: TrunkState };

/** Chooses number and trunk for one call, with the reason; calls are spread evenly among equals. */
export function chooseRoute(request: RouteRequest): Route {
  const usable = request.callerIds.filter((one) => isUsable(one, request));
  const areaCode = areaCodeOf(request.phone);
  const local = usable.filter((one) => one.kind !== 'national' && one.areaCode === areaCode);
  const fallback = usable.filter((one) => one.id === request.campaign.fallbackCallerIdId);
  const localPair = bestPair(local, request);
  if (localPair) return chosen(localPair, 'same-area-code');
  const fallbackPair = bestPair(fallback, request);
  if (fallbackPair) return chosen(fallbackPair, 'campaign-fallback');
  return { refused: whyNot([...local, ...fallback], request) };
}

function chosen(pair: Pair, because: 'same-area-code' | 'campaign-fallback'): Route {
  return { callerId: pair.callerId, trunkId: pair.trunk.id, because };
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

function bestPair(callerIds: readonly CallerId[], request: RouteRequest): Pair | undefined {
  const pairs: Pair[] = [];
  for (const callerId of callerIds) {
    for (const trunk of trunksOf(callerId, request)) {
      const isTried = request.avoidTrunkIds.includes(trunk.id);
      if (!isTried && isFree(trunk, request.now)) pairs.push({ callerId, trunk });
    }
  }
  return pairs.toSorted((a, b) => byLoad(a.trunk, b.trunk) || byTurn(a, b, request.phone))[0];
}

function trunksOf(callerId: CallerId, request: RouteRequest): readonly TrunkState[] {
  return request.trunks.filter((trunk) => trunk.enabled && callerId.trunkIds.includes(trunk.id));
}

function isFree(trunk: TrunkState, now: EpochMs): boolean {
  const isSuspended = trunk.suspendedUntil !== undefined && now < trunk.suspendedUntil;
  return !isSuspended && trunk.callsNow < trunk.channelsMax && trunk.callsAllowedNow >= 1;
}

/** The emptier trunk first, so that trunks of any size fill alike. */
function byLoad(a: TrunkState, b: TrunkState): number {
  return a.callsNow / a.channelsMax - b.callsNow / b.channelsMax;
}

/**
 * Among equals the telephone number itself draws the lot: numbers of ours get even shares, and one
 * debtor sees the same number each time, which is honest and lets him recognise it.
 */
function byTurn(a: Pair, b: Pair, phone: E164): number {
  return lot(phone, a) - lot(phone, b) || (a.callerId.id < b.callerId.id ? -1 : 1);
}

function lot(phone: E164, pair: Pair): number {
  const text = `${phone} ${pair.callerId.id} ${pair.trunk.id}`;
  let hash = 2_166_136_261;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 16_777_619);
  }
  // The last characters differ least in their effect; mix them into the high bits.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}

function whyNot(callerIds: readonly CallerId[], request: RouteRequest): RouteRefusal {
  if (callerIds.length === 0) return 'no-caller-id';
  const trunks = callerIds.flatMap((one) => trunksOf(one, request));
  if (trunks.length === 0) return 'no-trunk';
  const untried = trunks.some((trunk) => !request.avoidTrunkIds.includes(trunk.id));
  return untried ? 'no-trunk-free' : 'trunks-tried';
}
