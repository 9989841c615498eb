import { spawnSync } from 'node:child_process';
import { openSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createLog, standardOutput } from '../src/log.ts';

function lines(options: { showPersonalData: boolean }): {
  text(): string;
  log: ReturnType<typeof createLog>;
} {
  let text = '';
  const destination = {
    write(line: string) {
      text += line;
    },
  };
  return { text: () => text, log: createLog({ level: 'info', ...options, destination }) };
}

test('never writes personal data unless a setting shows it', () => {
  const hidden = lines({ showPersonalData: false });
  const fields = { callId: 'call_1', pii: { to: '+5511987654321', name: 'Maria' } };
  hidden.log.info(fields, 'call placed');
  hidden.log.child({ part: 'engine' }).warn({ call: fields }, 'call refused');
  expect(hidden.text()).not.toMatch(/Maria|987654321/);
  expect(hidden.text()).toContain('"callId":"call_1"');
  expect(hidden.text()).toContain('"level":"info"');
  const shown = lines({ showPersonalData: true });
  shown.log.info(fields, 'call placed');
  expect(shown.text()).toContain('Maria');
});

test('never writes a secret, whatever the settings say', () => {
  const { log, text } = lines({ showPersonalData: true });
  log.info({ password: 'hush', headset: { username: 'h', password: 'hush' } }, 'headset opened');
  log.info({ request: { headers: { authorization: 'hush', cookie: 'hush' } } }, 'asked');
  expect(text()).not.toContain('hush');
});

describe('a log that cannot be written', () => {
  test('is dropped, and the next line written says how many were lost', () => {
    let isFull = true;
    let text = '';
    const destination = standardOutput((some) => {
      if (isFull) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
      text += some.toString();
      return some.length;
    });
    const log = createLog({ level: 'info', showPersonalData: false, destination });
    log.info('first');
    log.info('second');
    isFull = false;
    log.info('third');
    log.info('fourth');
    const said = text.trimEnd().split('\n');
    expect(said.map((line) => JSON.parse(line))).toMatchObject([
      { level: 'warn', lines: 2 },
      { msg: 'third' },
      { msg: 'fourth' },
    ]);
  });

  test('keeps no process from ending', () => {
    const script = `
      const { createLog } = await import('./src/log.ts');
      createLog({ level: 'info', showPersonalData: false }).info('to a full disk');
      process.exit(7);`;
    const { status } = spawnSync(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '-e', script],
      { stdio: ['ignore', openSync('/dev/full', 'w'), 'inherit'], timeout: 10_000 },
    );
    expect(status).toBe(7);
  });
});
