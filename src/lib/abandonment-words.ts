/**
 * Words said to whoever answered while nobody was free. Rules and pages share them, so that whoever
 * types a message reads at once what the server would refuse.
 */

/** What the recording says that comes with the product. */
export const OUR_ABANDONMENT_WORDS =
  'Olá. Ligamos para você e não conseguimos atender agora. Ligaremos novamente. Obrigado.';

/** Beginnings of words that tell of a debt, without accents and in small letters. */
const DEBT_WORDS: readonly string[] = [
  'divida',
  'debito',
  'devedor',
  'devendo',
  'cobranca',
  'cobrador',
  'cobrar',
  'atraso',
  'atrasad',
  'inadimplen',
  'vencid',
  'vencimento',
  'pendencia',
  'negativad',
  'negativacao',
  'protesto',
  'protestad',
  'serasa',
  'spc',
  'quitar',
  'quitacao',
  'renegocia',
  'parcela',
  'boleto',
  'fatura',
  'juros',
  'pagamento',
  'pagar',
  'debt',
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
  'payment',
  'instalment',
  'installment',
];

/** The first word of a text that tells of a debt, as it was written; undefined where none does. */
export function debtWordIn(text: string): string | undefined {
  const words = text.normalize('NFC').match(/[\p{L}\p{M}]+/gu) ?? [];
  const plain = words.map((one) => one.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase());
  const at = plain.findIndex((_, index) => {
    const here = `${plain.slice(index, index + 2).join(' ')} `;
    return DEBT_WORDS.some((beginning) => here.startsWith(beginning));
  });
  return at < 0 ? undefined : words[at];
}
