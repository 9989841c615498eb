import { both } from './both.ts';

/** Words for what a campaign is, how it dials, and what of it can be changed. */
export const campaignCodeTexts = both(
  {
    campaignState: { running: 'Discando', paused: 'Pausada', stopped: 'Parada' },
    mode: {
      predictive: 'Preditivo',
      ratio: 'Linhas por agente',
      progressive: 'Progressivo 1:1',
      preview: 'Prévia',
    },
    amd: {
      off: 'Não detecta',
      before: 'Antes do agente',
      parallel: 'Com o agente na linha',
    },
    change: {
      state: 'estado',
      mode: 'modo',
      ratio: 'linhas por agente',
      linesMax: 'máximo de linhas',
      linesPerAgentMax: 'máximo de linhas por agente',
      linesPerAgentMin: 'mínimo de linhas por agente',
      cancelAfterRingingMs: 'cancelar após tocar (ms)',
      restBetweenCallsMs: 'descanso entre ligações (ms)',
      abandonmentMessage: 'mensagem de abandono',
      ringTimeoutMs: 'tempo de toque (ms)',
      amd: 'detecção de caixa postal',
      amdSampleShare: 'parcela conferida das caixas postais',
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
    amd: {
      off: 'Off',
      before: 'Before the agent',
      parallel: 'While the agent speaks',
    },
    change: {
      state: 'state',
      mode: 'mode',
      ratio: 'lines per agent',
      linesMax: 'most lines',
      linesPerAgentMax: 'most lines for each agent',
      linesPerAgentMin: 'least lines for each agent',
      cancelAfterRingingMs: 'cancel after ringing (ms)',
      restBetweenCallsMs: 'rest between calls (ms)',
      abandonmentMessage: 'message for the abandoned',
      ringTimeoutMs: 'ring time (ms)',
      amd: 'answering-machine detection',
      amdSampleShare: 'share of machines checked',
    },
  },
);
