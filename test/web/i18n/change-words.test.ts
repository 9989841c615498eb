import { beforeAll, describe, expect, it } from 'vitest';
import { changeValueWords } from '../../../src/web/i18n/change-words.ts';
import { wordsFor } from '../../../src/web/i18n/codes.ts';
import { startTestTexts } from './start-texts.ts';

beforeAll(() => startTestTexts('pt-BR'));

describe('what a setting was or is', () => {
  it('is a message with its recording, as typed and in the audit trail’s notation', () => {
    const message = { text: 'Olá.', soundFile: 'mensagem-a' };
    expect(changeValueWords('abandonmentMessage', message)).toBe('Olá. [mensagem-a]');
    expect(changeValueWords('abandonmentMessage', 'Olá. [mensagem-a]')).toBe('Olá. [mensagem-a]');
    expect(changeValueWords('abandonmentMessage', { text: 'Olá.' })).toBe('Olá.');
  });

  it('is a share in percent and a detection in words', () => {
    expect(changeValueWords('amdSampleShare', '0.025')).toBe('2,5 %');
    expect(changeValueWords('amd', 'before')).toBe('Antes do agente');
  });

  it('is the moment of a planned rest, and a dash where none is planned', () => {
    const noon = new Date(2026, 10, 24, 12).getTime();
    expect(changeValueWords('plan-agent-rest', `${noon}`)).toBe('24/11/2026 12:00');
    expect(changeValueWords('plan-agent-rest', null)).toBe('–');
  });
});

it.each(['abandonmentMessage', 'amd', 'amdSampleShare', 'plan-agent-rest', 'pause-agent'])(
  'calls the change %s by words, not by its code',
  (change) => {
    expect(wordsFor('change', change)).not.toBe(change);
  },
);
