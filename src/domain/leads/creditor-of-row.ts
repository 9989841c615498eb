/** Finds a row's creditor among the campaign's, and the portfolio of its debts. */
import type { CreditorId } from '../../lib/ids.ts';
import type { Creditor, Portfolio } from '../debtors/debt.ts';
import type { LeadRow } from './import-row.ts';
import type { RowRefusal, RowTarget } from './taken-row.ts';

/**
 * The creditor that the row names by id, name or CNPJ; if the row names none, the campaign's only
 * one.
 */
export function creditorOf(
  { creditors }: Pick<RowTarget, 'creditors'>,
  { creditorKey }: Pick<LeadRow, 'creditorKey'>,
): Creditor | RowRefusal {
  const [only, ...others] = creditors;
  if (creditorKey === undefined) {
    if (only && others.length === 0) return only;
    return refused('creditor-missing', 'the campaign has several creditors and the row names none');
  }
  const key = plain(creditorKey);
  const digits = creditorKey.replace(/[.\-/\s]/g, '').toUpperCase();
  const found = creditors.find(
    ({ id, cnpj, name }) => id === creditorKey || cnpj === digits || plain(name) === key,
  );
  return found ?? refused('creditor-unknown', 'the key names no creditor of the campaign');
}

/** The campaign's own portfolio if it belongs to the creditor, otherwise the creditor's first. */
export function portfolioOf(
  { portfolioId, portfolios }: Pick<RowTarget, 'portfolioId' | 'portfolios'>,
  creditorId: CreditorId,
): Pick<Portfolio, 'id'> | RowRefusal {
  const theirs = portfolios.filter((portfolio) => portfolio.creditorId === creditorId);
  const own = theirs.find(({ id }) => id === portfolioId) ?? theirs[0];
  return own ?? refused('portfolio-missing', 'the creditor has no portfolio');
}

function refused(code: RowRefusal['code'], reason: string): RowRefusal {
  return { ok: false, code, reason, field: 'creditorKey' };
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').trim().toLowerCase();
}
