import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Draft } from '../../src/engine/draft.ts';
import { createTimers } from '../../src/engine/timers.ts';

describe('timers', () => {
  it('are taken out when they are due, earliest first, and then no more', () => {
    const timers = createTimers(new Draft(), (key: string) => key);
    timers.set('later', 300);
    timers.set('first', 100);
    timers.set('second', 200);
    expect(timers.takeDue(99)).toEqual([]);
    expect(timers.takeDue(200)).toEqual(['first', 'second']);
    expect(timers.takeDue(200)).toEqual([]);
    expect(timers.nextAt()).toBe(300);
  });

  it('with the same key replace each other, later or earlier', () => {
    const timers = createTimers(new Draft(), (key: string) => key);
    timers.set('ring', 100);
    timers.set('ring', 500);
    expect(timers.nextAt()).toBe(500);
    expect(timers.takeDue(499)).toEqual([]);
    timers.set('ring', 50);
    expect(timers.takeDue(500)).toEqual(['ring']);
    expect(timers.nextAt()).toBeUndefined();
  });

  it('moved away and back again fire once', () => {
    const timers = createTimers(new Draft(), (key: string) => key);
    timers.set('ring', 100);
    timers.set('ring', 200);
    timers.set('ring', 100);
    expect(timers.takeDue(1_000)).toEqual(['ring']);
  });

  it('that are cleared never fire, and may be set anew', () => {
    const timers = createTimers(new Draft(), (key: string) => key);
    timers.set('ring', 100);
    timers.clear('ring');
    timers.clear('never set');
    expect(timers.nextAt()).toBeUndefined();
    expect(timers.takeDue(1_000)).toEqual([]);
    timers.set('ring', 100);
    expect(timers.takeDue(1_000)).toEqual(['ring']);
  });

  it('set while others are taken out wait for the next time', () => {
    const timers = createTimers(new Draft(), (key: string) => key);
    timers.set('ring', 100);
    const due = timers.takeDue(100);
    timers.set('ring', 100);
    expect(due).toEqual(['ring']);
    expect(timers.nextAt()).toBe(100);
  });

  it('do what a plain list of them would do, whatever is set, cleared and taken in whatever order', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g');
    const at = fc.integer({ min: 0, max: 60 });
    const asked = fc.oneof(
      fc.record({ kind: fc.constant('set' as const), key, at }),
      fc.record({ kind: fc.constant('clear' as const), key }),
      fc.record({ kind: fc.constant('take' as const), at }),
    );
    fc.assert(
      fc.property(fc.array(asked, { maxLength: 120 }), (story) => {
        const timers = createTimers(new Draft(), (key: string) => key);
        const plain = new Map<string, number>();
        for (const one of story) {
          if (one.kind === 'set') {
            timers.set(one.key, one.at);
            plain.set(one.key, one.at);
          } else if (one.kind === 'clear') {
            timers.clear(one.key);
            plain.delete(one.key);
          } else {
            const due = timers.takeDue(one.at);
            const times = due.map((taken) => plain.get(taken) ?? Number.NaN);
            expect(times).toEqual([...times].sort((left, right) => left - right));
            const expected = [...plain].filter(([, moment]) => moment <= one.at);
            expect([...due].sort()).toEqual(expected.map(([name]) => name).sort());
            for (const taken of due) plain.delete(taken);
          }
          expect(timers.nextAt()).toBe(plain.size === 0 ? undefined : Math.min(...plain.values()));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('of a whole day come out in order', () => {
    const timers = createTimers(new Draft(), (key: string) => key);
    const moments = Array.from({ length: 20_000 }, (_, index) => (index * 7_919) % 20_011);
    moments.forEach((moment, index) => {
      timers.set(`timer ${index}`, moment);
    });
    const due = timers.takeDue(20_011);
    const taken = due.map((name) => moments[Number(name.slice('timer '.length))]);
    expect(taken).toEqual([...moments].sort((left, right) => left - right));
  });
});
