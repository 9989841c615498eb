/**
 * CSV text into records, with the grammar of RFC 4180 and the habits of real files: any of four
 * delimiters, quotes inside an unquoted field, spaces and blank lines. A quote that nobody closes
 * costs its own line and no other: a general reader would swallow the rest of the file there, and
 * every row of a file has to be accounted for.
 */
export type Delimiter = ';' | ',' | '\t' | '|';

export type CsvRecord = {
  /** Where it stands as a spreadsheet counts, from 0; lines inside of quotes are no rows, blank ones are. */
  readonly row: number;
  /** As it stands in the file, without its line break. */
  readonly raw: string;
  readonly fields: readonly string[];
  readonly problem?: 'quote-not-closed' | 'record-too-long';
};

export type CsvReader = {
  /**
   * The records that this text completes, one at a time, so that whoever takes them may rest between
   * two; each costs a bounded look at the text, however hostile. All have to be taken before the next
   * push.
   */
  push(text: string): Generator<CsvRecord>;
  /** What is left at the end of the file. */
  end(): Generator<CsvRecord>;
};

/** A record over several lines (an address with line breaks) may be this long; beyond, its quote was never closed. */
const QUOTED_LETTERS_MAX = 10_000;
/** A single line longer than this is no row of a list. */
export const LINE_LETTERS_MAX = 100_000;

/** `firstRow` is the row that the text begins with. */
export function createCsvReader(delimiter: Delimiter, firstRow = 0): CsvReader {
  let pending = '';
  let row = firstRow;
  function* take(isEnd: boolean): Generator<CsvRecord> {
    let from = 0;
    while (from < pending.length) {
      const record = nextRecord(pending, from, delimiter, isEnd);
      if (!record) break;
      const { next, isCut, ...found } = record;
      from = next;
      if (found.raw.trim() !== '') yield { ...found, row };
      if (!isCut) row += 1;
    }
    pending = pending.slice(from);
  }
  return {
    push(text) {
      pending += text;
      return take(false);
    },
    end: () => take(true),
  };
}

/** The delimiter that stands most often in a header, outside of quotes. */
export function detectDelimiter(header: string): Delimiter {
  const bare = header.replace(/"[^"]*"/g, '');
  const count = (one: Delimiter) => bare.split(one).length - 1;
  const all: readonly Delimiter[] = [';', ',', '\t', '|'];
  return all.reduce((best, one) => (count(one) > count(best) ? one : best));
}

type Found = Omit<CsvRecord, 'row'> & {
  readonly next: number;
  /** A piece of a line that goes on. */
  readonly isCut?: boolean;
};

/** The record that begins at `from`; undefined while its end has not come yet. */
function nextRecord(
  text: string,
  from: number,
  delimiter: Delimiter,
  isEnd: boolean,
): Found | undefined {
  const fields: string[] = [];
  let at = from;
  for (;;) {
    const field = text[at] === '"' ? quoted(text, at, delimiter, isEnd) : bare(text, at, delimiter);
    if (
      field === 'unclosed' ||
      (field && field.end - from > QUOTED_LETTERS_MAX && field.spansLines)
    ) {
      return wholeLine(text, from, 'quote-not-closed', isEnd);
    }
    if (!field) return undefined;
    fields.push(field.value);
    if (text[field.end] === delimiter) {
      at = field.end + 1;
      continue;
    }
    if (field.end >= text.length - (text[field.end] === '\r' ? 1 : 0) && !isEnd) {
      // Perhaps only a part of the line is here, or of its end.
      if (field.end - from <= LINE_LETTERS_MAX) return undefined;
      return wholeLine(text, from, 'record-too-long', isEnd);
    }
    if (field.end - from > LINE_LETTERS_MAX) return wholeLine(text, from, 'record-too-long', isEnd);
    return { raw: text.slice(from, field.end), fields, next: afterBreak(text, field.end) };
  }
}

type Field = { readonly value: string; readonly end: number; readonly spansLines: boolean };

function bare(text: string, at: number, delimiter: Delimiter): Field {
  let end = at;
  while (end < text.length) {
    const letter = text[end];
    if (letter === delimiter || letter === '\n' || letter === '\r') break;
    end += 1;
  }
  return { value: text.slice(at, end), end, spansLines: false };
}

/** Undefined while the closing quote has not come yet; what follows it up to the delimiter is kept. */
function quoted(
  text: string,
  at: number,
  delimiter: Delimiter,
  isEnd: boolean,
): Field | 'unclosed' | undefined {
  let from = at + 1;
  for (;;) {
    const close = text.indexOf('"', from);
    if (close === -1) {
      return isEnd || text.length - at > QUOTED_LETTERS_MAX ? 'unclosed' : undefined;
    }
    if (close - at > LINE_LETTERS_MAX) return 'unclosed';
    if (text[close + 1] === '"') {
      from = close + 2;
      continue;
    }
    const rest = bare(text, close + 1, delimiter);
    const inside = text.slice(at + 1, close);
    const spansLines = /[\r\n]/.test(inside);
    // The quote that seems to close it, lines later and before a letter, opens another field.
    if (spansLines && rest.value.trim() !== '') return 'unclosed';
    const value = inside.replaceAll('""', '"') + rest.value.trimEnd();
    return { value, end: rest.end, spansLines };
  }
}

/** The line alone becomes a record that says what is wrong; the file goes on after it. */
function wholeLine(
  text: string,
  from: number,
  problem: NonNullable<CsvRecord['problem']>,
  isEnd: boolean,
): Found | undefined {
  // No look further than a line may be long.
  const found = text.slice(from, from + LINE_LETTERS_MAX + 1).search(/[\r\n]/);
  if (found === -1 && (!isEnd || text.length - from > LINE_LETTERS_MAX)) {
    // A line without an end must not grow in memory: cut it here, its rest is the next record.
    if (text.length - from <= LINE_LETTERS_MAX) return undefined;
    const next = from + LINE_LETTERS_MAX;
    return { raw: text.slice(from, next), fields: [], problem, next, isCut: true };
  }
  const end = found === -1 ? text.length : from + found;
  if (text[end] === '\r' && end + 1 === text.length && !isEnd) return undefined;
  return { raw: text.slice(from, end), fields: [], problem, next: afterBreak(text, end) };
}

function afterBreak(text: string, end: number): number {
  return Math.min(end + (text.startsWith('\r\n', end) ? 2 : 1), text.length);
}
