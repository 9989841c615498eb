/** Whole values for tests of telephony; each takes what matters. */
import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import type { DialPermit } from '../../src/domain/compliance/gate.ts';
import type { Trunk } from '../../src/domain/trunks/trunk.ts';
import type { HeadsetCredentials, TelephonySignal } from '../../src/engine/ports/telephony.ts';
import { type IdKind, type IdOf, newId } from '../../src/lib/ids.ts';

export const silent = pino({ level: 'silent' });

export function anId<Kind extends IdKind>(kind: Kind): IdOf<Kind> {
  return newId(kind, Date.now(), Math.random);
}

/** Only the gate can make a permit; tests of later steps may forge one. */
export function aPermit(permit: Partial<DialPermit> & Pick<DialPermit, 'trunkId'>): DialPermit {
  return {
    decisionId: anId('decision'),
    legId: anId('leg'),
    debtorId: anId('debtor'),
    phone: '+5511988880001',
    callerId: '+551133334444',
    ringTimeoutMs: 20_000,
    purpose: 'campaign',
    expiresAt: Date.now() + 2_000,
    ...permit,
  } as DialPermit;
}

export function aTrunk(trunk: Partial<Trunk> & Pick<Trunk, 'host' | 'port'>): Trunk {
  return {
    id: anId('trunk'),
    name: 'Operadora simulada',
    carrier: 'simulated',
    legalEntityId: anId('entity'),
    simulated: true,
    enabled: true,
    matchAddresses: [trunk.host],
    registers: false,
    numberFormat: { kind: 'e164' },
    callerIdHeader: 'both',
    channelsMax: 100,
    callsPerSecondMax: 50,
    causeOverrides: {},
    readsReason: true,
    ...trunk,
  };
}

export function someCredentials(): HeadsetCredentials {
  const headsetId = anId('headset');
  return { headsetId, username: headsetId, password: randomBytes(16).toString('hex') };
}

type KindOf = TelephonySignal['kind'];
type SignalOf<Kind extends KindOf> = Extract<TelephonySignal, { kind: Kind }>;

/** Keeps every signal and waits for those that matter. */
export class Signals {
  readonly all: TelephonySignal[] = [];
  readonly #waiting = new Set<() => void>();

  readonly post = (signal: TelephonySignal): void => {
    this.all.push(signal);
    for (const check of this.#waiting) check();
  };

  /** Kinds in the order they came, of one leg. */
  kindsOf(legId: string): readonly KindOf[] {
    return this.all
      .filter((signal) => 'legId' in signal && signal.legId === legId)
      .map(({ kind }) => kind);
  }

  /** The first signal of this kind that matches, past (from `since` on) or future. */
  waitFor<Kind extends KindOf>(
    kind: Kind,
    matches: Partial<SignalOf<Kind>> = {},
    { timeoutMs = 10_000, since = 0 }: { timeoutMs?: number; since?: number } = {},
  ): Promise<SignalOf<Kind>> {
    const find = () =>
      this.all
        .slice(since)
        .find(
          (signal): signal is SignalOf<Kind> =>
            signal.kind === kind &&
            Object.entries(matches).every(
              ([name, value]) => (signal as Record<string, unknown>)[name] === value,
            ),
        );
    return new Promise((resolve, reject) => {
      const check = () => {
        const found = find();
        if (!found) return;
        clearTimeout(late);
        this.#waiting.delete(check);
        resolve(found);
      };
      const late = setTimeout(() => {
        this.#waiting.delete(check);
        const wanted = `${kind} ${JSON.stringify(matches)}`;
        reject(new Error(`no ${wanted} in ${timeoutMs} ms; came: ${JSON.stringify(this.all)}`));
      }, timeoutMs);
      this.#waiting.add(check);
      check();
    });
  }
}
