/**
 * The supervision of `npm start`'s parts, with parts that end on the test's demand and short
 * pauses.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type End,
  type Part,
  type Run,
  type Supervised,
  supervise,
} from '../../scripts/supervise.ts';

const PACE = {
  pauseFirstMs: 1,
  pauseLongestMs: 8,
  steadyAfterMs: 100,
  remindEveryMs: 60,
  askEveryMs: 1,
};

let supervised: Supervised | undefined;
afterEach(async () => {
  await supervised?.stop();
  supervised = undefined;
});

/** A part whose runs the test ends; while `fails` is set, it does not start for that reason. */
function aPart(more: Partial<Part> = {}) {
  const lines: string[] = [];
  const ends: ((end: End) => void)[] = [];
  const self = {
    lines,
    starts: 0,
    stops: 0,
    fails: undefined as string | undefined,
    /** Ends the run under way. */
    end: (end: End) => ends.at(-1)?.(end),
    part: {
      name: 'The part',
      async start(): Promise<Run> {
        self.starts += 1;
        if (self.fails) throw new Error(self.fails);
        const ended = new Promise<End>((resolve) => ends.push(resolve));
        return {
          ended,
          async stop() {
            self.stops += 1;
            ends.at(-1)?.({ how: 'ended with code 0' });
          },
        };
      },
      ...more,
    },
    begin() {
      supervised = supervise(self.part, (line) => lines.push(line), undefined, PACE);
      return supervised;
    },
  };
  return self;
}

describe('a part that ends', () => {
  it('is started again however often it ends, and the last report is that it is up', async () => {
    const one = aPart({ loss: 'Its calls are gone.' });
    const it = one.begin();
    await it.firstUp;
    for (let times = 1; times <= 12; times += 1) {
      await expect.poll(() => it.state().kind, { interval: 1 }).toBe('up');
      one.end({ how: 'was killed (SIGKILL)' });
      await expect.poll(() => one.starts, { interval: 1 }).toBe(times + 1);
    }
    await expect.poll(() => it.state().kind, { interval: 1 }).toBe('up');
    expect(one.lines[0]).toBe(
      'The part was killed (SIGKILL). Its calls are gone. It is started again.',
    );
    expect(one.lines.at(-1)).toMatch(/^The part is up again/);
    expect(one.lines.join()).not.toMatch(/Ctrl\+C/);
  });

  it('is not up before it answers', async () => {
    let answers = false;
    const one = aPart({ isUp: async () => answers });
    const it = one.begin();
    await sleep(10);
    expect(it.state()).toEqual({ kind: 'starting' });
    answers = true;
    await it.firstUp;
    answers = false;
    one.end({ how: 'ended with code 75', why: 'the database is held' });
    await expect.poll(() => one.starts, { interval: 1 }).toBe(2);
    await sleep(10);
    expect(it.state()).toMatchObject({
      kind: 'down',
      because: 'ended with code 75: the database is held',
    });
    answers = true;
    await expect.poll(() => it.state().kind, { interval: 1 }).toBe('up');
  });
});

describe('a part that does not come up', () => {
  it('is tried for ever with growing pauses; its reason is reported once, when it changes, and rarely', async () => {
    const one = aPart();
    one.fails = 'the disk is full';
    const it = one.begin();
    await expect.poll(() => one.starts, { interval: 1 }).toBeGreaterThan(20);
    const said = one.lines.length;
    expect(one.lines[0]).toBe('The part does not start: the disk is full. It is started again.');
    // Twenty tries with pauses of at most 8 ms take some 160 ms, and it is said again each 60.
    expect(said).toBeLessThan(10);
    expect(one.lines[1]).toMatch(/^The part is still down, after .* and \d+ tries: .*disk is full/);
    one.fails = 'the port is taken';
    await expect.poll(() => one.lines.at(-1), { interval: 1 }).toMatch(/port is taken/);
    one.fails = undefined;
    await it.firstUp;
    expect(one.lines.at(-1)).toMatch(/^The part is up again/);
  });

  it('and never was up is reported as unable to start when only a person can change that', async () => {
    const one = aPart({ isUp: async () => false });
    const it = one.begin();
    await expect.poll(() => one.starts).toBe(1);
    one.end({ how: 'ended with code 78', why: 'a setting is wrong', needsPerson: true });
    expect(await it.cannotStart).toBe('a setting is wrong');
  });

  it('and was up before is tried again, even if a person has to change something', async () => {
    const one = aPart();
    const it = one.begin();
    await it.firstUp;
    one.end({ how: 'ended with code 78', why: 'a setting is wrong', needsPerson: true });
    await expect.poll(() => one.starts, { interval: 1 }).toBe(2);
    await expect.poll(() => it.state().kind, { interval: 1 }).toBe('up');
  });
});

describe('stopping', () => {
  it('ends the run under way and starts no other', async () => {
    const one = aPart();
    const it = one.begin();
    await it.firstUp;
    await it.stop();
    expect([one.stops, one.starts, it.state().kind]).toEqual([1, 1, 'stopped']);
    await sleep(20);
    expect(one.starts).toBe(1);
    expect(one.lines).toEqual([]);
  });
});
