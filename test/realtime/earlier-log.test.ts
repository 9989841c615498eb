import { afterEach, expect, it } from 'vitest';
import { readEarlierLog } from '../../src/realtime/earlier-log.ts';
import { PERSON_STAYS } from '../../src/simulator/behaviours.ts';
import { openDoors, type TestDoors } from '../support/doors.ts';
import { World } from '../support/world.ts';

let world: World | undefined;
let doors: TestDoors | undefined;
afterEach(async () => {
  await world?.end();
  await doors?.stop();
});

it('a log after a restart begins with what was stored before, calls that are over included', async () => {
  world = await World.begin({ behaviour: () => PERSON_STAYS });
  await world.agentComes();
  await world.until('they talk', () => world?.callState() === 'talking');
  const { id: callId, phone } = world.onScreen().call;
  await world.change({ state: 'paused' });
  world.network.debtorHangsUp(world.lastLeg());
  await world.pass(200_000);
  const upTo = world.engine.upTo();
  const earlier = await readEarlierLog(world.storage.store, upTo);
  expect(earlier.facts.at(-1)?.sequence).toBe(upTo);
  expect(earlier.calls.get(callId)?.phone).toBe(phone);

  doors = await openDoors({ earlierLog: earlier });
  await doors.signIn('supervisora');
  const screen = await doors.connect('/supervisor', 'supervisora');
  const { log } = await screen.timeout(2_000).emitWithAck('snapshot');
  const ended = log.filter((line: { kind: string }) => line.kind === 'call-ended');
  expect(ended).toMatchObject([{ callId, phone: expect.stringMatching(/\*{4}-\d{4}$/) }]);
  const sequences = log.map((line: { sequence: number }) => line.sequence);
  expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => Number(a) - Number(b)));
});
