import { campaignSettings, type SettingName } from '../../protocol/settings.ts';
import { type Language, say, sentenceOf } from '../../words/say.ts';
import { both } from './both.ts';

/** The settings' names, the same as the server's. */
function settingNames(language: Language): Readonly<Record<SettingName, string>> {
  return Object.fromEntries(
    campaignSettings.names.map((name) => [name, sentenceOf(say(`setting.${name}`), language)]),
  ) as Record<SettingName, string>;
}

/** Words for a campaign's states, modes and settings. */
export const campaignCodeTexts = both(
  {
    campaignState: { running: 'Discando', paused: 'Pausada', stopped: 'Parada' },
    mode: {
      predictive: 'Preditivo',
      ratio: 'Linhas por agente',
      progressive: 'Progressivo 1:1',
      preview: 'Prévia',
    },
    yesNo: { yes: 'sim', no: 'não' },
    takenBack: { pause: 'pausa pedida', 'sign-out': 'fim de turno pedido' },
    amd: {
      off: 'Não detecta',
      before: 'Antes do agente',
      parallel: 'Com o agente na linha',
    },
    change: {
      ...settingNames('pt-BR'),
      created: 'criado',
      revoked: 'revogado',
      'password-changed': 'senha trocada',
      'agent-assigned': 'agente entrou',
      'agent-removed': 'agente saiu',
      'pause-agent': 'pausado pelo supervisor',
      'plan-agent-rest': 'descanso marcado pelo supervisor',
      'sign-out-agent': 'turno encerrado pelo supervisor',
      'correct-disposition': 'tabulação corrigida pelo supervisor',
      'give-back-call': 'devolvida ao agente para tabular',
      'take-back-from-agent': 'desfeito pelo supervisor',
      lifted: 'liberado depois de revisado',
      'kept-blocked': 'mantido parado depois de revisado',
      'right-party-withdrawn': 'confirmação do titular retirada',
    },
  },
  {
    campaignState: { running: 'Dialing', paused: 'Paused', stopped: 'Stopped' },
    mode: {
      predictive: 'Predictive',
      ratio: 'Lines per agent',
      progressive: 'Progressive 1:1',
      preview: 'Preview',
    },
    yesNo: { yes: 'yes', no: 'no' },
    takenBack: { pause: 'pause asked for', 'sign-out': 'end of shift asked for' },
    amd: {
      off: 'Off',
      before: 'Before the agent',
      parallel: 'While the agent speaks',
    },
    change: {
      ...settingNames('en'),
      created: 'created',
      revoked: 'revoked',
      'password-changed': 'password changed',
      'agent-assigned': 'agent joined',
      'agent-removed': 'agent left',
      'pause-agent': 'paused by the supervisor',
      'plan-agent-rest': 'rest planned by the supervisor',
      'sign-out-agent': 'signed out by the supervisor',
      'correct-disposition': 'disposition corrected by the supervisor',
      'give-back-call': 'given back to the agent to dispose',
      'take-back-from-agent': 'taken back by the supervisor',
      lifted: 'released after a review',
      'kept-blocked': 'kept blocked after a review',
      'right-party-withdrawn': 'confirmation of the right party withdrawn',
    },
  },
);
