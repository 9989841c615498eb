/** The adapter on a real PBX and a simulated carrier, which all tests of one file share. */
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { Trunk } from '../../src/domain/trunks/trunk.ts';
import type { Telephony } from '../../src/engine/ports/telephony.ts';
import { present } from '../../src/lib/assert.ts';
import type { LegId } from '../../src/lib/ids.ts';
import { createAsteriskTelephony } from '../../src/telephony/asterisk.ts';
import type { Placing } from '../../src/telephony/place-legs.ts';
import { startTelephonyPair, type TelephonyPair } from '../support/asterisk.ts';
import { aPermit, aTrunk, Signals, silent } from './builders.ts';

/** Starts the pair before the tests of the file, and ends every answered call after each of them. */
export function adapterOnPair(name: string): AdapterOnPair {
  const on = new AdapterOnPair();
  beforeAll(async () => {
    on.pair = await startTelephonyPair({ name });
  });
  afterEach(() => on.end());
  afterAll(() => on.pair.stop());
  return on;
}

export class AdapterOnPair {
  #pair: TelephonyPair | undefined;
  #telephony: Telephony | undefined;
  signals = new Signals();

  get pair(): TelephonyPair {
    return present(this.#pair, 'the pair was started before the tests');
  }

  set pair(pair: TelephonyPair) {
    this.#pair = pair;
  }

  get telephony(): Telephony {
    return present(this.#telephony, 'a test begins with begin()');
  }

  /** The trunk to the simulated carrier. */
  get carrier(): Trunk {
    const { addresses, ports } = this.pair.carrier;
    return aTrunk({ id: 'trunk_carrier', host: addresses.sip, port: ports.sip });
  }

  /** A new adapter, connected. */
  async begin(placing?: Placing, url = this.pair.dialer.ariUrl): Promise<void> {
    const { username, password, application } = this.pair.dialer.ari;
    this.signals = new Signals();
    this.#telephony = createAsteriskTelephony({
      url,
      username,
      password,
      application,
      sipMirrorPort: this.pair.dialer.ports.sipMirror,
      ...(placing && { placing }),
      log: silent,
      clock: { now: () => Date.now() },
      mediaAddress: '127.0.0.1',
      headsetMediaAddress: this.pair.dialer.addresses.headset,
    });
    this.telephony.setTrunks([this.carrier]);
    this.telephony.start(this.signals.post);
    await this.signals.waitFor('telephony-up');
  }

  /**
   * Whether the PBX has an endpoint with this id. Asked through ARI, because the console's own listing has
   * ended the process (asterisk/README.md).
   */
  async hasEndpoint(id: string): Promise<boolean> {
    const { ariUrl, ari } = this.pair.dialer;
    const login = Buffer.from(`${ari.username}:${ari.password}`).toString('base64');
    const response = await fetch(`${ariUrl}/asterisk/config/dynamic/res_pjsip/endpoint/${id}`, {
      headers: { authorization: `Basic ${login}` },
    });
    await response.arrayBuffer();
    if (!response.ok && response.status !== 404) throw new Error(`ARI answers ${response.status}`);
    return response.ok;
  }

  async end(): Promise<void> {
    for (const signal of this.signals.all) {
      if (signal.kind === 'leg-answered') this.telephony.hangUpLeg(signal.legId, 'orphaned');
    }
    await this.telephony.stop();
  }

  /** Calls the number of the carrier that ends so. */
  call(suffix: string, overrides: Partial<Parameters<typeof aPermit>[0]> = {}): LegId {
    const phone = `+551198888${suffix}` as const;
    const permit = aPermit({ trunkId: this.carrier.id, phone, ...overrides });
    this.telephony.originate(permit);
    return permit.legId;
  }

  async answered(suffix: string): Promise<LegId> {
    const legId = this.call(suffix);
    await this.signals.waitFor('leg-answered', { legId });
    return legId;
  }
}
