import { afterEach, describe, expect, it } from 'vitest';
import { APPROVAL_LASTS_MS } from '../../src/domain/approvals/approval.ts';
import type { User } from '../../src/engine/ports/accounts.ts';
import { HOUSE } from '../../src/engine/ports/scope.ts';
import type { ApprovalId, BlockId, UserId } from '../../src/lib/ids.ts';
import { MINUTE_MS } from '../../src/lib/time.ts';
import type { Storage } from '../../src/storage/store.ts';
import { World, type WorldOptions } from '../support/world.ts';

let world: World;
afterEach(() => world.end());

const ASKER = 'user_asker';
const OTHER = 'user_other';
const LASTS_MS = APPROVAL_LASTS_MS['release-unwanted'];
const WHY = 'ligou de volta e pediu contato';

const supervisor = (id: UserId): User => ({
  ...{ id, login: id.slice('user_'.length), name: id, role: 'supervisor', enabled: true },
  ...{ mustChangePassword: false, language: null, createdAt: 1 },
});
const addSupervisor = ({ accounts }: Storage, id: UserId) =>
  accounts.insertUser(supervisor(id), 'hash', {
    ...{ at: 1, subject: 'user', subjectId: id, change: 'created' },
  });
const changeAsker = async (change: Partial<User>) => {
  const audit = { at: 2, subject: 'user', subjectId: ASKER, change: 'changed' } as const;
  await world.storage.accounts.saveUser({ ...supervisor(ASKER), ...change }, audit);
  await world.run({ kind: 'people-changed' });
};

/** Two telephones that refused us, and nobody to call anybody. */
const aFloor = async (options: WorldOptions = {}) => {
  world = await World.begin({
    debtors: 0,
    approvalNeededFor: ['release-unwanted'],
    async prepare(storage) {
      for (const id of [ASKER, OTHER, 'user_third'] as const) await addSupervisor(storage, id);
      await storage.setUp(async (tx) => {
        for (const n of [1, 2]) {
          await tx.insertBlock({
            ...{ id: `block_${n}`, scope: 'phone', reason: 'unwanted', effectiveFrom: 1, at: n },
            phone: `+551198000000${n}`,
          });
        }
      });
    },
    ...options,
  });
};

const ask = (byUserId: UserId = ASKER, blockId: BlockId = 'block_1', because = WHY) =>
  world.run({
    ...{ kind: 'ask-approval', scope: HOUSE, byUserId, address: '10.0.0.7', because },
    asks: { kind: 'release-unwanted', blockId },
  });
const decide = (approves: boolean, byUserId: UserId = OTHER, id?: ApprovalId) =>
  idOf(id).then((approvalId) =>
    world.run({
      ...{
        kind: 'decide-approval',
        scope: HOUSE,
        byUserId,
        address: '10.0.0.8',
        approvalId,
        approves,
      },
      because: 'ouvi a gravação',
    }),
  );
const withdraw = (byUserId: UserId) =>
  idOf().then((approvalId) =>
    world.run({ kind: 'withdraw-approval', scope: HOUSE, byUserId, approvalId }),
  );
const review = (callAgain: boolean, byUserId: UserId = OTHER) =>
  world.run({
    ...{ kind: 'review-unwanted', scope: HOUSE, byUserId, blockId: 'block_1', callAgain },
    because: 'reclamou na ouvidoria',
  });

const open = () => world.storage.store.read((view) => view.openApprovals());
const idOf = async (given?: ApprovalId) => given ?? (await open())[0]?.id ?? 'approval_none';
const blocked = async () => {
  const phones = await world.storage.store.read((view) => view.unwantedPhones(world.clock.now()));
  return phones.map(({ blockId }) => blockId).sort();
};
const newestState = async () => {
  const phones = await world.storage.store.read((view) => view.unwantedPhones(world.clock.now()));
  return phones.find(({ blockId }) => blockId === 'block_1')?.newestRequest?.state.kind;
};
const facts = () =>
  world.facts.flatMap(({ body, byUserId }) =>
    body.kind.startsWith('approval-') ? [[body.kind, byUserId]] : [],
  );
const trail = async (count: number) =>
  (await world.storage.store.read((view) => view.auditEntries(count))).reverse();

describe('where an operation wants a second person to release a telephone', () => {
  it('it stays blocked until another person approves, and is then released at once', async () => {
    await aFloor();
    expect(await review(true)).toMatchObject({ ok: false, code: 'approval-needed' });
    expect(await ask()).toEqual({ ok: true });
    expect(await blocked()).toEqual(['block_1', 'block_2']);
    expect(await decide(true)).toEqual({ ok: true });
    expect(await blocked()).toEqual(['block_2']);
    expect(facts()).toEqual([
      ['approval-asked', ASKER],
      ['approval-approved', OTHER],
    ]);
    const asker = { byUserId: ASKER, address: '10.0.0.7' };
    const approval = { subject: 'approval', subjectId: 'block_1', to: 'release-unwanted' };
    expect(await trail(3)).toMatchObject([
      { ...asker, ...approval, change: 'approval-asked', because: WHY },
      {
        ...{ ...asker, subject: 'block', subjectId: 'block_1', change: 'lifted' },
        ...{ to: OTHER, because: WHY },
      },
      {
        ...{ ...approval, byUserId: OTHER, address: '10.0.0.8', change: 'approval-approved' },
        because: 'ouvi a gravação',
      },
    ]);
  });

  it.each<[string, Partial<User>]>([
    ['was disabled', { enabled: false }],
    ['became an agent', { role: 'agent' }],
    ['was limited to a creditor of no call to it', { limitedTo: ['creditor_loja'] }],
  ])('nothing is done in the name of somebody who %s since they asked', async (_what, change) => {
    await aFloor();
    expect(await ask()).toEqual({ ok: true });
    await changeAsker(change);
    expect(await decide(true)).toMatchObject({ ok: false, code: 'asker-lost-right' });
    expect(await blocked()).toEqual(['block_1', 'block_2']);
    expect(await decide(false)).toEqual({ ok: true });
  });

  it('nobody approves or refuses their own request, which stays open', async () => {
    await aFloor();
    await ask();
    expect(await decide(true, ASKER)).toMatchObject({ ok: false, code: 'own-request' });
    expect(await decide(false, ASKER)).toMatchObject({ ok: false, code: 'own-request' });
    expect(await blocked()).toEqual(['block_1', 'block_2']);
    expect(await decide(true)).toEqual({ ok: true });
  });

  it('another person refuses, and then it may be asked for anew', async () => {
    await aFloor();
    await ask();
    expect(await ask(OTHER)).toMatchObject({ ok: false, code: 'approval-asked-already' });
    expect(await decide(false)).toEqual({ ok: true });
    expect(await newestState()).toBe('refused');
    expect(await blocked()).toEqual(['block_1', 'block_2']);
    expect(await ask(OTHER)).toEqual({ ok: true });
    expect(await ask(OTHER, 'block_2')).toEqual({ ok: true });
  });

  it('only the person who asked withdraws', async () => {
    await aFloor();
    await ask();
    const id = await idOf();
    expect(await withdraw(OTHER)).toMatchObject({ ok: false, code: 'not-own-request' });
    expect(await withdraw(ASKER)).toEqual({ ok: true });
    expect(await decide(true, OTHER, id)).toMatchObject({ ok: false, code: 'approval-over' });
    expect(await withdraw(ASKER)).toMatchObject({ ok: false, code: 'approval-over' });
    expect(facts()).toEqual([
      ['approval-asked', ASKER],
      ['approval-withdrawn', ASKER],
    ]);
    expect(await blocked()).toEqual(['block_1', 'block_2']);
  });

  it('a telephone that somebody kept meanwhile is not released; the request may be refused', async () => {
    await aFloor();
    await ask();
    expect(await review(false, 'user_third')).toEqual({ ok: true });
    expect(await decide(true)).toMatchObject({ ok: false, code: 'ground-changed' });
    expect(await blocked()).toEqual(['block_1', 'block_2']);
    expect(await decide(false)).toEqual({ ok: true });
    // A request that knows of it is another matter.
    expect(await ask()).toEqual({ ok: true });
    expect(await decide(true)).toEqual({ ok: true });
    expect(await blocked()).toEqual(['block_2']);
  });

  it('a telephone that was kept in the very turn of the approval is not released', async () => {
    await aFloor();
    await ask();
    const approvalId = await idOf();
    // The first one begins a turn, and the others are taken together by the next.
    const [, kept, approved] = await Promise.all([
      world.run({ kind: 'leads-changed', campaignId: world.campaignId }),
      review(false, 'user_third'),
      world.run({
        ...{ kind: 'decide-approval', scope: HOUSE, byUserId: OTHER, approvalId, approves: true },
        because: 'ouvi a gravação',
      }),
    ]);
    expect(kept).toEqual({ ok: true });
    expect(approved).toMatchObject({ ok: false, code: 'ground-changed' });
    expect(await blocked()).toEqual(['block_1', 'block_2']);
  });

  it('a telephone that is released meanwhile cannot be approved any more', async () => {
    await aFloor();
    await ask();
    await world.storage.setUp((tx) => tx.liftBlock('block_1', world.clock.now()));
    expect(await decide(true)).toMatchObject({ ok: false, code: 'ground-changed' });
    expect(await ask(OTHER)).toMatchObject({ ok: false, code: 'unknown-block' });
  });

  it('of two people who decide at once, the second is told that it is over', async () => {
    await aFloor();
    await ask();
    const id = await idOf();
    const [first, second] = await Promise.all([
      decide(true, OTHER, id),
      decide(false, 'user_third', id),
    ]);
    expect(first).toEqual({ ok: true });
    expect(second).toMatchObject({ ok: false, code: 'approval-over' });
    expect(facts().map(([kind]) => kind)).toEqual(['approval-asked', 'approval-approved']);
  });

  it('a request says why', async () => {
    await aFloor();
    const refused = await ask(ASKER, 'block_1', '  ');
    expect(refused).toMatchObject({ ok: false, code: 'approval-reason-needed' });
    expect(await open()).toEqual([]);
  });

  it('a request outlives the process, and is decided in the next one', async () => {
    await aFloor();
    await ask();
    await world.restart();
    expect(await ask(OTHER)).toMatchObject({ ok: false, code: 'approval-asked-already' });
    expect(await decide(true, ASKER)).toMatchObject({ ok: false, code: 'own-request' });
    expect(await decide(true)).toEqual({ ok: true });
    expect(await blocked()).toEqual(['block_2']);
  });

  it('a mistake at the approval leaves the request as it was', async () => {
    await aFloor();
    await ask();
    world.mistakes.arm('command');
    expect(await decide(true)).toMatchObject({ ok: false, code: 'mistake' });
    expect(await blocked()).toEqual(['block_1', 'block_2']);
    expect(await decide(true)).toEqual({ ok: true });
  });
});

describe('a request that nobody decides about', () => {
  /** Time passes without a process, up to a minute before its end. */
  async function almostOver(): Promise<void> {
    await world.kill();
    await world.pass(LASTS_MS - MINUTE_MS);
    await world.startProcess();
  }

  it('expires by its timer, and says so', async () => {
    await aFloor();
    await ask();
    await almostOver();
    expect(await newestState()).toBe('asked');
    await world.pass(MINUTE_MS + 1_000);
    expect(await newestState()).toBe('expired');
    expect(facts().at(-1)).toEqual(['approval-expired', undefined]);
    const [entry] = await trail(1);
    expect(entry).toMatchObject({ change: 'approval-expired', subjectId: 'block_1' });
    expect(entry).not.toHaveProperty('byUserId');
    expect(await decide(true)).toMatchObject({ ok: false, code: 'approval-over' });
    expect(await ask()).toEqual({ ok: true });
  });

  it('expires at the start of a process that comes too late', async () => {
    await aFloor();
    await ask();
    await world.kill();
    await world.pass(LASTS_MS);
    await world.startProcess();
    await world.pass(1_000);
    expect(await newestState()).toBe('expired');
  });

  it('expires by the clock on the wall, wherever that is set', async () => {
    await aFloor();
    await ask();
    await almostOver();
    world.clock.jump(-10 * MINUTE_MS);
    await world.pass(3 * MINUTE_MS);
    expect(await newestState()).toBe('asked');
    world.clock.jump(10 * MINUTE_MS);
    await world.pass(1_000);
    expect(await newestState()).toBe('expired');
  });
});

it('nothing needs a second person where the operation does not say so', async () => {
  await aFloor({ approvalNeededFor: [] });
  expect(await ask()).toMatchObject({ ok: false, code: 'approval-not-needed' });
  expect(await review(true)).toEqual({ ok: true });
  expect(await blocked()).toEqual(['block_2']);
  expect(world.engine.needsApproval('release-unwanted')).toBe(false);
});
