import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { voiceAt } from '../../src/domain/contacts/contact.ts';
import { Batch } from '../../src/engine/batch.ts';
import { type Decided, Draft } from '../../src/engine/draft.ts';
import { createTimers } from '../../src/engine/timers.ts';
import { WorkQueue } from '../../src/engine/turn.ts';
import { seededRandom } from '../../src/lib/random.ts';

type Thing = { readonly a: number; readonly b?: string };

function takenBack(draft: Draft, decision: () => void): Decided<never> {
  const decided = draft.decide(() => {
    decision();
    throw new Error('half-way');
  });
  expect(decided).toMatchObject({ ok: false, error: { message: 'half-way' } });
  return decided;
}

describe('a decision that throws', () => {
  it('leaves fields, optional ones too, as they were', () => {
    const draft = new Draft();
    const thing: Thing = { a: 1 };
    takenBack(draft, () => {
      draft.change(thing, { a: 2, b: 'x' });
      draft.change(thing, { b: undefined });
      draft.change(thing, { a: 3 });
    });
    expect(thing).toStrictEqual({ a: 1 });
    const other: Thing = { a: 1, b: 'kept' };
    takenBack(draft, () => draft.change(other, { b: undefined }));
    expect(other).toStrictEqual({ a: 1, b: 'kept' });
  });

  it('leaves maps, sets, lists and queues as they were', () => {
    const draft = new Draft();
    const map: ReadonlyMap<string, number> = new Map([['old', 1]]);
    const set: ReadonlySet<string> = new Set(['old']);
    const list: readonly number[] = [1, 2];
    takenBack(draft, () => {
      draft.set(map, 'old', 2);
      draft.set(map, 'new', 3);
      draft.delete(map, 'old');
      draft.delete(map, 'never');
      draft.add(set, 'new');
      draft.add(set, 'old');
      draft.remove(set, 'old');
      draft.remove(set, 'never');
      draft.append(list, 3);
      expect(draft.takeFirst(list)).toBe(1);
    });
    expect([...map]).toEqual([['old', 1]]);
    expect([...set]).toEqual(['old']);
    expect(list).toEqual([1, 2]);
  });

  it('leaves timers as they were, set, moved, cleared and taken', () => {
    const draft = new Draft();
    const timers = createTimers(draft, (key: string) => key);
    timers.set('kept', 100);
    timers.set('moved', 200);
    takenBack(draft, () => {
      timers.set('new', 50);
      timers.set('moved', 10);
      expect(timers.takeDue(20)).toEqual(['moved']);
      timers.clear('kept');
      timers.shift(1_000);
    });
    expect(timers.takeDue(150)).toEqual(['kept']);
    expect(timers.takeDue(5_000)).toEqual(['moved']);
  });

  it('gives back the chance it drew: the next one draws the same', () => {
    const draft = new Draft();
    const random = draft.chance(seededRandom(7));
    const plain = seededRandom(7);
    const expected = Array.from({ length: 6 }, () => plain());
    expect(random()).toBe(expected[0]);
    takenBack(draft, () => {
      random();
      random();
      random();
    });
    const drawn = draft.decide(() => [random(), random()]);
    expect(drawn).toEqual({ ok: true, value: expected.slice(1, 3) });
    expect([random(), random(), random()]).toEqual(expected.slice(3, 6));
  });

  it('leaves nothing in the batch or the queue of work', () => {
    const draft = new Draft();
    const batch = new Batch(1, draft);
    const work = new WorkQueue(draft);
    takenBack(draft, () => {
      batch.fact({ kind: 'shift-began' }, { agentId: 'user_1', campaignId: 'campaign_1' });
      batch.effect({ kind: 'refuse-inbound', channelId: 'channel' });
      batch.change({ kind: 'attempt-was-machine', attemptId: 'attempt_1' });
      batch.answer(() => expect.unreachable('it was taken back'), { ok: true });
      batch.callOver('call_1');
      batch.attempted({ debtorId: 'debtor_1', to: voiceAt('+5511987654321'), at: 1, counts: true });
      batch.paceSoon();
      work.push({ kind: 'seat' }, { kind: 'seat' });
      work.take();
    });
    expect(batch.isEmpty).toBe(true);
    expect(batch).toMatchObject({ facts: [], effects: [], attempts: [], paceNow: false });
    for (const set of [batch.agentIds, batch.campaignIds, batch.over]) expect(set.size).toBe(0);
    expect(work.take()).toBeUndefined();
    batch.giveAnswers();
  });

  it('costs only itself inside another one, which goes on', () => {
    const draft = new Draft();
    const list: readonly string[] = [];
    draft.decide(() => {
      draft.append(list, 'outer');
      takenBack(draft, () => draft.append(list, 'inner'));
      draft.append(list, 'outer again');
    });
    expect(list).toEqual(['outer', 'outer again']);
  });

  it('takes the parts that were decided in it back too', () => {
    const draft = new Draft();
    const list: readonly string[] = [];
    draft.decide(() => {
      draft.decide(() => draft.append(list, 'inner'));
      throw new Error('outer');
    });
    expect(list).toEqual([]);
  });

  it('waits for nothing: one that does is a mistake, and what it did at once is taken back', () => {
    const draft = new Draft();
    const list: readonly string[] = [];
    const decided = draft.decide(async () => {
      draft.append(list, 'at once');
      await Promise.resolve();
    });
    expect(decided).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('waits for nothing') },
    });
    expect(list).toEqual([]);
  });

  it('does not take back what the outside did meanwhile', () => {
    const draft = new Draft();
    const thing = { a: 1, outside: false };
    takenBack(draft, () => {
      draft.change(thing, { a: 2 });
      draft.outright(thing, { outside: true });
    });
    expect(thing).toEqual({ a: 1, outside: true });
  });
});

it('undoes whatever mixture of changes there was, and what is kept stays', () => {
  const change = fc.record({
    what: fc.constantFrom('field', 'set', 'delete', 'add', 'remove', 'append', 'take'),
    key: fc.constantFrom('a', 'b', 'c'),
    value: fc.nat(9),
  });
  type Step = { what: string; key: string; value: number };
  const decisions = fc.array(fc.record({ steps: fc.array(change), throws: fc.boolean() }));
  fc.assert(
    fc.property(decisions, (all) => {
      const draft = new Draft();
      const make = () => ({
        fields: {} as { a?: number; b?: number; c?: number },
        map: new Map<string, number>(),
        set: new Set<string>(),
        list: [] as number[],
      });
      const real = make();
      const model = make();
      const onReal = ({ what, key, value }: Step) => {
        if (what === 'field') draft.change(real.fields, { [key]: value || undefined });
        if (what === 'set') draft.set(real.map, key, value);
        if (what === 'delete') draft.delete(real.map, key);
        if (what === 'add') draft.add(real.set, key);
        if (what === 'remove') draft.remove(real.set, key);
        if (what === 'append') draft.append(real.list, value);
        if (what === 'take') draft.takeFirst(real.list);
      };
      const onModel = ({ what, key, value }: Step) => {
        const field = key as 'a' | 'b' | 'c';
        if (what === 'field' && value) model.fields[field] = value;
        if (what === 'field' && !value) delete model.fields[field];
        if (what === 'set') model.map.set(key, value);
        if (what === 'delete') model.map.delete(key);
        if (what === 'add') model.set.add(key);
        if (what === 'remove') model.set.delete(key);
        if (what === 'append') model.list.push(value);
        if (what === 'take') model.list.shift();
      };
      for (const { steps, throws } of all) {
        draft.decide(() => {
          steps.forEach(onReal);
          if (throws) throw new Error('half-way');
        });
        if (!throws) steps.forEach(onModel);
      }
      expect(real.fields).toStrictEqual(model.fields);
      expect(new Map([...real.map].sort())).toEqual(new Map([...model.map].sort()));
      expect([...real.set].sort()).toEqual([...model.set].sort());
      expect(real.list).toEqual(model.list);
    }),
  );
});
