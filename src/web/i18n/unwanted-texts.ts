import { both } from './both.ts';

/** Texts for telephones that refused our calls, and for their review. */
export const unwantedTexts = both(
  {
    open: 'Recusas: {{count}}',
    hint: 'Telefones que recusaram as nossas ligações e esperam a decisão de uma pessoa.',
    menu: 'Telefones que recusaram',
    title: 'Telefones que recusaram as nossas ligações',
    explained:
      'Quem atende disse à rede que não quer as nossas ligações (SIP 607). Nenhuma campanha liga para estes telefones até alguém decidir.',
    none: 'Nenhum telefone recusou as nossas ligações.',
    phone: 'Telefone',
    debtor: 'Devedor',
    campaign: 'Campanha e credor',
    when: 'Quando',
    said: 'Resposta da rede',
    decision: 'Decisão',
    sip: 'SIP {{status}}: indesejada',
    refused: 'recusada como indesejada',
    keptBy: 'mantido por {{name}}',
    gone: 'usuário removido',
    lift: 'Liberar…',
    keep: 'Manter parado…',
    why: { lift: 'Por que pode ser chamado de novo?', keep: 'Por que fica parado?' },
    effect: {
      lift: 'Ao menos {{min}} letras; fica na auditoria. Registros já finalizados não voltam sozinhos.',
      keep: 'Ao menos {{min}} letras; fica na auditoria. Dá para liberar depois, aqui mesmo.',
    },
    confirm: { lift: 'Liberar telefone', keep: 'Manter parado' },
    cancel: 'Cancelar',
    done: {
      lift: '{{phone}} liberado: pode ser chamado de novo.',
      keep: '{{phone}} continua parado.',
    },
  },
  {
    open: 'Refusals: {{count}}',
    hint: 'Telephones that refused our calls and wait for the decision of a person.',
    menu: 'Telephones that refused',
    title: 'Telephones that refused our calls',
    explained:
      'The people called told the network that our calls are unwanted (SIP 607). No campaign calls these telephones until a person decides.',
    none: 'No telephone has refused our calls.',
    phone: 'Phone',
    debtor: 'Debtor',
    campaign: 'Campaign and creditor',
    when: 'When',
    said: 'What the network said',
    decision: 'Decision',
    sip: 'SIP {{status}}: unwanted',
    refused: 'refused as unwanted',
    keptBy: 'kept by {{name}}',
    gone: 'user removed',
    lift: 'Release…',
    keep: 'Keep blocked…',
    why: { lift: 'Why may it be called again?', keep: 'Why does it stay blocked?' },
    effect: {
      lift: 'At least {{min}} letters, for the audit. Leads that are finished do not come back by themselves.',
      keep: 'At least {{min}} letters, for the audit. It can be released later, in this list.',
    },
    confirm: { lift: 'Release telephone', keep: 'Keep blocked' },
    cancel: 'Cancel',
    done: {
      lift: '{{phone}} released: it may be called again.',
      keep: '{{phone}} stays blocked.',
    },
  },
);
