import { both } from './both.ts';

/** Texts for answered calls: screening, and the message when no agent is free. */
export const answeringTexts = both(
  {
    section: 'Quem atende',
    open: 'Ajustar',
    title: 'Quem atende: {{name}}',
    effect: 'Vale já para a próxima ligação atendida, sem parar a campanha, e fica na auditoria.',
    screening: {
      title: 'Caixa postal',
      mode: 'Detecção de caixa postal',
      hint: {
        off: 'Todos que atendem vão a um agente, caixas postais também.',
        before:
          'O agente só entra depois do veredito, no máximo até meio segundo antes do limite; na dúvida, é pessoa. O agente ouve menos caixas postais, a pessoa espera um pouco mais.',
        parallel:
          'O agente entra na hora. Se for caixa postal, a ligação é retomada dele e nada há a tabular.',
      },
    },
    figures: {
      title: 'Medido em 30 dias',
      loading: 'Lendo os números…',
      none: 'Nenhuma ligação analisada em 30 dias.',
      row: {
        heard: 'Analisadas',
        machine: 'Caixa postal',
        unsure: 'Em dúvida: foram a um agente',
        sampled: 'Enviadas para conferir',
        people: 'Erro: eram pessoas',
        missed: 'Não reconhecidas',
      },
      hint: {
        heard: 'Ligações atendidas com veredito.',
        machine: 'Veredito caixa postal, das analisadas.',
        unsure: 'Sem veredito claro, das analisadas. Na dúvida, é pessoa.',
        sampled: 'Caixas postais que foram a um agente assim mesmo.',
        people: 'Das que o agente conferiu e tabulou, as que ele disse serem pessoas.',
        missed: 'Passaram por pessoa ou dúvida e o agente apontou caixa postal.',
      },
    },
    party: {
      title: 'Titular',
      lead: 'O agente digita dois dados que a pessoa diz (CPF, nascimento, CEP), e o servidor confere.',
    },
    message: {
      title: 'Sem agente livre',
      lead: 'Toca dentro do limite para quem atendeu e não tem agente. Depois a ligação é desligada e conta como abandonada.',
      text: 'O que a gravação diz',
      textHint: 'Para quem responde por ela. Nunca fala da dívida: qualquer um pode ter atendido.',
      empty: 'Falta o texto.',
      tooLong: 'No máximo {{most}} letras.',
      namesDebt: '“{{word}}” fala da dívida, e qualquer um pode ter atendido.',
      file: 'Arquivo da gravação',
      fileNone: 'a gravação do produto',
      fileHint: 'Nome na pasta de mensagens do PBX, sem pasta e sem final. Vazio: a do produto.',
      badFile: 'Só letras minúsculas, números e hífens, até 60.',
      heard: {
        own: 'Toca “{{file}}”. Se o PBX não tiver este arquivo, toca a gravação do produto: “{{words}}” Nunca há silêncio.',
        'own-as-before':
          'O texto mudou, a gravação “{{file}}” não: confira se ela diz o mesmo. Se faltar no PBX, toca a do produto.',
        ours: 'Toca a gravação que acompanha o produto, com estas palavras.',
        'ours-instead':
          'Sem arquivo próprio: toca a gravação do produto, que diz outra coisa: “{{words}}”',
      },
    },
  },
  {
    section: 'Answered calls',
    open: 'Change',
    title: 'Answered calls: {{name}}',
    effect:
      'Holds from the next answered call on, without stopping the campaign, and is in the audit trail.',
    screening: {
      title: 'Answering machines',
      mode: 'Detection of answering machines',
      hint: {
        off: 'Everybody who answers goes to an agent, machines too.',
        before:
          'The agent comes in after the verdict only, at most until half a second before the limit; in doubt it is a person. Agents hear fewer machines, people wait a little longer.',
        parallel:
          'The agent comes in at once. If it proves a machine, the call is taken back and there is nothing to dispose.',
      },
    },
    figures: {
      title: 'Measured in 30 days',
      loading: 'Reading the figures…',
      none: 'No call was listened to in 30 days.',
      row: {
        heard: 'Listened to',
        machine: 'Machines',
        unsure: 'In doubt: went to an agent',
        sampled: 'Sent to be checked',
        people: 'Wrong: were people',
        missed: 'Not recognized',
      },
      hint: {
        heard: 'Answered calls with a verdict.',
        machine: 'Verdict machine, of those listened to.',
        unsure: 'No clear verdict, of those listened to. In doubt it is a person.',
        sampled: 'Recognized machines that went to an agent as a sample.',
        people: 'Of those that an agent checked and disposed, the ones called people.',
        missed: 'Passed for a person or a doubt, and the agent said it was a machine.',
      },
    },
    party: {
      title: 'Right party',
      lead: 'The agent types two things that the person says (CPF, birthday, postal code), and the server compares.',
    },
    message: {
      title: 'Nobody free',
      lead: 'Played within the limit to a person who answered and has no agent. Then the call is hung up and counts as abandoned.',
      text: 'What the recording says',
      textHint:
        'For those who answer for it. It never tells of the debt: anybody may have answered.',
      empty: 'The text is missing.',
      tooLong: '{{most}} letters at most.',
      namesDebt: '“{{word}}” tells of the debt, and anybody may have answered.',
      file: 'Recording',
      fileNone: "the product's recording",
      fileHint:
        "Its name in the PBX's folder of messages, without folder and ending. Empty: the product's.",
      badFile: 'Small letters, digits and hyphens only, up to 60.',
      heard: {
        own: "Plays “{{file}}”. If the PBX has no such file, the product's recording is played: “{{words}}” There is never silence.",
        'own-as-before':
          "The text changed, the recording “{{file}}” did not: check that it says the same. If the PBX lacks it, the product's is played.",
        ours: 'Plays the recording that comes with the product, with these words.',
        'ours-instead':
          "No recording of its own: the product's is played, which says something else: “{{words}}”",
      },
    },
  },
);
