import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COMMAND_REACH } from '../../src/engine/command-reach.ts';
import type { Command, CommandResult, SupervisorCommand } from '../../src/engine/commands.ts';
import { HOUSE, type Scope } from '../../src/engine/ports/scope.ts';
import { present } from '../../src/lib/assert.ts';
import type { ApprovalId, BlockId, CallId, CampaignId } from '../../src/lib/ids.ts';
import {
  anHourOfCalls,
  floorOfTwo,
  JOINT_CAMPAIGN,
  LUA_CAMPAIGN,
  OF_SOL,
  SOL_CAMPAIGN,
} from '../support/two-creditors.ts';
import { World } from '../support/world.ts';

const WHY = 'ligou de volta e pediu contato';
const AT_NOON = Date.parse('2026-11-23T12:00:00-03:00');

let world: World;
afterEach(() => world.end());

type Given = SupervisorCommand extends infer One
  ? One extends SupervisorCommand
    ? Omit<One, 'scope' | 'byUserId'>
    : never
  : never;

function as(scope: Scope, command: Given): Promise<CommandResult> {
  return world.run({ ...command, scope, byUserId: 'user_limited' } as SupervisorCommand);
}

const NOT_YOURS = { ok: false, code: 'not-yours', detail: { key: 'not-your-creditors' } };

describe('somebody who steers for one of two creditors', () => {
  beforeEach(async () => {
    world = await World.begin(floorOfTwo());
    await anHourOfCalls(world);
  });

  const callOf = async (campaignId: CampaignId): Promise<CallId> => {
    const calls = await world.storage.store.read((view) => view.undisposedCalls(10));
    return present(
      calls.find((call) => call.campaignId === campaignId),
      'a call lacks its disposition',
    ).callId;
  };
  const blockOf = async (campaignId: CampaignId): Promise<BlockId> => {
    const now = world.clock.now();
    const phones = await world.storage.store.read((view) => view.unwantedPhones(now));
    return present(
      phones.find(({ refused }) => refused?.campaignId === campaignId),
      'a telephone refused us',
    ).blockId;
  };

  it('steers the campaigns of this one alone, and none that collects for both', async () => {
    const change = { state: 'paused' } as const;
    const pause = (campaignId: CampaignId) =>
      as(OF_SOL, { kind: 'change-campaign', campaignId, change });
    expect(await pause(SOL_CAMPAIGN)).toEqual({ ok: true });
    expect(await pause(LUA_CAMPAIGN)).toMatchObject(NOT_YOURS);
    expect(await pause(JOINT_CAMPAIGN)).toMatchObject(NOT_YOURS);
    expect(await pause('campaign_none')).toMatchObject({ code: 'unknown-campaign' });
    expect(world.board(LUA_CAMPAIGN).campaign.state).toBe('running');
    expect(world.board(JOINT_CAMPAIGN).campaign.state).toBe('running');
  });

  it('steers the agents who work for nobody else', async () => {
    for (const [n, code] of [
      [1, undefined],
      [2, 'not-yours'],
      [3, 'not-yours'],
      [4, 'not-yours'],
      [5, 'not-yours'],
    ] as const) {
      const agentId = world.agentId(n);
      const commands: readonly Given[] = [
        { kind: 'plan-agent-rest', agentId, at: AT_NOON },
        { kind: 'sign-out-agent', agentId },
        { kind: 'take-back-from-agent', agentId, what: 'sign-out' },
        { kind: 'pause-agent', agentId },
      ];
      for (const command of commands) {
        const result = await as(OF_SOL, command);
        if (code) expect(result, `${command.kind} of ${n}`).toMatchObject(NOT_YOURS);
        else expect(result, `${command.kind} of ${n}`).not.toMatchObject(NOT_YOURS);
      }
    }
    expect(world.activity(2)).not.toBe('ended');
  });

  it('puts agents of others into no campaign, and takes none of their agents away', async () => {
    const assign = (campaignId: CampaignId, n: number, assigned: boolean) =>
      as(OF_SOL, { kind: 'assign-agent', campaignId, agentId: world.agentId(n), assigned });
    expect(await assign(SOL_CAMPAIGN, 4, true)).toEqual({ ok: true });
    expect(await assign(SOL_CAMPAIGN, 2, true)).toMatchObject(NOT_YOURS);
    expect(await assign(LUA_CAMPAIGN, 1, true)).toMatchObject(NOT_YOURS);
    expect(await assign(LUA_CAMPAIGN, 2, false)).toMatchObject(NOT_YOURS);
    expect(await assign(SOL_CAMPAIGN, 5, false)).toEqual({ ok: true });
    expect(world.board(SOL_CAMPAIGN).agentIds).toEqual(['user_agent1', 'user_agent4']);
    expect(world.board(LUA_CAMPAIGN).agentIds).toEqual(['user_agent2', 'user_agent5']);
  });

  it('says what came of their calls, in memory and in the store, and of no other', async () => {
    for (const campaignId of [LUA_CAMPAIGN, JOINT_CAMPAIGN]) {
      const callId = await callOf(campaignId);
      const corrects = { kind: 'correct-disposition', callId, code: 'third-party' } as const;
      expect(await as(OF_SOL, corrects)).toMatchObject(NOT_YOURS);
      expect(await as(OF_SOL, { kind: 'give-back-call', callId })).toMatchObject(NOT_YOURS);
    }
    const others = await callOf(LUA_CAMPAIGN);
    const own = await callOf(SOL_CAMPAIGN);
    await world.restart();
    const corrects = { kind: 'correct-disposition', code: 'third-party' } as const;
    expect(await as(OF_SOL, { ...corrects, callId: others })).toMatchObject(NOT_YOURS);
    expect(await as(OF_SOL, { ...corrects, callId: 'call_none' })).toMatchObject({
      code: 'nothing-to-change',
    });
    expect(await as(OF_SOL, { ...corrects, callId: own })).toEqual({ ok: true });
  });

  it('reviews the telephones that refused their calls', async () => {
    const review = (blockId: BlockId) =>
      as(OF_SOL, { kind: 'review-unwanted', blockId, callAgain: true, because: WHY });
    expect(await review(await blockOf(LUA_CAMPAIGN))).toMatchObject(NOT_YOURS);
    expect(await review(await blockOf(JOINT_CAMPAIGN))).toMatchObject(NOT_YOURS);
    const own = await blockOf(SOL_CAMPAIGN);
    expect(await review(own)).toEqual({ ok: true });
    expect(await review(own)).toMatchObject({ code: 'unknown-block' });
  });
});

it('who steers for one creditor asks for approval and gives it for theirs only', async () => {
  world = await World.begin(floorOfTwo({ approvalNeededFor: ['release-unwanted'] }));
  await world.storage.accounts.insertUser(
    {
      ...{ id: 'user_asker', login: 'asker', name: 'Rita', role: 'supervisor', enabled: true },
      ...{ mustChangePassword: false, language: null, createdAt: 1 },
    },
    'hash',
    { at: 1, subject: 'user', subjectId: 'user_asker', change: 'created' },
  );
  await world.run({ kind: 'people-changed' });
  await anHourOfCalls(world);
  const phones = await world.storage.store.read((view) => view.unwantedPhones(world.clock.now()));
  const blockOf = (campaignId: CampaignId) =>
    present(
      phones.find(({ refused }) => refused?.campaignId === campaignId),
      'a telephone refused us',
    ).blockId;
  const ask = (scope: Scope, campaignId: CampaignId) => {
    const asks = { kind: 'release-unwanted', blockId: blockOf(campaignId) } as const;
    return world.run({
      ...{ kind: 'ask-approval', byUserId: 'user_asker', scope, asks, because: WHY },
    });
  };
  expect(await ask(OF_SOL, LUA_CAMPAIGN)).toMatchObject(NOT_YOURS);
  expect(await ask(HOUSE, LUA_CAMPAIGN)).toEqual({ ok: true });
  expect(await ask(OF_SOL, SOL_CAMPAIGN)).toEqual({ ok: true });
  const open = await world.storage.store.read((view) => view.openApprovals());
  const idOf = (campaignId: CampaignId): ApprovalId =>
    present(
      open.find(({ asks }) => asks.blockId === blockOf(campaignId)),
      'it is asked for',
    ).id;
  const decide = (campaignId: CampaignId, approves: boolean) =>
    as(OF_SOL, {
      ...{ kind: 'decide-approval', approvalId: idOf(campaignId), approves, because: WHY },
    });
  expect(await decide(LUA_CAMPAIGN, true)).toMatchObject(NOT_YOURS);
  expect(await decide(LUA_CAMPAIGN, false)).toMatchObject(NOT_YOURS);
  expect(await decide(SOL_CAMPAIGN, true)).toEqual({ ok: true });
  expect(await decide(SOL_CAMPAIGN, true)).toMatchObject({ code: 'approval-over' });
});

it('every command of who steers has a reach that an agent is outside of', async () => {
  world = await World.begin(floorOfTwo());
  const steering = Object.entries(COMMAND_REACH).flatMap(([kind, reach]) =>
    typeof reach === 'function' ? [kind as Command['kind']] : [],
  );
  expect(steering.sort()).toEqual([
    'ask-approval',
    'assign-agent',
    'change-campaign',
    'correct-disposition',
    'decide-approval',
    'give-back-call',
    'pause-agent',
    'plan-agent-rest',
    'review-unwanted',
    'sign-out-agent',
    'take-back-from-agent',
    'withdraw-approval',
  ]);
  const change = { state: 'paused' } as const;
  const own: Scope = { kind: 'own', agentId: 'user_agent1' };
  const asked = { kind: 'change-campaign', campaignId: SOL_CAMPAIGN, change } as const;
  expect(await as(own, asked)).toMatchObject(NOT_YOURS);
  expect(await as(own, { kind: 'pause-agent', agentId: 'user_agent1' })).toMatchObject(NOT_YOURS);
});
