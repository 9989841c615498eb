import { expect, test } from 'vitest';
import { heardIn } from '../../scripts/tell-health.ts';

test('health is heard with its problems', () => {
  expect(heardIn('{"ok":false,"problems":["disk-full"],"more":1}')).toEqual({
    ok: false,
    problems: ['disk-full'],
  });
});

test.each([
  '{"status":500,"title":"A mistake of ours","code":"mistake"}',
  '{"ok":true}',
  '{"ok":"yes","problems":[]}',
  'null',
  '[]',
  '<html></html>',
  '',
])('an answer that is no health counts as none: %s', (text) => {
  expect(heardIn(text)).toBeUndefined();
});
