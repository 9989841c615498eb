import { both } from './both.ts';

/** The pacing gauge of a campaign, and the form that changes its pace. */
export const pacingTexts = both(
  {
    title: 'Ritmo',
    rate: {
      title: 'Abandono',
      ofMax: 'de no máximo {{max}}',
      hint: '{{abandoned}} pessoas atenderam e não tiveram agente a tempo, de {{answers}} que atenderam, desde {{since}}. O limite de {{max}} vale para esta campanha sozinha.',
      counts: '{{abandoned}} de {{answers}} atendidas desde {{since}}',
      none: 'Ninguém atendeu desde {{since}}.',
      budget: 'Limite usado: {{used}}',
      left_zero: 'não cabe mais nenhum',
      left_one: 'cabe mais {{count}}',
      left_other: 'cabem mais {{count}}',
      alarmAt: 'alarme em {{share}}',
      state: {
        ok: 'Dentro do limite',
        alarm: 'Perto do limite',
        empty: 'Limite atingido',
      },
      hungUpWaiting_zero: 'Ninguém desistiu esperando',
      hungUpWaiting_one: '{{count}} desistiu esperando, contado à parte',
      hungUpWaiting_other: '{{count}} desistiram esperando, contados à parte',
      worst: 'Pior meia hora: {{abandoned}} de {{answers}} ({{rate}}), {{from}}\u2060–\u2060{{to}}',
      noWorst: 'Nenhuma meia hora com abandono',
    },
    screening: {
      title: 'Caixa postal',
      verdicts:
        'Em 30 dias, {{machine}} caixas postais reconhecidas em {{all}} atendidas; {{missed}} passaram e o agente apontou.',
      notJudged:
        'Acerto ainda não medido: {{sampled}} conferidas por agente ({{share}} delas vão).',
      judged: 'Das {{judged}} conferidas por agente, {{people}} eram pessoas ({{share}}).',
    },
    forecast: {
      title: 'Próximos {{seconds}}',
      free: 'livres',
      answers: 'atendem',
      hint: 'Esperados, somados a partir de agora: agentes livres ou que ficam livres, e pessoas que atendem das chamadas a caminho.',
      asText: 'Previsão. {{moments}}.',
      asTextAt: 'Em {{seconds}}: {{free}} agentes livres, {{answers}} pessoas atendem',
      now: 'agora',
      none: 'Nada é planejado agora, então nada é previsto.',
      notInMode: 'Só o modo preditivo olha adiante.',
      notYet: 'Ainda não há o que prever.',
    },
    answerRate: 'Atende agora',
    answerRateHint:
      'Parte das chamadas que uma pessoa atende, estimada agora; aprendida de {{setups}} chamadas.',
    answerRateOf: 'de {{setups}}',
    learning: 'Aprendendo {{known}}/{{needed}}',
    learningHint:
      'Um para um até {{needed}} pessoas atenderem; depois o ritmo passa a prever. Até agora: {{known}}.',
    carrierFailing: 'Operadora falhando desde {{since}}',
    carrierFailingHint:
      'Quase toda chamada cai em segundos. O ritmo parou de aprender, testa com uma ou duas chamadas e volta sozinho.',
    together: 'Planejada junto com {{names}}: os agentes são os mesmos.',
    tune: {
      open: 'Ajustar ritmo',
      title: 'Ajustar ritmo: {{name}}',
      effect: 'Vale na próxima decisão, sem parar a campanha, e fica na auditoria.',
      unchanged: 'Nada mudou ainda.',
      mode: 'Modo',
      modeHint: {
        predictive:
          'Prevê agentes livres e pessoas que atendem, e disca enquanto o risco cabe no limite de abandono.',
        ratio: 'Um número fixo de chamadas por agente livre; no limite de abandono volta a uma.',
        progressive: 'Uma chamada por agente livre, quase sem abandono.',
        preview: 'O agente lê a ficha e depois disca.',
      },
      field: {
        ratio: 'Linhas por agente livre',
        linesMax: 'Máximo de linhas',
        linesPerAgentMin: 'Mínimo de linhas por agente',
        linesPerAgentMax: 'Máximo de linhas por agente',
        ringTimeoutMs: 'Tempo de toque (s)',
        cancelAfterRingingMs: 'Cancelar após tocar (s)',
        restBetweenCallsMs: 'Descanso entre ligações (s)',
      },
      hint: {
        ratio: 'De {{min}} a {{max}}.',
        linesMax: 'Ao mesmo tempo nesta campanha, até {{linesMax}}. Zero não disca nada.',
        linesPerAgentMin: 'Por agente em turno fora de pausa. Vazio: o ritmo decide.',
        linesPerAgentMax: 'Por agente em turno fora de pausa. Vazio: o ritmo decide.',
        ringTimeoutMs: 'De {{min}} a {{max}} ({{clause}}).',
        cancelAfterRingingMs:
          'Desiste das que tocam há tanto tempo se forem faltar agentes; ao menos {{shortest}}. Vazio: nunca.',
        restBetweenCallsMs: 'Do fim do pós até a próxima ligação, até {{longest}}.',
      },
      cancelForbidden: 'O perfil desta campanha não permite ({{clause}}).',
      between: 'Entre {{min}} e {{max}}.',
      minOverMax: 'O mínimo passa do máximo.',
      apply: 'Aplicar',
      close: 'Fechar',
    },
  },
  {
    title: 'Pace',
    rate: {
      title: 'Abandonment',
      ofMax: 'of at most {{max}}',
      hint: '{{abandoned}} people answered and had no agent in time, of {{answers}} who answered, since {{since}}. The cap of {{max}} holds for this campaign alone.',
      counts: '{{abandoned}} of {{answers}} answered since {{since}}',
      none: 'Nobody answered since {{since}}.',
      budget: 'Cap used: {{used}}',
      left_zero: 'no room for another',
      left_one: 'room for {{count}} more',
      left_other: 'room for {{count}} more',
      alarmAt: 'alarm at {{share}}',
      state: {
        ok: 'Within the cap',
        alarm: 'Close to the cap',
        empty: 'At the cap',
      },
      hungUpWaiting_zero: 'Nobody hung up waiting',
      hungUpWaiting_one: '{{count}} hung up waiting, counted apart',
      hungUpWaiting_other: '{{count}} hung up waiting, counted apart',
      worst:
        'Worst half hour: {{abandoned}} of {{answers}} ({{rate}}), {{from}}\u2060–\u2060{{to}}',
      noWorst: 'No half hour with abandonment',
    },
    screening: {
      title: 'Answering machines',
      verdicts:
        'In 30 days, {{machine}} machines recognized of {{all}} answered; {{missed}} got through and the agent said so.',
      notJudged:
        'Accuracy not measured yet: {{sampled}} checked by an agent ({{share}} of them are).',
      judged: 'Of {{judged}} checked by an agent, {{people}} were people ({{share}}).',
    },
    forecast: {
      title: 'Next {{seconds}}',
      free: 'free',
      answers: 'answer',
      hint: 'Expected, added up from now: agents who are or become free, and people who answer of the calls on the way.',
      asText: 'Forecast. {{moments}}.',
      asTextAt: 'In {{seconds}}: {{free}} agents free, {{answers}} people answer',
      now: 'now',
      none: 'Nothing is planned now, so nothing is forecast.',
      notInMode: 'Only the predictive mode looks ahead.',
      notYet: 'There is nothing to forecast yet.',
    },
    answerRate: 'Answer now',
    answerRateHint:
      'Share of calls that a person answers, as estimated now; learned from {{setups}} calls.',
    answerRateOf: 'of {{setups}}',
    learning: 'Learning {{known}}/{{needed}}',
    learningHint:
      'One to one until {{needed}} people answered; then the pacing begins to predict. So far: {{known}}.',
    carrierFailing: 'Carrier failing since {{since}}',
    carrierFailingHint:
      'Nearly every call fails within seconds. The pacing stopped learning, tries a call or two, and resumes by itself.',
    together: 'Planned together with {{names}}: they share their agents.',
    tune: {
      open: 'Tune the pace',
      title: 'Tune the pace: {{name}}',
      effect:
        'Holds from the next decision on, without stopping the campaign, and is in the audit trail.',
      unchanged: 'Nothing has changed yet.',
      mode: 'Mode',
      modeHint: {
        predictive:
          'Predicts free agents and people who answer, and dials while the risk fits the cap on abandonment.',
        ratio: 'A fixed number of calls per free agent; at the cap it falls back to one.',
        progressive: 'One call per free agent, hardly any abandonment.',
        preview: 'The agent reads the file first and then dials.',
      },
      field: {
        ratio: 'Lines per free agent',
        linesMax: 'Most lines',
        linesPerAgentMin: 'Least lines per agent',
        linesPerAgentMax: 'Most lines per agent',
        ringTimeoutMs: 'Ring time (s)',
        cancelAfterRingingMs: 'Cancel after ringing (s)',
        restBetweenCallsMs: 'Rest between calls (s)',
      },
      hint: {
        ratio: '{{min}} to {{max}}.',
        linesMax: 'At the same time in this campaign, up to {{linesMax}}. Zero dials nothing.',
        linesPerAgentMin: 'Per agent on shift and not paused. Empty: the pacing decides.',
        linesPerAgentMax: 'Per agent on shift and not paused. Empty: the pacing decides.',
        ringTimeoutMs: '{{min}} to {{max}} ({{clause}}).',
        cancelAfterRingingMs:
          'Gives up those that rang this long when agents are about to be short; at least {{shortest}}. Empty: never.',
        restBetweenCallsMs: 'From the end of the wrap-up to the next call, up to {{longest}}.',
      },
      cancelForbidden: "The campaign's profile does not allow it ({{clause}}).",
      between: 'Between {{min}} and {{max}}.',
      minOverMax: 'The least is above the most.',
      apply: 'Apply',
      close: 'Close',
    },
  },
);
