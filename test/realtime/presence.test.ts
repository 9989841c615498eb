/** What the engine is told of an agent's screen, also while its answers wait. */
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Command, CommandResult } from '../../src/engine/commands.ts';
import { createPresence } from '../../src/realtime/presence.ts';
import { say } from '../../src/words/say.ts';

type Asked = { readonly kind: Command['kind']; answer(result: CommandResult): void };

function begin() {
  const asked: Asked[] = [];
  const commands = {
    run: (command: Command) =>
      new Promise<CommandResult>((resolve) => {
        asked.push({ kind: command.kind, answer: resolve });
      }),
  };
  const presence = createPresence('user_ana', commands, pino({ level: 'silent' }));
  const kinds = () => asked.map(({ kind }) => kind);
  return { asked, presence, kinds };
}

const BUSY: CommandResult = { ok: false, code: 'server-busy', detail: say('again-in-a-second') };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a screen', () => {
  test('that was away for a moment is reported back while the store still holds up the first answer', () => {
    const { presence, kinds } = begin();
    presence.is(true);
    presence.is(false);
    presence.is(true);
    expect(kinds()).toEqual(['screen-connected', 'screen-lost', 'screen-connected']);
  });

  test('is reported once, even if it is repeated', () => {
    const { presence, kinds } = begin();
    presence.is(true);
    presence.is(true);
    expect(kinds()).toEqual(['screen-connected']);
  });

  test.each(['mistake', 'store-held-up', 'server-draining'] as const)(
    'is reported again when the engine did not accept it: %s',
    async (code) => {
      const { asked, presence, kinds } = begin();
      presence.is(true);
      asked[0]?.answer({ ok: false, code, detail: say('not-stored-now') });
      await expect.poll(kinds).toEqual(['screen-connected', 'screen-connected']);
    },
  );

  test('is reported again with its latest state when the engine was too busy', async () => {
    const { asked, presence, kinds } = begin();
    presence.is(true);
    asked[0]?.answer(BUSY);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(kinds()).toEqual(['screen-connected', 'screen-connected']);
    presence.is(false);
    asked[1]?.answer(BUSY);
    asked[2]?.answer({ ok: true });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(kinds()).toEqual(['screen-connected', 'screen-connected', 'screen-lost']);
  });
});
