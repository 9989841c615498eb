/** Simulated days as tests. Several files share them, so that they run in parallel. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DayResult, makeDayTemplate, playDay } from '../../src/simulator/day.ts';
import { drawnDay } from '../../src/simulator/drawn-day.ts';
import { makeDirectory } from '../../src/simulator/world-database.ts';

/** Shorter than the soak's days: faults are drawn for the length of the day. */
const MINUTES = 15;

/** The database with which every drawn day begins; made once for each test file. */
export function withTemplate(): string {
  const directory = makeDirectory('cadencia-days-');
  const template = join(directory, 'template.db');
  beforeAll(() => makeDayTemplate(template, drawnDay(1)));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return template;
}

/** A day takes two seconds when nothing else runs. */
export const DAY_TIMEOUT_MS = 180_000;

export function playDrawn(seed: number, template: string, minutes = MINUTES): Promise<DayResult> {
  console.log(`npm run simulate -- --scenario drawn --seed ${seed} --minutes ${minutes}`);
  return playDay(drawnDay(seed, minutes), { template, print: (line) => console.log(line) });
}

export function drawnDays(what: string, seeds: readonly number[], template: string): void {
  describe(what, { timeout: DAY_TIMEOUT_MS }, () => {
    it.each(seeds)('holds every property (seed %i)', async (seed) => {
      const { measures } = await playDrawn(seed, template);
      expect(measures.placed).toBeGreaterThan(30);
      expect(measures.connected).toBeGreaterThan(3);
    });
  });
}

export function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
