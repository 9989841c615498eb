import type { english } from './english.ts';

/** Every sentence of the server in Portuguese. Values in braces are filled in. */
export const portuguese = {
  'setting.state': 'estado',
  'setting.mode': 'modo',
  'setting.ratio': 'linhas por agente',
  'setting.linesMax': 'máximo de linhas',
  'setting.linesPerAgentMin': 'mínimo de linhas por agente',
  'setting.linesPerAgentMax': 'máximo de linhas por agente',
  'setting.ringTimeoutMs': 'tempo de toque',
  'setting.cancelAfterRingingMs': 'cancelar após tocar',
  'setting.restBetweenCallsMs': 'descanso entre ligações',
  'setting.dispositionRequired': 'tabulação obrigatória',
  'setting.dispositionWaitMs': 'espera pela tabulação',
  'setting.promiseDaysMax': 'prazo máximo da promessa (dias)',
  'setting.amd': 'detecção de caixa postal',
  'setting.amdSampleShare': 'parcela conferida das caixas postais',
  'setting.knownVoiceAllowed': 'voz conhecida',
  'setting.abandonmentMessage': 'mensagem de abandono',

  'setting-out-of-bounds': 'Escolha para "{setting}" um valor de {min} a {max}.',
  'setting-out-of-bounds-seconds': 'Escolha para "{setting}" um tempo de {min} a {max} segundos.',
  'setting-out-of-profile':
    'Escolha para "{setting}" um tempo de {min} a {max} segundos: o perfil de conformidade não permite outro ({clause}).',
  'setting-not-whole': '"{setting}" precisa ser um número inteiro.',
  'setting-not-offered': 'Escolha para "{setting}" um destes: {choices}.',
  'setting-not-in-mode': 'O modo {mode} não tem o ajuste "{setting}".',
  'setting-not-in-profile': 'O perfil de conformidade não permite "{setting}" ({clause}).',
  'setting-least-above-most': 'O mínimo de linhas por agente não pode passar do máximo.',
  'settings-stale':
    'Outra pessoa mudou esta campanha enquanto isso. Confira os ajustes de novo e depois mude.',

  'message-empty': 'A mensagem de abandono precisa das palavras da gravação.',
  'message-too-long': 'A mensagem de abandono pode ter no máximo {max} letras.',
  'message-names-debt':
    'A mensagem de abandono não pode falar de dívida, como "{word}" faz: qualquer pessoa pode ter atendido.',
  'message-bad-file-name':
    'O nome do arquivo de som pode ter letras minúsculas, algarismos e hífens, sem pasta e sem extensão.',
} as const satisfies Readonly<Record<keyof typeof english, string>>;
