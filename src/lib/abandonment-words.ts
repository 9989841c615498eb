/**
 * The message played to a person who answered while no agent was free. Rules and pages share this
 * check: the author of a message sees at once what the server would refuse.
 */

/** The words of the recording that comes with the product. */
export const OUR_ABANDONMENT_WORDS =
  'Olá. Ligamos para você e não conseguimos atender agora. Ligaremos novamente. Obrigado.';

/**
 * Beginnings of words, or of two words in a row, that reveal a debt. They are written without
 * accents and in small letters; a space at the end means a whole word. A word that also has an
 * everyday meaning is listed with the neighbour it has in talk of debts. An innocent word is
 * sometimes refused; the refusal names it.
 */
const DEBT_WORDS: readonly string[] = [
  // The debt itself, and being late with it.
  'divida',
  'endivida',
  'debito',
  'devedor',
  'devendo',
  'valor devid',
  'valores devid',
  'inadimpl',
  'atraso',
  'atrasad',
  'atrasou',
  'vencid',
  'vencimento',
  'venceu',
  'a vencer',
  'em mora ',
  'pendencia',
  'pendente',
  'em aberto',
  'saldo',
  'juros',
  // Papers that only a debtor has.
  'contrato',
  'contratua',
  'parcela',
  'prestacoes',
  'sua prestacao',
  'mensalidade',
  'boleto',
  'fatura',
  'emprestimo',
  'financiamento',
  'pagamento',
  'pagar',
  'pague ',
  'pagou',
  // Who asks for it, and how.
  'credor',
  'cobranca',
  'cobrad',
  'cobrar',
  'cobramos',
  'cobrando',
  'recuperacao de',
  'negativad',
  'negativar',
  'negativacao',
  'protesto',
  'protestad',
  'serasa',
  'spc ',
  'nome sujo',
  'nome limpo',
  'limpar seu',
  'limpe seu',
  'restricao',
  'restricoes',
  'judicial',
  'judiciais',
  'extrajudicia',
  // How it would end.
  'regulariz',
  'acordo',
  'negocia',
  'negocie',
  'renegoci',
  'quitac',
  'quitad',
  'quitam',
  'quitando ',
  'quitar',
  'quitou',
  'quite seu',
  'quite sua',
  'liquidar',
  'liquidacao',
  // In English.
  'debt',
  'indebted',
  'creditor',
  'collection',
  'collector',
  'overdue',
  'arrears',
  'owe ',
  'owed',
  'owes',
  'owing',
  'unpaid',
  'past due',
  'amount due',
  'outstanding',
  'your balance',
  'the balance',
  'balance due',
  'balance of',
  'balance on',
  'delinquen',
  'payment',
  'repay',
  'instalment',
  'installment',
  'loan ',
  'loans ',
  'your contract',
  'settlement',
  'settle it',
  'settle the',
  'settle this',
  'settle your',
  'invoice',
];

/** The first word of a text that reveals a debt, as written; undefined when none does. */
export function debtWordIn(text: string): string | undefined {
  const words = text.normalize('NFC').match(/[\p{L}\p{M}]+/gu) ?? [];
  const plain = words.map((one) => one.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase());
  const at = plain.findIndex((_, index) => {
    const here = `${plain.slice(index, index + 2).join(' ')} `;
    return DEBT_WORDS.some((beginning) => here.startsWith(beginning)) && !isAccording(plain, index);
  });
  return at < 0 ? undefined : words[at];
}

/** "De acordo com" agrees to nothing: it says "according to". */
function isAccording(plain: readonly string[], at: number): boolean {
  return plain.slice(Math.max(0, at - 1), at + 2).join(' ') === 'de acordo com';
}
