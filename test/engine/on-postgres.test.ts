/** What these tests say of the engine on SQLite, they say of it on PostgreSQL too. */
import { describe } from 'vitest';
import { POSTGRES_WORLDS } from '../support/postgres-worlds.ts';
import { worldsIn } from '../support/world.ts';

worldsIn(POSTGRES_WORLDS);

describe('on PostgreSQL', () => {
  // Each in a group of its own, because each ends its world after each of its tests.
  describe('one call', async () => void (await import('./one-call.test.ts')));
  describe('a restart', async () => void (await import('./restart.test.ts')));
  describe('a desk after a restart', async () =>
    void (await import('./desk-after-restart.test.ts')));
  describe('drafts', async () => void (await import('./drafts.test.ts')));
  describe('claims', async () => void (await import('./claims.test.ts')));
});
