import type { FieldName } from '../supervisor/setting-draft.ts';
import { both } from './both.ts';

type OfFields = Readonly<Record<FieldName, string>>;

/**
 * Texts for the form fields of a campaign's settings. Every field has a label, some have a hint.
 */
export const settingTexts = both(
  {
    field: {
      ratio: 'Linhas por agente livre',
      linesMax: 'Máximo de linhas',
      linesPerAgentMin: 'Mínimo de linhas por agente',
      linesPerAgentMax: 'Máximo de linhas por agente',
      ringTimeoutMs: 'Tempo de toque (s)',
      cancelAfterRingingMs: 'Cancelar após tocar (s)',
      restBetweenCallsMs: 'Descanso entre ligações (s)',
      dispositionRequired: 'Tabulação obrigatória',
      dispositionWaitMs: 'Espera pela tabulação (s)',
      promiseDaysMax: 'Prazo máximo da promessa (dias)',
      amdSampleShare: 'Conferir por agente (%)',
      knownVoiceAllowed: 'Aceitar voz conhecida, com o motivo escrito pelo agente',
    } satisfies OfFields,
    hint: {
      ratio: 'De {{min}} a {{max}}.',
      linesMax: 'Ao mesmo tempo nesta campanha, até {{most}}. Zero não disca nada.',
      linesPerAgentMin: 'Por agente em turno fora de pausa. Vazio: o ritmo decide.',
      linesPerAgentMax: 'Por agente em turno fora de pausa. Vazio: o ritmo decide.',
      ringTimeoutMs: 'De {{min}} a {{max}} ({{clause}}).',
      cancelAfterRingingMs:
        'Desiste das que tocam há tanto tempo se forem faltar agentes; ao menos {{shortest}}. Vazio: nunca.',
      restBetweenCallsMs: 'Do fim do pós até a próxima ligação, até {{longest}}.',
      dispositionRequired:
        'Sem tabular, o agente não recebe ligação; passado o tempo abaixo, ela vem para “A corrigir” e o agente pode voltar.',
      amdSampleShare:
        'Das caixas postais reconhecidas, tantas vão a um agente assim mesmo: só ele diz quantas eram pessoas. Zero: o erro não é medido.',
    },
    forbidden: 'O perfil desta campanha não permite ({{clause}}).',
    between: 'Entre {{min}} e {{max}}.',
    nowIs: 'Mudou enquanto você digitava: agora é {{value}}.',
    minOverMax: 'O mínimo passa do máximo.',
    because: 'Motivo',
    becauseHint: 'Por que mudar? Fica na auditoria (opcional).',
  },
  {
    field: {
      ratio: 'Lines per free agent',
      linesMax: 'Most lines',
      linesPerAgentMin: 'Least lines per agent',
      linesPerAgentMax: 'Most lines per agent',
      ringTimeoutMs: 'Ring time (s)',
      cancelAfterRingingMs: 'Cancel after ringing (s)',
      restBetweenCallsMs: 'Rest between calls (s)',
      dispositionRequired: 'Disposition mandatory',
      dispositionWaitMs: 'Wait for the disposition (s)',
      promiseDaysMax: 'Promises at most days ahead',
      amdSampleShare: 'Checked by an agent (%)',
      knownVoiceAllowed: 'Take a known voice too, with the reason typed by the agent',
    },
    hint: {
      ratio: '{{min}} to {{max}}.',
      linesMax: 'At the same time in this campaign, up to {{most}}. Zero dials nothing.',
      linesPerAgentMin: 'Per agent on shift and not paused. Empty: the pacing decides.',
      linesPerAgentMax: 'Per agent on shift and not paused. Empty: the pacing decides.',
      ringTimeoutMs: '{{min}} to {{max}} ({{clause}}).',
      cancelAfterRingingMs:
        'Gives up those that rang this long when agents are about to be short; at least {{shortest}}. Empty: never.',
      restBetweenCallsMs: 'From the end of the wrap-up to the next call, up to {{longest}}.',
      dispositionRequired:
        'Without one the agent is offered no call; after the time below the call comes to “To correct” and the agent may come back.',
      amdSampleShare:
        'This share of the recognized machines goes to an agent anyway, because only a person can tell how many were people. Zero: the error is not measured.',
    },
    forbidden: "The campaign's profile does not allow it ({{clause}}).",
    between: 'Between {{min}} and {{max}}.',
    nowIs: 'It changed while you were typing: it is {{value}} now.',
    minOverMax: 'The least is above the most.',
    because: 'Reason',
    becauseHint: 'Why the change? It stands in the audit trail (optional).',
  },
);
