/**
 * Splits CSV text into records by the grammar of RFC 4180 and the habits of real files: four
 * possible delimiters, quotes inside an unquoted field, spaces and blank lines. An unclosed quote
 * costs only its own line: a general reader would swallow the rest of the file, but every row must
 * be accounted for.
 */
export type Delimiter = ';' | ',' | '\t' | '|';

export type CsvRecord = {
  /**
   * Row number as a spreadsheet counts, from 0. Lines inside quotes are no rows; blank lines are.
   */
  readonly row: number;
  /** Its text in the file, without the line break. */
  readonly raw: string;
  readonly fields: readonly string[];
  readonly problem?: 'quote-not-closed' | 'record-too-long';
};

export type CsvReader = {
  /**
   * Yields the records that this text completes, one at a time, so that the caller may rest between
   * two. Each takes bounded time, however hostile the text. The caller must take all before the
   * next push.
   */
  push(text: string): Generator<CsvRecord>;
  /** Yields what is left at the end of the file. */
  end(): Generator<CsvRecord>;
};

/**
 * Longest record over several lines, such as an address with line breaks. In a longer one the quote
 * was never closed.
 */
const QUOTED_LETTERS_MAX = 10_000;
/** Longest line that can be a row of a list. */
export const LINE_LETTERS_MAX = 100_000;

/** `firstRow` is the number of the first row of the text. */
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

/** The most frequent delimiter in a header, outside of quotes. */
export function detectDelimiter(header: string): Delimiter {
  const bare = header.replace(/"[^"]*"/g, '');
  const count = (one: Delimiter) => bare.split(one).length - 1;
  const all: readonly Delimiter[] = [';', ',', '\t', '|'];
  return all.reduce((best, one) => (count(one) > count(best) ? one : best));
}

type Found = Omit<CsvRecord, 'row'> & {
  readonly next: number;
  /** Whether it is only a piece of a longer line. */
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
      // The line, or its line break, may be incomplete so far.
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

/**
 * Reads a quoted field. Undefined while the closing quote has not arrived. Text between that quote
 * and the delimiter is kept.
 */
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
    // A closing quote several lines later, with a letter after it, really opens another field.
    if (spansLines && rest.value.trim() !== '') return 'unclosed';
    const value = inside.replaceAll('""', '"') + rest.value.trimEnd();
    return { value, end: rest.end, spansLines };
  }
}

/** Turns a single line into a record with this problem; reading continues after it. */
function wholeLine(
  text: string,
  from: number,
  problem: NonNullable<CsvRecord['problem']>,
  isEnd: boolean,
): Found | undefined {
  // Searches no further than the longest line.
  const found = text.slice(from, from + LINE_LETTERS_MAX + 1).search(/[\r\n]/);
  if (found === -1 && (!isEnd || text.length - from > LINE_LETTERS_MAX)) {
    // A line without an end must not grow in memory: it is cut here, and its rest is the next
    // record.
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
