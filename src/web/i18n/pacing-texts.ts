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
    alarm: {
      title: 'Alarme de abandono',
      state: { alarm: 'Abandono perto do limite', empty: 'Abandono no limite' },
      counts:
        '{{abandoned}} de {{answers}} atendidas sem agente a tempo: {{rate}}, limite {{max}}.',
      since: 'desde {{since}}',
      doing: {
        paused: 'Pausada: nada novo é discado.',
        'one-to-one-anyway': 'Este modo já disca um para um: não há o que reduzir.',
        braking_zero: 'Não cabe mais nenhum: o ritmo aceita menos risco a cada chamada.',
        braking_one: 'Cabe mais {{count}}: o ritmo aceita menos risco a cada chamada.',
        braking_other: 'Cabem mais {{count}}: o ritmo aceita menos risco a cada chamada.',
        'ratio-goes-on_zero':
          'Não cabe mais nenhum: segue com {{ratio}} linhas por agente livre; no limite, uma.',
        'ratio-goes-on_one':
          'Cabe mais {{count}}: segue com {{ratio}} linhas por agente livre; no limite, uma.',
        'ratio-goes-on_other':
          'Cabem mais {{count}}: segue com {{ratio}} linhas por agente livre; no limite, uma.',
        'one-to-one_zero': 'Discando um para um.',
        'one-to-one_one': 'Discando um para um até {{count}} pessoa mais ser atendida a tempo.',
        'one-to-one_other':
          'Discando um para um até {{count}} pessoas mais serem atendidas a tempo.',
      },
      more_one: 'e mais {{count}} campanha, marcada na tabela',
      more_other: 'e mais {{count}} campanhas, marcadas na tabela',
    },
    screening: {
      verdicts_one:
        'Em 30 dias, {{machine}} caixa postal reconhecida em {{all}} atendidas; passaram, segundo os agentes: {{missed}}.',
      verdicts_other:
        'Em 30 dias, {{machine}} caixas postais reconhecidas em {{all}} atendidas; passaram, segundo os agentes: {{missed}}.',
      notJudged:
        'Acerto ainda não medido: {{sampled}} conferidas por agente ({{share}} delas vão).',
      judged: 'Conferidas por agente: {{judged}}; destas, pessoas: {{people}} ({{share}}).',
      rateTooGood: 'Abandono maior que o contado',
      rateTooGoodBecause:
        'Das desligadas como caixa postal, {{measured}} eram pessoas, e a taxa de abandono conta {{estimated}} pelo perfil: ajuste a estimativa do perfil ou desligue a detecção.',
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
      'Começa um para um; depois de algumas atendidas prevê com metade do risco, e a partir de {{needed}} com o risco todo. Até agora: {{known}}.',
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
      apply: 'Aplicar',
      close: 'Fechar',
    },
    whatIf: {
      ask: 'Estimar efeito',
      asking: 'Simulando…',
      title: 'Estimativa',
      basis_one:
        '{{count}} período de {{minutes}} min simulado com {{agents}} agentes e o que o ritmo aprendeu, com a mesma sorte dos dois jeitos. Entre parênteses, onde caem 8 de cada 10.',
      basis_other:
        '{{count}} períodos de {{minutes}} min simulados com {{agents}} agentes e o que o ritmo aprendeu, com a mesma sorte dos dois jeitos. Entre parênteses, onde caem 8 de cada 10.',
      now: 'Como está',
      changed: 'Com a mudança',
      utilisation: 'Ocupação dos agentes',
      abandonment: 'Abandono',
      ownAbandonment: 'Abandono desta campanha',
      waitMs: 'Espera do agente',
      conversationsPerHour: 'Conversas por agente e hora',
      otherMoves:
        'O abandono de {{name}}, que divide os agentes, iria de {{now}} para {{changed}}.',
      beside: 'Simuladas junto, com os mesmos agentes: {{names}}.',
      machines: {
        measured: 'Caixas postais como na última hora (detecção: {{modes}}).',
        assumed:
          'Caixas postais: poucas verificadas na última hora; valem proporção e tempos de costume (detecção: {{modes}}).',
      },
      restBetween: 'Descanso entre ligações: {{lengths}}.',
      restsAhead_one: '{{count}} descanso ou pausa já anunciado.',
      restsAhead_other: '{{count}} descansos e pausas já anunciados.',
      spread: '({{low}} a {{high}})',
      because: {
        'not-dialing': 'A campanha não está discando: não há de onde estimar.',
        'no-agents': 'Nenhum agente em turno fora de pausa: não há o que simular.',
        learning: 'O ritmo ainda aprende com as primeiras atendidas; estime depois.',
        busy: 'Outra estimativa está em andamento. Tente em alguns segundos.',
        failed: 'A simulação não terminou a tempo. Tente de novo.',
      },
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
      hungUpWaiting_one: '{{count}} hung up while waiting, counted separately',
      hungUpWaiting_other: '{{count}} hung up while waiting, counted separately',
      worst:
        'Worst half hour: {{abandoned}} of {{answers}} ({{rate}}), {{from}}\u2060–\u2060{{to}}',
      noWorst: 'No half hour with abandonment',
    },
    alarm: {
      title: 'Abandonment alarm',
      state: { alarm: 'Abandonment close to its cap', empty: 'Abandonment at its cap' },
      counts: '{{abandoned}} of {{answers}} answered had no agent in time: {{rate}}, cap {{max}}.',
      since: 'since {{since}}',
      doing: {
        paused: 'Paused: nothing new is dialed.',
        'one-to-one-anyway': 'This mode dials one to one anyway: there is nothing to reduce.',
        braking_zero: 'No room for another: the pacing accepts less risk with each call.',
        braking_one: 'Room for {{count}} more: the pacing accepts less risk with each call.',
        braking_other: 'Room for {{count}} more: the pacing accepts less risk with each call.',
        'ratio-goes-on_zero':
          'No room for another: goes on with {{ratio}} lines per free agent; at the cap, one.',
        'ratio-goes-on_one':
          'Room for {{count}} more: goes on with {{ratio}} lines per free agent; at the cap, one.',
        'ratio-goes-on_other':
          'Room for {{count}} more: goes on with {{ratio}} lines per free agent; at the cap, one.',
        'one-to-one_zero': 'Dialing one to one.',
        'one-to-one_one': 'Dialing one to one until {{count}} more person gets an agent in time.',
        'one-to-one_other': 'Dialing one to one until {{count}} more people get an agent in time.',
      },
      more_one: 'and {{count}} more campaign, marked in the table',
      more_other: 'and {{count}} more campaigns, marked in the table',
    },
    screening: {
      verdicts_one:
        'In 30 days, {{machine}} machine recognized of {{all}} answered; got through, by the word of agents: {{missed}}.',
      verdicts_other:
        'In 30 days, {{machine}} machines recognized of {{all}} answered; got through, by the word of agents: {{missed}}.',
      notJudged:
        'Accuracy not measured yet: {{sampled}} checked by an agent ({{share}} of them are).',
      judged: 'Checked by an agent: {{judged}}; of those, people: {{people}} ({{share}}).',
      rateTooGood: 'More abandoned than counted',
      rateTooGoodBecause:
        'Of those hung up as machines {{measured}} were people, and the abandonment rate counts {{estimated}} by its profile: change the estimate of the profile, or switch the detection off.',
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
      'Begins one to one; after some answers it predicts at half the risk, and from {{needed}} on at the full one. So far: {{known}}.',
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
      apply: 'Apply',
      close: 'Close',
    },
    whatIf: {
      ask: 'Estimate the effect',
      asking: 'Simulating…',
      title: 'Estimate',
      basis_one:
        '{{count}} stretch of {{minutes}} min simulated with {{agents}} agents and what the pacing learned, with the same luck both ways. In brackets, where 8 in 10 fall.',
      basis_other:
        '{{count}} stretches of {{minutes}} min simulated with {{agents}} agents and what the pacing learned, with the same luck both ways. In brackets, where 8 in 10 fall.',
      now: 'As it is',
      changed: 'With the change',
      utilisation: 'Agents busy',
      abandonment: 'Abandonment',
      ownAbandonment: "This campaign's abandonment",
      waitMs: "Agent's wait",
      conversationsPerHour: 'Conversations per agent and hour',
      otherMoves:
        'Abandonment of {{name}}, which shares the agents, would go from {{now}} to {{changed}}.',
      beside: 'Simulated beside it, with the same agents: {{names}}.',
      machines: {
        measured: 'Answering machines as in the last hour (detection: {{modes}}).',
        assumed:
          'Answering machines: few were screened in the last hour, so usual shares and times are assumed (detection: {{modes}}).',
      },
      restBetween: 'Rest between calls: {{lengths}}.',
      restsAhead_one: '{{count}} rest or pause announced ahead.',
      restsAhead_other: '{{count}} rests and pauses announced ahead.',
      spread: '({{low}} to {{high}})',
      because: {
        'not-dialing': 'The campaign is not dialing: there is nothing to estimate from.',
        'no-agents': 'No agent on shift and unpaused: there is nothing to simulate.',
        learning: 'The pacing still learns from the first answers; estimate later.',
        busy: 'Another estimate is under way. Try in a few seconds.',
        failed: 'The simulation did not end in time. Try again.',
      },
    },
  },
);
