/**
 * Rules for the number shown. Since January 2026 a call center may only show numbers that it holds
 * itself, on the trunks it holds them for, and a mobile number only from its own station (Anatel,
 * Despacho Decisório 978/2025). A withheld number cannot be expressed: a request always names a row
 * of the inventory.
 */
import { given } from '../../lib/given.ts';
import type { LegalEntityId, TrunkId } from '../../lib/ids.ts';
import type { DurationMs, EpochMs } from '../../lib/time.ts';
import type { CallerId } from '../trunks/caller-id.ts';
import type { ComplianceProfile } from './profile.ts';
import type { RefusalReason, RuleAnswer } from './refusal.ts';

export type CallerIdInput = {
  readonly callerId: CallerId;
  readonly trunk: { readonly id: TrunkId; readonly legalEntityId: LegalEntityId };
  readonly legalEntityId: LegalEntityId;
  readonly profile: ComplianceProfile;
  readonly now: EpochMs;
};

export function callerIdRule(input: CallerIdInput): RuleAnswer {
  const { callerId, profile } = input;
  const reason = whyNot(input);
  const detail = `${callerId.id} ${callerId.kind} ${callerId.status}`;
  if (!reason) return { detail };
  const rule = reason === 'caller-id-mobile' ? 'BR-08' : 'BR-07';
  const clause = `${rule}: ${profile.callerId.clause}`;
  const isYetToCome = reason === 'caller-id-expired' && input.now < callerId.validFrom;
  return {
    detail: `${detail}: ${reason}`,
    refusal: {
      reason,
      clause,
      ...given({ retryAt: isYetToCome ? callerId.validFrom : undefined }),
    },
  };
}

export function ringTimeRule(ringTimeoutMs: DurationMs, profile: ComplianceProfile): RuleAnswer {
  const { minMs, maxMs, clause } = profile.ring;
  const detail = `${ringTimeoutMs} ms of ${minMs} to ${maxMs}`;
  if (minMs <= ringTimeoutMs && ringTimeoutMs <= maxMs) return { detail };
  return { detail, refusal: { reason: 'ring-time', clause: `BR-20: ${clause}` } };
}

function whyNot({
  callerId,
  trunk,
  legalEntityId,
  profile,
  now,
}: CallerIdInput): RefusalReason | undefined {
  const isNumber = /^\+55\d{8,11}$/.test(callerId.number);
  const isOwn = callerId.holderEntityId === legalEntityId && trunk.legalEntityId === legalEntityId;
  if (!isNumber || (profile.callerId.holderMustMatch && !isOwn)) return 'caller-id-not-owned';
  if (callerId.status !== 'active') return 'caller-id-inactive';
  const hasEnded = callerId.validTo !== undefined && callerId.validTo <= now;
  if (now < callerId.validFrom || hasEnded) return 'caller-id-expired';
  const mustBeBound = profile.callerId.mobileOnlyWhenStationBound && callerId.kind === 'mobile';
  if (mustBeBound && !callerId.stationBound) return 'caller-id-mobile';
  return callerId.trunkIds.includes(trunk.id) ? undefined : 'caller-id-not-on-trunk';
}
