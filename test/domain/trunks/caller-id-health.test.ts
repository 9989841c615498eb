import { describe, expect, it } from 'vitest';
import type { CallOutcome } from '../../../src/domain/calls/outcome.ts';
import {
  type CallerIdHealth,
  healthAfter,
  UNJUDGED,
} from '../../../src/domain/trunks/caller-id-health.ts';
import { MINUTE_MS } from '../../../src/lib/time.ts';

const NOW = Date.parse('2026-11-23T10:00:00-03:00');

function healthOf(...outcomes: readonly CallOutcome[]): CallerIdHealth {
  return outcomes.reduce<CallerIdHealth>(
    (health, outcome) => healthAfter(health, outcome, NOW),
    UNJUDGED,
  );
}

const many = (outcome: CallOutcome, times: number) => Array<CallOutcome>(times).fill(outcome);

describe('a number that we show', () => {
  it('rests for half an hour from the third refusal on, of a tenth of its calls', () => {
    const fallen = healthOf(...many('no-answer', 20), ...many('spam-refused', 3));
    expect(fallen.rest).toEqual({ from: NOW, until: NOW + 30 * MINUTE_MS, refused: 3, of: 23 });
  });

  it('is refused as much by those who mark it as unwanted', () => {
    expect(healthOf('unwanted', 'spam-refused', 'unwanted').rest).toMatchObject({ refused: 3 });
  });

  it('is not judged by two refusals, nor by three among fifty calls', () => {
    expect(healthOf('spam-refused', 'spam-refused').rest).toBeUndefined();
    const calls = [...many('spam-refused', 2), ...many('person', 47), 'spam-refused'] as const;
    expect(healthOf(...calls).rest).toBeUndefined();
  });

  it('is judged anew after its rest, and not by what was on the way when it began', () => {
    const fallen = healthOf(...many('spam-refused', 3));
    const later = healthAfter(fallen, 'spam-refused', NOW + MINUTE_MS);
    expect(later.rest).toEqual(fallen.rest);
    const rested = many('spam-refused', 2).reduce(
      (health, outcome) => healthAfter(health, outcome, NOW + 31 * MINUTE_MS),
      fallen,
    );
    expect(rested.rest).toEqual(fallen.rest);
    expect(healthAfter(rested, 'spam-refused', NOW + 31 * MINUTE_MS).rest).toMatchObject({
      until: NOW + 61 * MINUTE_MS,
    });
  });

  it('suffers from nothing else', () => {
    expect(healthOf(...many('rejected', 9), ...many('caller-id-refused', 9)).rest).toBeUndefined();
  });
});
