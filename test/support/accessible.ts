import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

type Found = {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly {
    readonly target: readonly unknown[];
    readonly failureSummary: string;
  }[];
};

/** Critical and serious barriers of the page as it is now, in both themes. */
export async function barriersOf(page: Page, scene: string): Promise<string[]> {
  const barriers: string[] = [];
  // Evaluated, because the pages' policy forbids adding a script.
  await page.evaluate(AXE);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const found = await page.evaluate(async () => {
      // Waits until the theme is drawn and finite animations have ended; endless ones are not
      // awaited.
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      const ending = document
        .getAnimations()
        .filter(
          ({ effect }) => effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY,
        );
      await Promise.allSettled(ending.map(({ finished }) => finished));
      const { axe } = globalThis as unknown as {
        axe: { run(options: object): Promise<{ violations: Found[] }> };
      };
      return (await axe.run({ resultTypes: ['violations'] })).violations;
    });
    for (const { id, impact, nodes } of found) {
      if (impact !== 'critical' && impact !== 'serious') continue;
      for (const { target, failureSummary } of nodes) {
        barriers.push(`${scene}, ${colorScheme}: ${id} ${target.join(' ')} ${failureSummary}`);
      }
    }
  }
  await page.emulateMedia({ colorScheme: null });
  return barriers;
}
