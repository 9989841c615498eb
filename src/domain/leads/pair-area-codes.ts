/**
 * Pairs phones with area codes in columns of their own. First by the column's name, if it has the
 * same kind or number; otherwise by its place beside the phone. Files come as
 * `ddd_fone;fone;ddd_cel;cel` and as `fone;ddd`. When a phone needs an area code and no column is
 * surely its own, the user is asked.
 */
import { parsePhones } from '../../lib/phone-number.ts';
import {
  type Asked,
  ask,
  type Candidate,
  type Meanings,
  type PlannedColumn,
  type SampleRow,
  valuesOf,
} from './column-evidence.ts';

type Given = {
  readonly headers: readonly string[];
  readonly candidates: readonly Candidate[];
  readonly columns: readonly PlannedColumn[];
  readonly sample: readonly SampleRow[];
  readonly given: Meanings;
};

type Paired = { readonly ok: true; readonly columns: readonly PlannedColumn[] } | Asked;

export function pairAreaCodes({ headers, candidates, columns, sample, given }: Given): Paired {
  const codes = candidates.filter((one) => one.field === 'areaCode');
  if (codes.length === 0) return { ok: true, columns };
  const phones = candidates.filter((one) => one.field === 'phone' || one.field === 'phones');
  const forAll = codes.find((one) => one.kind === 'every' && !given.has(one.header));
  const codeOf = toldOf(given);
  const open = codes.filter((one) => one !== forAll && !given.has(one.header));
  byName(open, phones, codeOf);
  byPlace(headers, open, phones, codeOf);
  const alone = forAll ? [] : phones.filter((one) => !codeOf.has(one.header));
  const needy = alone.filter((one) => needsAreaCode(one.header, sample));
  if (needy.length > 0) {
    const asked = new Set([...open, ...needy].map((one) => one.header));
    return ask(
      'columns-area-code',
      headers.filter((header) => asked.has(header)),
    );
  }
  const used = new Set([...codeOf.values(), ...(forAll ? [forAll.header] : [])]);
  const kept = columns.filter((one) => one.field !== 'areaCode' || used.has(one.header));
  return { ok: true, columns: kept.map((one) => withCode(one, codeOf, forAll)) };
}

function withCode(
  column: PlannedColumn,
  codeOf: ReadonlyMap<string, string>,
  forAll: Candidate | undefined,
): PlannedColumn {
  if (column.header === forAll?.header) return { ...column, isForAll: true };
  const areaCodeHeader = codeOf.get(column.header);
  return areaCodeHeader === undefined ? column : { ...column, areaCodeHeader };
}

function toldOf(given: Meanings): Map<string, string> {
  const codeOf = new Map<string, string>();
  for (const [header, meaning] of given) {
    if (meaning.kind !== 'area-code-of') continue;
    for (const phone of meaning.phones) codeOf.set(phone, header);
  }
  return codeOf;
}

/** `ddd_cel` belongs to the only mobile phone, `ddd2` to the only phone with that number. */
function byName(
  codes: readonly Candidate[],
  phones: readonly Candidate[],
  codeOf: Map<string, string>,
): void {
  for (const code of codes) {
    const ofKind = phones.filter(
      (phone) =>
        phone.index === code.index && (code.kind === 'none' ? true : phone.kind === code.kind),
    );
    const [only, ...others] = ofKind;
    const isNamed = code.kind !== 'none' || code.index !== '' || phones.length === 1;
    if (only && others.length === 0 && isNamed && !codeOf.has(only.header)) {
      codeOf.set(only.header, code.header);
    }
  }
}

/**
 * For the remaining columns: the phone right after its area code or, if the file has them the other
 * way round, right before it. When both ways fit, neither is sure.
 */
function byPlace(
  headers: readonly string[],
  codes: readonly Candidate[],
  phones: readonly Candidate[],
  codeOf: Map<string, string>,
): void {
  const used = new Set(codeOf.values());
  const open = codes.filter((one) => !used.has(one.header));
  const isFree = (header: string | undefined) =>
    phones.some((phone) => phone.header === header) && !codeOf.has(header ?? '');
  const beside = (step: 1 | -1) =>
    open.map((code) => headers[headers.indexOf(code.header) + step]).filter(isFree);
  const [after, before] = [beside(1), beside(-1)];
  const neighbours = after.length === open.length ? after : before;
  const isSure = after.length !== before.length && neighbours.length === open.length;
  if (!isSure || new Set(neighbours).size !== open.length) return;
  open.forEach((code, place) => {
    const phone = neighbours[place];
    if (phone !== undefined) codeOf.set(phone, code.header);
  });
}

/**
 * Whether some of a column's numbers lack an area code. A nested list is asked about in its own
 * rows.
 */
function needsAreaCode(header: string, sample: readonly SampleRow[]): boolean {
  return valuesOf(header, sample).some((text) =>
    parsePhones(text).some((one) => !one.ok && one.reason === 'missing-area-code'),
  );
}
