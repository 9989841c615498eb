import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Approval, ApprovalState } from '../../src/domain/approvals/approval.ts';
import { HOUSE } from '../../src/engine/ports/scope.ts';
import { present } from '../../src/lib/assert.ts';
import { undisposedCalls, unwantedPhones } from '../../src/protocol/supervisor.ts';
import { say } from '../../src/words/say.ts';
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
    const form = { promiseValue: '150', confirmedValue: '', promiseDate: '5/1' };
    const draft = {
      ...{ agentId, revision: 4, at: NOON, code: 'promise', note: 'paga dia 5' },
      form: { ...form, callbackDate: '', callbackHour: '' },
    };
    await tx.saveNegotiationDraft({ callId: 'call_1', debtorId, draft });
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
      draft: { code: 'promise', note: 'paga dia 5', form: { promiseValue: '150' } },
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
  const by = { byUserId: 'user_supervisora', address: '127.0.0.1', scope: HOUSE };
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

test('tells of a request to release it to who asked and to others, and why it was refused', async () => {
  await doors.signIn('admin');
  const request: Omit<Approval, 'state'> = {
    ...{ id: 'approval_1', asks: { kind: 'release-unwanted', blockId: 'block_1' } },
    ...{ ground: 'kept by nobody', askedBy: doors.userId('supervisora') },
    ...{ because: 'ligou para nós', askedAt: NOON, expiresAt: NOON + 5 },
  };
  const save = (state: ApprovalState) =>
    doors.storage.setUp((tx) => tx.saveApproval({ ...request, state }));
  const toldTo = async (as: string) => {
    const { json } = await doors.ask('GET', '/api/phones/unwanted', { as });
    const { releaseNeedsApproval, phones } = unwantedPhones.parse(json);
    return { releaseNeedsApproval, request: phones[0]?.request };
  };
  expect(await toldTo('admin')).toEqual({ releaseNeedsApproval: false, request: null });
  doors.engine.wantsApproval = true;
  await save({ kind: 'asked' });
  const asked = {
    ...{ approvalId: 'approval_1', state: 'asked', byName: 'Supervisora', isOwn: false },
    ...{ because: 'ligou para nós', at: NOON, expiresAt: NOON + 5, refused: null },
  };
  expect(await toldTo('admin')).toEqual({ releaseNeedsApproval: true, request: asked });
  expect((await toldTo('supervisora')).request).toEqual({ ...asked, isOwn: true });
  await save({
    kind: 'refused',
    byUserId: doors.userId('admin'),
    because: 'não era ela',
    at: NOON,
  });
  expect((await toldTo('supervisora')).request).toMatchObject({
    ...{ state: 'refused', refused: { byName: 'Admin', because: 'não era ela' } },
  });
  await save({ kind: 'withdrawn', at: NOON });
  expect((await toldTo('supervisora')).request).toBeNull();
});

test('hands a request, its decision and its withdrawal to the engine', async () => {
  const before = doors.engine.ran.length;
  const because = 'pediu contato';
  const answers = [
    await ask('POST', '/api/phones/unwanted/block_1/ask-lift', { because }),
    await ask('POST', '/api/approvals/approval_1/approve', { because }),
    await ask('POST', '/api/approvals/approval_1/refuse', { because }),
    await ask('POST', '/api/approvals/approval_1/withdraw'),
  ];
  expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 204]);
  const by = { byUserId: 'user_supervisora', address: '127.0.0.1', scope: HOUSE };
  const decided = { ...by, kind: 'decide-approval', approvalId: 'approval_1', because };
  expect(doors.engine.ran.slice(before)).toEqual([
    {
      ...{ ...by, kind: 'ask-approval', because },
      asks: { kind: 'release-unwanted', blockId: 'block_1' },
    },
    { ...decided, approves: true },
    { ...decided, approves: false },
    { ...by, kind: 'withdraw-approval', approvalId: 'approval_1' },
  ]);
  const short = await ask('POST', '/api/approvals/approval_1/approve', { because: '  ok ' });
  expect(short.json).toMatchObject({ code: 'malformed-request' });
});

test('answers who approves their own request with the reason of the engine', async () => {
  const detail = say('another-person-decides');
  doors.engine.answer = () => ({ ok: false, code: 'own-request', detail });
  const body = { because: 'pediu contato' };
  const refused = await ask('POST', '/api/approvals/approval_1/approve', body);
  doors.engine.answer = () => ({ ok: true });
  expect(refused.json).toMatchObject({ status: 403, code: 'own-request' });
});

test.each([
  ['a call', '/api/calls/x/disposition', { code: 'dropped' }, 'nothing-to-change'],
  ['a telephone', '/api/phones/unwanted/x/lift', { because: 'pediu contato' }, 'unknown-block'],
  ['a request', '/api/approvals/x/approve', { because: 'pediu contato' }, 'approval-over'],
])(
  'refuses a text that is no id of %s, without asking the engine',
  async (_what, path, body, code) => {
    const asked = doors.engine.ran.length;
    expect((await ask('POST', path, body)).json).toMatchObject({ code });
    expect(doors.engine.ran).toHaveLength(asked);
  },
);
