import { afterEach, describe, expect, it } from 'vitest';
import { RINGS_FOREVER } from '../../src/simulator/behaviours.ts';
import { World } from '../support/world.ts';

let world: World;
afterEach(() => world.end());

const PREDICTIVE = { mode: 'predictive', linesMax: 200 } as const;
const inDemonstration = () =>
  World.begin({ profileId: 'demonstration', campaign: { pacing: PREDICTIVE } });

describe('limits of the mode predictive', () => {
  it('are changed at once, one by one, and written to the audit trail', async () => {
    world = await inDemonstration();
    expect(
      await world.change({
        linesPerAgentMax: 4,
        linesPerAgentMin: 1,
        cancelAfterRingingMs: 16_000,
        restBetweenCallsMs: 5_000,
      }),
    ).toEqual({ ok: true });
    expect(world.board().campaign).toMatchObject({
      pacing: {
        ...PREDICTIVE,
        linesPerAgentMax: 4,
        linesPerAgentMin: 1,
        cancelAfterRingingMs: 16_000,
      },
      restBetweenCallsMs: 5_000,
    });
    expect(await world.change({ cancelAfterRingingMs: null })).toEqual({ ok: true });
    expect(world.board().campaign.pacing).not.toHaveProperty('cancelAfterRingingMs');
    const trail = await world.storage.store.read((view) => view.auditEntries(10));
    expect(
      trail
        .filter(({ subject }) => subject === 'campaign')
        .reverse()
        .map(({ change, from, to }) => [change, from, to]),
    ).toEqual([
      ['linesPerAgentMin', '', '1'],
      ['linesPerAgentMax', '', '4'],
      ['cancelAfterRingingMs', '', '16000'],
      ['restBetweenCallsMs', '0', '5000'],
      ['cancelAfterRingingMs', '16000', ''],
    ]);
  });

  it('survive the process', async () => {
    world = await inDemonstration();
    await world.change({ linesPerAgentMax: 3, restBetweenCallsMs: 2_000 });
    await world.restart();
    expect(world.board().campaign).toMatchObject({
      pacing: { ...PREDICTIVE, linesPerAgentMax: 3 },
      restBetweenCallsMs: 2_000,
    });
  });

  it('stay over a change of mode where the new mode has them', async () => {
    world = await inDemonstration();
    await world.change({ linesPerAgentMax: 3, linesPerAgentMin: 1 });
    await world.change({ mode: 'ratio', ratio: 2 });
    expect(world.board().campaign.pacing).toEqual({
      mode: 'ratio',
      ratio: 2,
      linesMax: 200,
      linesPerAgentMax: 3,
    });
    await world.change({ mode: 'predictive' });
    expect(world.board().campaign.pacing).toEqual({ ...PREDICTIVE, linesPerAgentMax: 3 });
  });

  it.each([
    ['cancelling sooner than after fifteen seconds', { cancelAfterRingingMs: 14_000 }],
    ['more lines at least than at most', { linesPerAgentMin: 3, linesPerAgentMax: 2 }],
    ['a negative number of lines for each agent', { linesPerAgentMax: -1 }],
    ['a rest as long as a pause', { restBetweenCallsMs: 600_000 }],
    ['a limit which the new mode does not have', { mode: 'ratio', linesPerAgentMin: 1 }],
  ] as const)('refuses %s and changes nothing', async (_what, change) => {
    world = await inDemonstration();
    expect(await world.change(change)).toMatchObject({ ok: false, code: 'form-invalid' });
    expect(world.board().campaign.pacing).toEqual(PREDICTIVE);
    expect(world.factsOf('campaign-changed')).toEqual([]);
  });

  it('refuses to cancel ringing calls where the profile forbids it, and names its clause', async () => {
    world = await World.begin({ campaign: { pacing: PREDICTIVE } });
    expect(world.board().bounds.cancelAfterRingingMs).toMatchObject({ forbidden: true });
    const refused = await world.change({ cancelAfterRingingMs: 20_000 });
    expect(refused).toMatchObject({ ok: false, code: 'form-invalid' });
    expect(refused).toMatchObject({
      detail: { key: 'setting-not-in-profile', values: { clause: 'tempo de toque do perfil' } },
    });
  });

  it('hold the calls on the way to the most lines for each agent, from the next plan on', async () => {
    world = await World.begin({
      agents: 2,
      behaviour: () => RINGS_FOREVER,
      campaign: { pacing: { mode: 'ratio', ratio: 4, linesMax: 200, linesPerAgentMax: 1.5 } },
    });
    await world.agentComes(1);
    await world.agentComes(2);
    await world.pass(2_000);
    expect(world.network.legs.size).toBe(3);
    await world.change({ linesPerAgentMax: 2 });
    await world.pass(1_000);
    expect(world.network.legs.size).toBe(4);
  });
});
