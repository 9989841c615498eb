import { expect, test } from 'vitest';
import { createLog } from '../src/log.ts';

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
