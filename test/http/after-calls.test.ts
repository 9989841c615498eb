import { afterAll, beforeAll, expect, test } from 'vitest';
import { present } from '../../src/lib/assert.ts';
import { undisposedCalls, unwantedPhones } from '../../src/protocol/supervisor.ts';
import { openDoors, type TestDoors } from '../support/doors.ts';
import { aRow, BANK, importAll, NOON, stored } from '../support/store.ts';
import { aCall, candidates, place, settled } from '../support/store-records.ts';

let doors: TestDoors;

const NAME = 'Marina Telles da Cunha';
const DOCUMENT = '52998224725';
const PHONE = '+5511987654321' as const;

/** A talk that lacks its disposition, on a telephone that refused us afterwards. */
beforeAll(async () => {
  doors = await openDoors();
  await doors.signIn('supervisora');
  const { storage } = doors;
  const row = aRow({ name: NAME, document: DOCUMENT, documentKind: 'cpf' });
  const { results } = await importAll(storage.lists, [row]);
  const { debtorId, leadId } = stored(results[0]);
  const [candidate] = await candidates(storage, [leadId]);
  const agentId = doors.userId('ana') as `user_${string}`;
  const ended = { at: NOON + 65_000, outcome: 'person', hungUpBy: 'debtor' } as const;
  const state = { kind: 'ended', ...ended } as const;
  await storage.setUp(async (tx) => {
    const attempt = await place(tx, present(candidate, 'imported'), 1);
    const { phoneId } = attempt;
    await tx.settleAttempt(settled(attempt, { outcome: 'unwanted', techCause: 607 }));
    const given = { leadId, debtorId, phoneId, phone: PHONE, connectedAt: NOON + 5_000, agentId };
    await tx.saveCall(aCall({ ...given, state }));
    await tx.listUndisposedCall({
      ...{ callId: 'call_1', campaignId: 'campaign_1', agentId, at: NOON + 70_000 },
    });
    await tx.insertBlock({
      ...{ id: 'block_1', scope: 'phone', phone: PHONE, reason: 'unwanted' },
      ...{ effectiveFrom: NOON, at: NOON, callId: 'call_1' },
    });
  });
});
afterAll(() => doors.stop());

const ask = (method: string, path: string, body?: unknown) =>
  doors.ask(method, path, { as: 'supervisora', body });

/** Neither the rest of the name, nor the document, nor the number is in the page. */
function expectMasked(text: string): void {
  for (const kept of ['Telles', 'Cunha', DOCUMENT, '529', PHONE, '98765']) {
    expect(text).not.toContain(kept);
  }
}

test('lists an undisposed call with its debtor masked', async () => {
  const { json, text } = await ask('GET', '/api/undisposed-calls');
  const { calls, more } = undisposedCalls.parse(json);
  expect(more).toBe(false);
  expect(calls).toMatchObject([
    {
      ...{ callId: 'call_1', debtorName: 'Marina T. C.', document: '***.982.247-**' },
      ...{ phone: '(11) ****-4321', rightPartyConfirmed: false },
      ...{ connectedAt: NOON + 5_000, endedAt: NOON + 65_000 },
      agent: { holdsIt: false, mayHaveIt: false },
    },
  ]);
  expectMasked(text);
});

test('tells of a telephone that refused us with its debtor masked', async () => {
  const { json, text } = await ask('GET', '/api/phones/unwanted');
  const { phones } = unwantedPhones.parse(json);
  const call = { debtorName: 'Marina T. C.', creditorName: BANK.name, sipStatus: 607 };
  expect(phones).toMatchObject([
    { blockId: 'block_1', phone: '(11) ****-4321', at: NOON, call, kept: null },
  ]);
  expectMasked(text);
});

test('hands everything a supervisor says of a call and of a telephone to the engine', async () => {
  const promise = { valueCentavos: 21_350, dueDate: '2026-11-20', aboveDueConfirmed: true };
  const said = { code: 'promise', note: 'ouvi a gravação', withdrawsRightParty: true };
  const form = { promise, callbackAt: NOON };
  await ask('POST', '/api/calls/call_1/disposition', { ...said, form });
  await ask('POST', '/api/calls/call_1/disposition', { code: 'dropped' });
  await ask('POST', '/api/calls/call_1/give-back');
  await ask('POST', '/api/phones/unwanted/block_1/lift', { because: 'pediu contato' });
  await ask('POST', '/api/phones/unwanted/block_1/keep', { because: 'reclamou disso' });
  const by = { byUserId: 'user_supervisora', address: '127.0.0.1' };
  const ofCall = { ...by, callId: 'call_1' };
  const ofBlock = { ...by, kind: 'review-unwanted', blockId: 'block_1' };
  expect(doors.engine.ran).toEqual([
    { ...ofCall, kind: 'correct-disposition', ...said, form },
    { ...ofCall, kind: 'correct-disposition', code: 'dropped', form: {} },
    { ...ofCall, kind: 'give-back-call' },
    { ...ofBlock, callAgain: true, because: 'pediu contato' },
    { ...ofBlock, callAgain: false, because: 'reclamou disso' },
  ]);
});

test.each([
  ['a call', '/api/calls/x/disposition', { code: 'dropped' }, 'nothing-to-change'],
  ['a telephone', '/api/phones/unwanted/x/lift', { because: 'pediu contato' }, 'unknown-block'],
])(
  'refuses a text that is no id of %s, without asking the engine',
  async (_what, path, body, code) => {
    const asked = doors.engine.ran.length;
    expect((await ask('POST', path, body)).json).toMatchObject({ code });
    expect(doors.engine.ran).toHaveLength(asked);
  },
);
