import type { Debtor } from '../domain/debtors/debtor.ts';
import type { TypedEvidence } from '../domain/negotiations/right-party.ts';

/** What a debtor says on the telephone to prove who they are: the birthday and the CEP. */
export function saidBy({ birthDate, addresses }: Debtor): TypedEvidence {
  const [, month = '', day = ''] = birthDate?.split('-') ?? [];
  const postalCode = addresses.find((one) => one.postalCode !== undefined)?.postalCode ?? '';
  return { by: 'answers', answers: { 'birth-day': `${day}/${month}`, 'postal-code': postalCode } };
}
