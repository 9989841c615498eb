/** Simulated days as tests. Two files share them, so that they run beside each other. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTemplate } from '../../src/simulator/world.ts';
import { playDay } from './day.ts';
import { writeHistory } from './history.ts';
import { OPERATION } from './people.ts';
import { settingsOf } from './settings.ts';

/** With SIMULATION_SEED in the environment that day alone is played. */
export function seedsFrom(first: number, count: number): readonly number[] {
  const only = process.env.SIMULATION_SEED;
  const seeds = Array.from({ length: count }, (_, index) => first + index);
  if (only === undefined) return seeds;
  // One file of the two plays a seed that belongs to none of them.
  return seeds.includes(Number(only)) || first === 1 ? [Number(only)] : [];
}

/** The database that every day begins with; made once for a file of tests. */
export function withTemplate(): string {
  const directory = mkdtempSync(join(tmpdir(), 'cadencia-days-'));
  const template = join(directory, 'template.db');
  beforeAll(() => makeTemplate(template, OPERATION, writeHistory));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return template;
}

export function simulatedDays(seeds: readonly number[], template: string): void {
  describe('a simulated day', () => {
    if (seeds.length === 0) it.skip('is played in the other file');
    it.each(seeds)('holds every property (seed %i)', async (seed) => {
      const result = await playDay(settingsOf(seed), template);
      expect(result.placed).toBeGreaterThan(50);
      expect(result.connected).toBeGreaterThan(5);
    });
  });
}
