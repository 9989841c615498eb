import { expect, it } from 'vitest';
import { portuguese } from '../../../src/web/i18n/texts.ts';
import { microphoneProblem } from '../../../src/web/softphone/microphone.ts';

it.each([
  ['NotAllowedError', 'not-allowed'],
  ['NotFoundError', 'not-found'],
  ['NotReadableError', 'in-use'],
  ['OverconstrainedError', 'device-gone'],
  ['SomethingNew', 'unknown'],
] as const)('has words for %s', (name, problem) => {
  expect(microphoneProblem(name)).toBe(problem);
  expect(portuguese.agent.check.problem[problem].length).toBeGreaterThan(20);
});
