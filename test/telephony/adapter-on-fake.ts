/** The adapter on a PBX that fails on request; a new one for each test. */
import { afterEach, beforeEach, expect, vi } from 'vitest';
import type { Telephony } from '../../src/engine/ports/telephony.ts';
import { present } from '../../src/lib/assert.ts';
import type { LegId } from '../../src/lib/ids.ts';
import { createAsteriskTelephony } from '../../src/telephony/asterisk.ts';
import type { Placing } from '../../src/telephony/place-legs.ts';
import { aPermit, aTrunk, Signals, silent } from './builders.ts';
import { FAKE_PASSWORD, type FakeAri, startFakeAri } from './fake-ari.ts';

export function adapterOnFake(): AdapterOnFake {
  const on = new AdapterOnFake();
  beforeEach(async () => {
    on.fake = await startFakeAri();
    on.signals = new Signals();
  });
  afterEach(async () => {
    await on.telephony.stop();
    await on.fake.stop();
  });
  return on;
}

export class AdapterOnFake {
  readonly trunk = aTrunk({ host: '127.0.0.2', port: 5060 });
  signals = new Signals();
  #fake: FakeAri | undefined;
  #telephony: Telephony | undefined;

  get fake(): FakeAri {
    return present(this.#fake, 'the fake was started before the test');
  }

  set fake(fake: FakeAri) {
    this.#fake = fake;
  }

  get telephony(): Telephony {
    return present(this.#telephony, 'a test begins with begin()');
  }

  /** An adapter that is not started yet; ended after the test. */
  connect(placing: Placing = 'originate', to = this.fake, password = FAKE_PASSWORD): Telephony {
    const made = createAsteriskTelephony({
      url: to.url,
      username: 'dialer',
      password,
      application: 'dialer',
      placing,
      log: silent,
      clock: { now: () => Date.now() },
    });
    if (to === this.fake) this.#telephony = made;
    return made;
  }

  async begin(placing?: Placing): Promise<void> {
    this.connect(placing);
    this.telephony.setTrunks([this.trunk]);
    this.telephony.start(this.signals.post);
    await this.signals.waitFor('telephony-up');
  }

  call(overrides: Partial<Parameters<typeof aPermit>[0]> = {}): LegId {
    const permit = aPermit({ trunkId: this.trunk.id, ...overrides });
    this.telephony.originate(permit);
    return permit.legId;
  }

  /** A call that the far end answered. */
  async answered(): Promise<LegId> {
    const legId = this.call();
    await this.isPlaced(legId);
    this.fake.answer(legId);
    await this.signals.waitFor('leg-answered', { legId });
    return legId;
  }

  /** The requests that the PBX got. */
  asked(method: string, path: string | RegExp) {
    return this.fake.requests.filter(
      (request) =>
        request.method === method &&
        (typeof path === 'string' ? request.path === path : path.test(request.path)),
    );
  }

  isPlaced(legId: LegId): Promise<void> {
    return vi.waitFor(() => expect(this.fake.channels.has(legId)).toBe(true));
  }
}
