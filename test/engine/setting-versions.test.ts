import { afterEach, expect, it } from 'vitest';
import type { CampaignChange } from '../../src/domain/campaigns/settings.ts';
import { HOUSE } from '../../src/engine/ports/scope.ts';
import { World } from '../support/world.ts';

let world: World;
afterEach(() => world.end());

const change = (asked: CampaignChange, made: { madeOn?: number; because?: string } = {}) =>
  world.run({
    ...{
      kind: 'change-campaign',
      scope: HOUSE,
      byUserId: 'user_boss',
      campaignId: world.campaignId,
    },
    ...{ change: asked, ...made },
  });

const versions = () =>
  world.storage.store.read((view) => view.settingVersions('campaign', world.campaignId, 10));

it('a change is stored as a version with who and why, after how it was before', async () => {
  world = await World.begin({ campaign: { pacing: { mode: 'progressive', linesMax: 10 } } });
  expect(world.board().settingVersion).toBe(1);
  await change({ linesMax: 12 }, { madeOn: 1, because: 'Mais agentes à tarde' });
  expect(world.board().settingVersion).toBe(2);
  expect(await versions()).toMatchObject([
    {
      ...{ version: 2, byUserId: 'user_boss', because: 'Mais agentes à tarde' },
      settings: { mode: 'progressive', linesMax: 12 },
    },
    { version: 1, settings: { mode: 'progressive', linesMax: 10 } },
  ]);
  expect((await versions())[1]).not.toHaveProperty('byUserId');
});

it('the reason stands beside each row of the audit trail', async () => {
  world = await World.begin({ campaign: { pacing: { mode: 'progressive', linesMax: 10 } } });
  await change({ linesMax: 12, restBetweenCallsMs: 5_000 }, { because: 'Fila longa' });
  await change({ linesMax: 13 });
  const entries = await world.storage.store.read((view) => view.auditEntries(3));
  expect(entries.map(({ change: of, because }) => [of, because])).toEqual([
    ['linesMax', undefined],
    ['restBetweenCallsMs', 'Fila longa'],
    ['linesMax', 'Fila longa'],
  ]);
});

it('of two supervisors who change the same settings, the slower is refused', async () => {
  world = await World.begin({ campaign: { pacing: { mode: 'progressive', linesMax: 10 } } });
  expect(await change({ linesMax: 12 }, { madeOn: 1 })).toEqual({ ok: true });
  expect(await change({ linesMax: 8 }, { madeOn: 1 })).toMatchObject({
    ...{ ok: false, code: 'settings-stale' },
  });
  expect(world.board().campaign.pacing.linesMax).toBe(12);
  expect(await versions()).toHaveLength(2);
  expect(await change({ linesMax: 8 }, { madeOn: 2 })).toEqual({ ok: true });
});

it('pausing a campaign is never too late', async () => {
  world = await World.begin({ campaign: { pacing: { mode: 'progressive', linesMax: 10 } } });
  await change({ linesMax: 12 }, { madeOn: 1 });
  expect(await change({ state: 'paused' }, { madeOn: 1 })).toEqual({ ok: true });
});

it('versions go on counting after a restart', async () => {
  world = await World.begin({ campaign: { pacing: { mode: 'progressive', linesMax: 10 } } });
  await change({ linesMax: 12 });
  await world.restart();
  expect(world.board().settingVersion).toBe(2);
  expect(await change({ linesMax: 8 }, { madeOn: 1 })).toMatchObject({ code: 'settings-stale' });
  await change({ linesMax: 8 }, { madeOn: 2 });
  expect((await versions()).map(({ version }) => version)).toEqual([3, 2, 1]);
});
