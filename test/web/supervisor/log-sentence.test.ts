import { beforeAll, describe, expect, it } from 'vitest';
import type { LogLine } from '../../../src/protocol/supervisor.ts';
import { logSentence } from '../../../src/web/supervisor/log-sentence.ts';
import { fakeLog } from '../fake-floor.ts';
import { startTestTexts } from '../i18n/start-texts.ts';

const aLine = (kind: string, values: LogLine['values'] = {}): LogLine => ({
  sequence: 1,
  at: 0,
  kind,
  campaignName: null,
  agentName: 'Ana',
  byName: null,
  phone: '(11) ****-4321',
  callId: null,
  values,
});

describe('in Portuguese', () => {
  beforeAll(() => startTestTexts('pt-BR'));

  it.each([
    [
      aLine('call-ended', { outcome: 'person', hungUpBy: 'debtor', talkMs: 134_000 }),
      '(11) ****-4321: Conversa encerrada, desligado pelo devedor, conversa de 02:14',
    ],
    [aLine('call-ended', { outcome: 'busy', hungUpBy: 'network' }), '(11) ****-4321: Ocupado'],
    [
      aLine('call-connected', { waitMs: 40, again: false }),
      '(11) ****-4321 conectado a Ana em 40 ms',
    ],
    [aLine('call-connected', { waitMs: 16_500, again: true }), '(11) ****-4321 de novo com Ana'],
    [aLine('call-abandoned', { waitMs: 2_000 }), '(11) ****-4321 abandonado após 2,0 s de espera'],
    [
      aLine('call-screened', { verdict: 'machine', consequence: 'ended', screenedMs: 2_310 }),
      '(11) ****-4321: caixa postal reconhecida em 2,3 s, desligada',
    ],
    [
      aLine('call-screened', { verdict: 'machine', consequence: 'sampled', screenedMs: 2_310 }),
      '(11) ****-4321: soa como caixa postal (2,3 s), mantida para conferência do agente',
    ],
    [
      aLine('campaign-changed', { change: 'amd', from: 'parallel', to: 'off' }),
      'Campanha: detecção de caixa postal de Com o agente na linha para Não detecta',
    ],
    [aLine('message-asked', { message: 'abandonment' }), '(11) ****-4321 ouve a nossa mensagem'],
    [
      aLine('message-asked', { message: 'abandonment', soundFile: 'mensagem-a' }),
      '(11) ****-4321 ouve a gravação da campanha, “mensagem-a”',
    ],
    [
      aLine('message-asked', { message: 'agent-lost' }),
      '(11) ****-4321 ouve que o agente não volta à ligação',
    ],
    [aLine('headset-changed', { pinned: false }), 'Ana: sem áudio'],
    [
      aLine('activity-changed', { from: 'available', to: 'paused', reason: 'meal' }),
      'Ana: Pronto → pausa (Refeição)',
    ],
    [
      aLine('activity-changed', {
        from: 'available',
        to: 'paused',
        reason: 'rest',
        by: 'supervisor',
      }),
      'Ana: Pronto → pausa (Descanso), pedida pelo supervisor',
    ],
    [
      aLine('pause-asked', { reason: 'by-supervisor', by: 'supervisor' }),
      'Supervisor pediu pausa de Ana: Pausado pelo supervisor',
    ],
    [aLine('pause-taken-back', { by: 'supervisor' }), 'Supervisor liberou Ana da pausa'],
    [
      aLine('sign-out-asked', { because: 'signed-out-by-supervisor' }),
      'Ana: sai após esta ligação, a pedido do supervisor',
    ],
    [
      aLine('campaign-changed', { change: 'ratio', from: '2', to: '2.4' }),
      'Campanha: linhas por agente de 2 para 2,4',
    ],
    [
      aLine('campaign-changed', { change: 'state', from: 'paused', to: 'running' }),
      'Campanha: estado de Pausada para Discando',
    ],
    [
      aLine('disposition-recorded', { code: 'promise', correction: true }),
      'Ana corrigiu a tabulação de (11) ****-4321: Promessa de pagamento',
    ],
    [
      {
        ...aLine('disposition-recorded', { code: 'promise', correction: true }),
        byName: 'Sônia',
      },
      'Sônia tabulou, por Ana, (11) ****-4321: Promessa de pagamento',
    ],
    [
      { ...aLine('right-party-withdrawn', { because: 'third-party' }), byName: 'Sônia' },
      'Sônia corrigiu, por Ana: não era o titular em (11) ****-4321',
    ],
  ] as const)('%#', (line, sentence) => {
    expect(logSentence(line)).toBe(sentence);
  });

  it('shows a kind it does not know as it is, rather than hide it', () => {
    expect(logSentence(aLine('moon-rose', { phase: 'full' }))).toBe('moon-rose phase=full');
  });
});

it('leaves no hole in a sentence, in either language', async () => {
  for (const language of ['pt-BR', 'en'] as const) {
    await startTestTexts(language);
    for (const line of fakeLog(1_800_000_000_000)) {
      expect(logSentence(line)).not.toMatch(/\{\{|undefined|NaN|\?/);
    }
  }
});
