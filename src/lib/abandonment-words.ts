/**
 * Words said to whoever answered while nobody was free. Rules and pages share them, so that whoever
 * types a message reads at once what the server would refuse.
 */

/** What the recording says that comes with the product. */
export const OUR_ABANDONMENT_WORDS =
  'Olá. Ligamos para você e não conseguimos atender agora. Ligaremos novamente. Obrigado.';

/**
 * Beginnings of words, or of two in a row, that tell of a debt: without accents and in small letters,
 * a whole word where a space ends it. Where a word has an everyday meaning as well, it stands here with
 * the neighbour that it has in talk of debts. Now and then an innocent word is refused, and named.
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
  // Papers that only somebody who owes has.
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

/** The first word of a text that tells of a debt, as it was written; undefined where none does. */
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
