import { expect, it } from 'vitest';
import { scriptSteps } from '../../../src/web/agent/script-steps.ts';

it('uses the operation’s own headings', () => {
  expect(scriptSteps('1. Abertura\n“Bom dia!”\nPeça o nome.\n\n2. Assunto\n“É sobre…”\n')).toEqual([
    { number: '1', title: 'Abertura', lines: ['“Bom dia!”', 'Peça o nome.'] },
    { number: '2', title: 'Assunto', lines: ['“É sobre…”'] },
  ]);
});

it('counts the lines of a script without empty lines', () => {
  expect(scriptSteps('Bom dia\nTchau')).toEqual([
    { number: '1', title: '', lines: ['Bom dia'] },
    { number: '2', title: '', lines: ['Tchau'] },
  ]);
});

it('has no steps for an empty script', () => {
  expect(scriptSteps(' \n\n ')).toEqual([]);
});
