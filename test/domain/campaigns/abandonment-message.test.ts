import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ABANDONMENT_MESSAGE_DEFAULT,
  ABANDONMENT_TEXT_LENGTH_MAX,
  messageProblem,
} from '../../../src/domain/campaigns/abandonment-message.ts';
import { sentenceOf } from '../../../src/words/say.ts';

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
    'Olá. Ligamos sobre seu contrato em aberto com o Banco Z, regularize seu saldo.',
    'Ligamos sobre o seu contrato.',
    'Há um valor em aberto.',
    'Regularize a sua situação.',
    'Consulte o seu saldo conosco.',
    'Temos um acordo para você.',
    'Falamos em nome do credor.',
    'Seu boleto chegou.',
    'Uma parcela venceu.',
    'Sua prestação está conosco.',
    'Setor de Cobrança.',
    'Quite seu carro hoje.',
    'Não deixe seu nome sujo.',
    'Negocie conosco.',
    'Temos como renegociar.',
    'Obrigações contratuais.',
    'O cliente está em mora.',
    'Call us about your balance.',
    'You have an outstanding amount.',
    'Let us settle this today.',
    'Your loan is with us.',
    'We speak for the creditor.',
  ])('may not say: %s', (text) => {
    const problem = messageProblem({ text });
    expect(problem).toMatchObject({ key: 'message-names-debt' });
    expect(problem && sentenceOf(problem, 'en')).toContain('may not tell of a debt');
  });

  it.each([
    ABANDONMENT_MESSAGE_DEFAULT.text,
    'Olá, aqui é da Assessoria Exemplo. Ligaremos mais tarde.',
    'O senhor Owen ligará de novo. O individuo certo é quem atende.',
    'We called you and nobody was free. We will call again.',
    'De acordo com a lei, ligaremos só em horário comercial.',
    'Aqui é a Loana. O senhor Moraes retorna em Moraes Almeida.',
    'Prestação de serviços Exemplo: ligaremos de novo.',
    'Vamos vencer a distância e falar com você. Eu juro que ligo.',
    'Não é preciso apagar esta mensagem. Bons negócios.',
    'We are quite sure that we will reach you. Quite a day!',
    'We balance our calls badly today. We will call when things settle down.',
    'Please hold the line, it is due to us that you waited.',
  ])('may say: %s', (text) => {
    expect(messageProblem({ text })).toBeUndefined();
  });

  it('names the word as it was written', () => {
    expect(messageProblem({ text: 'Sobre suas DÍVIDAS.' })).toEqual({
      key: 'message-names-debt',
      values: { word: 'DÍVIDAS' },
    });
  });

  it('needs words, and not too many', () => {
    expect(messageProblem({ text: '  ' })).toMatchObject({ key: 'message-empty' });
    const most = 'a'.repeat(ABANDONMENT_TEXT_LENGTH_MAX);
    expect(messageProblem({ text: most })).toBeUndefined();
    expect(messageProblem({ text: `${most}a` })).toMatchObject({ key: 'message-too-long' });
  });

  it.each(['../etc/passwd', 'a/b', 'mensagem.wav', 'Mensagem', '', '-a', 'a'.repeat(61)])(
    'has no sound file called "%s"',
    (soundFile) => {
      expect(messageProblem({ text: 'Olá.', soundFile })).toMatchObject({
        key: 'message-bad-file-name',
      });
    },
  );

  it.each(['a', '7', 'ate-ja', '2-recado', 'a'.repeat(60), undefined])(
    'may have a sound file called %s',
    (soundFile) => {
      const message = soundFile === undefined ? { text: 'Olá.' } : { text: 'Olá.', soundFile };
      expect(messageProblem(message)).toBeUndefined();
    },
  );

  it('is judged by its words before its file', () => {
    const soundFile = '../x';
    expect(messageProblem({ text: 'Sobre a dívida.', soundFile })?.key).toBe('message-names-debt');
    expect(messageProblem({ text: ' ', soundFile })?.key).toBe('message-empty');
  });

  it('may not name a debt in any place among harmless sentences', () => {
    const harmless = fc.array(
      fc.constantFrom(
        ...['Olá.', 'Aqui é da Assessoria Exemplo.', 'Ligaremos mais tarde.', 'Bom dia!'],
      ),
      { maxLength: 4 },
    );
    const naming = fc.constantFrom(
      ...['Sobre a sua dívida.', 'Há uma parcela vencida.', 'Regularize seu débito.'],
    );
    fc.assert(
      fc.property(harmless, naming, harmless, (before, sentence, after) => {
        const text = [...before, sentence, ...after].join(' ');
        expect(messageProblem({ text })?.key).toBe('message-names-debt');
        expect(
          messageProblem({ text: [...before, ...after, 'Até já.'].join(' ') }),
        ).toBeUndefined();
      }),
      { numRuns: 80, seed: 76 },
    );
  });
});
