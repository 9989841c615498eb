import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { RowWarningCode } from '../../src/domain/leads/import-row.ts';
import type { ImportCode } from '../../src/domain/leads/row-cells.ts';
import type { DocumentRefusal } from '../../src/lib/br-document.ts';
import type { PhoneRefusal } from '../../src/lib/phone-number.ts';
import { rowNoteWords, rowRefusalSentence } from '../../src/words/row-refusals.ts';

/** Total by its type: a new code does not compile until it is listed here. */
type Total<Code extends string> = Readonly<Record<Code, true>>;

const CODES: Total<ImportCode> = {
  'row-empty': true,
  'name-missing': true,
  'identity-missing': true,
  'document-invalid': true,
  'no-valid-phone': true,
  'due-date-missing': true,
  'due-date-invalid': true,
  'value-missing': true,
  'value-invalid': true,
  'value-ambiguous': true,
  'too-many-parts': true,
  'shape-invalid': true,
  'columns-unclear': true,
};
/** A phone that is left out is a note too, by why it was no phone. */
const REASONS_OF_PHONES: Total<PhoneRefusal> = {
  empty: true,
  'rounded-by-spreadsheet': true,
  'unknown-area-code': true,
  'area-codes-differ': true,
  'not-dialable-service': true,
  'repeated-digits': true,
  'wrong-length': true,
  'missing-area-code': true,
  'several-numbers': true,
  foreign: true,
  'not-a-number': true,
  'grouping-unclear': true,
};
const REASONS: Total<PhoneRefusal | DocumentRefusal> = {
  ...REASONS_OF_PHONES,
  'check-digits': true,
  'not-a-document': true,
};
const NOTES: Total<RowWarningCode> = {
  ...REASONS_OF_PHONES,
  'ninth-digit-inserted': true,
  'area-code-assumed': true,
  'second-number-taken': true,
  'extension-cut': true,
  'second-line-cut': true,
  'carrier-code-dropped': true,
  'left-zeros-added': true,
  'phone-repeated': true,
  'too-long': true,
  'contract-assumed': true,
  'instalment-repeated': true,
  'due-date-far': true,
  'not-a-date': true,
  'unknown-state': true,
  'not-a-postal-code': true,
  'not-a-priority': true,
  'not-an-email': true,
  'double-encoding-repaired': true,
};

const LEADS = fileURLToPath(new URL('../../src/domain/leads', import.meta.url));
const sources = readdirSync(LEADS).map((file) => readFileSync(`${LEADS}/${file}`, 'utf8'));

/** Codes of the import written out beside the call that takes them: no type holds them all. */
function written(call: RegExp): readonly string[] {
  return sources.flatMap((source) => [...source.matchAll(call)].map((match) => match[1] ?? ''));
}

const reasons = [
  ...Object.keys(REASONS),
  ...written(/new Refused\('[\w-]+', '([\w-]+)'/g),
  ...written(/reason: '([\w-]+)'/g),
];
it.each(['pt-BR', 'en'] as const)(
  'has words for all that an import says of a row, in %s',
  (language) => {
    const sentence = (code: string, reason: string) =>
      rowRefusalSentence({ code, reason }, language);
    const codesWithout = Object.keys(CODES).filter((code) => sentence(code, code) === code);
    const reasonsWithout = reasons.filter(
      (reason) => reason !== 'empty' && sentence('name-missing', reason).endsWith(`: ${reason}`),
    );
    const notesWithout = Object.keys(NOTES).filter(
      (code) => code !== 'empty' && rowNoteWords(code, language) === code,
    );
    expect({ codesWithout, reasonsWithout, notesWithout }).toEqual({
      ...{ codesWithout: [], reasonsWithout: [], notesWithout: [] },
    });
  },
);
