import { describe, expect, it } from 'vitest';
import {
  ABANDONMENT_MESSAGE_DEFAULT,
  ABANDONMENT_TEXT_LENGTH_MAX,
  messageProblem,
  messageProblemSentence,
  SOUND_FILE_NAME,
} from '../../../src/domain/campaigns/abandonment-message.ts';
import * as protocol from '../../../src/protocol/supervisor.ts';

describe('the message for the abandoned', () => {
  it.each([
    'Ligamos sobre a sua dívida.',
    'DIVIDAS em aberto',
    'O seu débito pode ser negociado',
    'setor de Cobranças',
    'pagamentos em atraso',
    'parcela atrasada',
    'O contrato está vencido',
    'Há uma pendência no seu nome',
    'Consulte a Serasa.',
    'Evite o protesto',
    'This is about your debt.',
    'Your account is past due',
    'what you owe us',
    'We call about what you owe.',
    'Collections department',
  ])('may not say: %s', (text) => {
    const problem = messageProblem({ text });
    expect(problem).toMatchObject({ kind: 'names-debt' });
    expect(problem && messageProblemSentence(problem)).toContain('may not tell of a debt');
  });

  it.each([
    ABANDONMENT_MESSAGE_DEFAULT.text,
    'Olá, aqui é da Assessoria Exemplo. Ligaremos mais tarde.',
    'O senhor Owen ligará de novo. O individuo certo é quem atende.',
    'We called you and nobody was free. We will call again.',
  ])('may say: %s', (text) => {
    expect(messageProblem({ text })).toBeUndefined();
  });

  it('names the word as it was written', () => {
    expect(messageProblem({ text: 'Sobre suas DÍVIDAS.' })).toEqual({
      kind: 'names-debt',
      word: 'DÍVIDAS',
    });
  });

  it('needs words, and not too many', () => {
    expect(messageProblem({ text: '  ' })).toEqual({ kind: 'empty' });
    const most = 'a'.repeat(ABANDONMENT_TEXT_LENGTH_MAX);
    expect(messageProblem({ text: most })).toBeUndefined();
    expect(messageProblem({ text: `${most}a` })).toEqual({ kind: 'too-long' });
  });

  it.each(['../etc/passwd', 'a/b', 'mensagem.wav', 'Mensagem', '', '-a', 'a'.repeat(61)])(
    'has no sound file called "%s"',
    (soundFile) => {
      expect(messageProblem({ text: 'Olá.', soundFile })).toEqual({ kind: 'bad-file-name' });
    },
  );

  it('has the same limits at the door as in the rules', () => {
    expect(protocol.SOUND_FILE_NAME.source).toBe(SOUND_FILE_NAME.source);
    expect(protocol.ABANDONMENT_TEXT_LENGTH_MAX).toBe(ABANDONMENT_TEXT_LENGTH_MAX);
  });
});
