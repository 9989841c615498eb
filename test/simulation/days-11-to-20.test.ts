import { describe, expect, it } from 'vitest';
import { DAY_TIMEOUT_MS, drawnDays, playDrawn, range, withTemplate } from './day-suite.ts';
import { REGRESSIONS } from './regressions/seeds.ts';

/** New days on every date; the soak plays many more of them. */
const FRESH = 3;

const template = withTemplate();

drawnDays('a simulated day', range(11, 20), template);

const today = Number(new Date().toISOString().slice(0, 10).replaceAll('-', ''));
drawnDays('a day of today', range(today * 100, today * 100 + FRESH - 1), template);

describe('a seed', { timeout: 2 * DAY_TIMEOUT_MS }, () => {
  it('gives the same day again', async () => {
    const first = await playDrawn(7, template, 6);
    const second = await playDrawn(7, template, 6);
    expect(second).toEqual(first);
    const other = await playDrawn(8, template, 6);
    expect(other.hash).not.toBe(first.hash);
  });

  it.each(REGRESSIONS)('$seed holds what it once broke: $what', async ({ seed, minutes }) => {
    await playDrawn(seed, template, minutes);
  });
});
