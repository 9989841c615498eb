import { defineConfig } from 'vitest/config';

/** One configuration for every kind of test; `scripts/test.ts` decides which kinds run together. */
export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    globalSetup: ['test/support/test-run.ts'],
    testTimeout: 60_000,
    hookTimeout: 180_000,
    // A second, the tool's own default, is nothing on a machine that runs three other things.
    expect: { poll: { timeout: 15_000 } },
    pool: 'forks',
    maxWorkers: 2,
  },
});
