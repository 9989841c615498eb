import type { LegalEntityId, TrunkId } from '../../lib/ids.ts';
import type { CallOutcome } from '../calls/outcome.ts';

/** The form in which a carrier wants the dialed number. Lists never hold a carrier's format. */
export type NumberFormat =
  /** `+5511987654321` */
  | { readonly kind: 'e164' }
  /** `5511987654321` */
  | { readonly kind: 'international-digits' }
  /** `11987654321` */
  | { readonly kind: 'national' }
  /** `0` + carrier code + area code + number: `01511987654321` */
  | { readonly kind: 'zero-carrier'; readonly carrierCode: string };

/**
 * A way out to the telephone network. It is pushed to Asterisk while Asterisk runs; nothing needs a
 * reload.
 */
export type Trunk = {
  readonly id: TrunkId;
  readonly name: string;
  readonly carrier: string;
  /** The company that contracted it; a caller ID must belong to the same one. */
  readonly legalEntityId: LegalEntityId;
  /**
   * Whether it ends at the simulated carrier. The demonstration profile may only dial on such
   * trunks.
   */
  readonly simulated: boolean;
  readonly enabled: boolean;
  readonly host: string;
  readonly port: number;
  /**
   * Addresses from which the carrier calls us; calls from other addresses do not belong to the
   * trunk.
   */
  readonly matchAddresses: readonly string[];
  readonly authentication?: { readonly username: string; readonly password: string };
  /** Whether we register with the carrier, using the authentication above. */
  readonly registers: boolean;
  readonly numberFormat: NumberFormat;
  readonly callerIdHeader: 'from' | 'p-asserted-identity' | 'both';
  readonly fromDomain?: string;
  /** Calls at the same time. Asterisk has no such limit for PJSIP. */
  readonly channelsMax: number;
  readonly callsPerSecondMax: number;
  /** SIP status → outcome, where this carrier departs from the standard. */
  readonly causeOverrides: Readonly<Record<number, CallOutcome>>;
  /** Whether the Q.850 cause in its Reason headers is believed over the SIP status (RFC 3326). */
  readonly readsReason: boolean;
};

/** The dialed number in the carrier's form. Brazilian numbers only: `+55` and ten or eleven digits. */
export function dialedNumber(number: `+${string}`, format: NumberFormat): string {
  switch (format.kind) {
    case 'e164':
      return number;
    case 'international-digits':
      return number.slice(1);
    case 'national':
      return number.slice(3);
    case 'zero-carrier':
      return `0${format.carrierCode}${number.slice(3)}`;
  }
}
