/** An extension behind a switchboard, from the cell of a list to the agent's screen. */
import { afterEach, expect, it } from 'vitest';
import { importRow } from '../../src/domain/leads/import-row.ts';
import type { ListId } from '../../src/lib/ids.ts';
import { presentPop } from '../../src/realtime/projections/pop.ts';
import { personWho } from '../../src/simulator/behaviours.ts';
import { World } from '../support/world.ts';

let world: World;
afterEach(() => world.end());

const popNow = () => presentPop(world.engine.desk(world.agentId(1)), world.engine);

it('is told to the agent beside the number that was dialed, and outlives the process', async () => {
  world = await World.begin({
    debtors: 1,
    phonesOf: () => ['(11) 3222-1234 ramal 12', '11 98765-0071'],
    behaviour: () => personWho(1_000, 600_000),
  });
  await world.agentComes();
  await world.until('a talk', () => world.activity() === 'talking');
  expect(world.dialedPhones()).toEqual(['+551132221234']);
  const dialed = { dialedPhone: '(11) 3222-1234', dialedExtension: '12' };
  expect(popNow()).toMatchObject({ stage: 'masked', ...dialed });
  await world.restart();
  await world.screenReturns();
  await world.pass(1_000);
  expect(popNow()).toMatchObject({ stage: 'masked', ...dialed });
  await world.confirmsRightParty();
  expect(popNow()).toMatchObject({
    ...{ stage: 'full', ...dialed },
    phones: [
      { number: '(11) 3222-1234', extension: '12', dialedNow: true },
      { number: '(11) 98765-0071', extension: null, dialedNow: false },
    ],
  });
});

it('is changed by a later list that knows another one, and by none that knows nothing', async () => {
  const extension = () =>
    world.query<{ extension: string }>('select extension from phone').map((one) => one.extension);
  world = await World.begin({ debtors: 0 });
  const { lists } = world.storage;
  const take = async (listId: ListId, cell: string) => {
    const parsed = importRow({ id: 'CRM-1', nome: 'Odete Farias', fone: cell });
    if (!parsed.ok) throw new Error(parsed.code);
    await world.pass(1_000);
    const startedAt = world.clock.now();
    const { campaignId } = world;
    await lists.begin({ listId, campaignId, name: 'x', origin: 'csv-upload', startedAt });
    await lists.importRows(listId, [{ index: 0, ok: true, row: parsed.row }], startedAt);
    return lists.finish(listId, startedAt);
  };
  await take('list_a', '(11) 3222-1234 ramal 12');
  expect(extension()).toEqual(['12']);
  expect((await take('list_b', '(11) 3222-1234')).totals).toMatchObject({ unchanged: 1 });
  expect(extension()).toEqual(['12']);
  expect((await take('list_c', '(11) 3222-1234 r. 345')).totals).toMatchObject({ updated: 1 });
  expect(extension()).toEqual(['345']);
});
