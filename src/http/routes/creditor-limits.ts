/** The creditors to which users and tokens may be limited. */
import type { Queries } from '../../engine/queries.ts';
import type { CreditorId } from '../../lib/ids.ts';
import { say } from '../../words/say.ts';
import { type Caller, scopeOf } from '../caller.ts';
import { ProblemError } from '../errors.ts';

/** Those of the caller, by name. */
export function creditorsToLimitTo(
  queries: Pick<Queries, 'creditors'>,
  caller: Caller,
): { readonly id: CreditorId; readonly name: string }[] {
  return queries.creditors(scopeOf(caller)).map(({ id, name }) => ({ id, name }));
}

/** In order, each once; throws a problem when nobody knows one of them. */
export function knownCreditors(
  ids: readonly string[],
  queries: Pick<Queries, 'creditor'>,
): readonly CreditorId[] {
  const known = ids.map((id) => {
    const creditor = queries.creditor(id);
    if (creditor) return creditor.id;
    throw new ProblemError('unknown-creditor', say('name-known-creditors'));
  });
  return [...new Set(known)].sort();
}
