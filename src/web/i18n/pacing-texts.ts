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
  },
);
