import { given } from './given.ts';
/**
 * Splits a list's cell into the telephone numbers people wrote in it. Brackets and separators show
 * where a part of a number begins and ends, so they are kept beside the digits. An extension or a
 * second line is cut off and never joined to the digits. Two whole numbers in one cell become two
 * numbers. `phone-number.ts` decides what each number is.
 */
import { withoutSpreadsheetMarks } from './spreadsheet-marks.ts';

/** One number as it is written: its digits, and what stands between them. */
export type WrittenNumber = {
  readonly digits: string;
  /** Offsets into the digits where a separator stands. */
  readonly cuts: ReadonlySet<number>;
  /** Stretches of digits that stand in brackets, from one offset to another. */
  readonly brackets: readonly (readonly [from: number, to: number])[];
  /** Whether a plus stands before the digits. */
  readonly hasPlus: boolean;
  /**
   * The extension that was cut off, up to six digits; the agent asks for it when the call is
   * answered. Absent when there is none.
   */
  readonly extension?: string;
  readonly notes: readonly WritingNote[];
};

/**
 * What was dropped from the writing. `carrier-code-dropped`: a placeholder for the carrier's code,
 * such as `0xx`.
 */
export type WritingNote = 'extension-cut' | 'second-line-cut' | 'carrier-code-dropped';

export type WritingProblem = 'empty' | 'not-a-number' | 'grouping-unclear';

/**
 * The numbers of a cell, at least one, or why it cannot be read: words between digits, brackets
 * that do not close, or a piece too short to be a number beside others.
 */
export function writtenNumbers(cell: string): readonly WrittenNumber[] | WritingProblem {
  const text = plainWriting(cell);
  if (text === '') return 'empty';
  const numbers: WrittenNumber[] = [];
  for (const piece of text.split(BETWEEN_NUMBERS)) {
    // Words beside a number, such as its owner's name.
    if (!/\d/.test(piece)) continue;
    const written = readPieces(piece);
    if (typeof written === 'string') return written;
    numbers.push(...written);
  }
  if (numbers.length === 0) return 'not-a-number';
  const isPart = (one: WrittenNumber) => one.digits.length < SUBSCRIBER_DIGITS_MIN;
  return numbers.length > 1 && numbers.some(isPart) ? 'grouping-unclear' : numbers;
}

/**
 * Normalizes characters that look alike: every dash becomes a hyphen, every run of spaces one
 * space, and invisible marks are removed. Text copied from a web page may hide a plus behind a mark
 * of the writing direction.
 */
export function plainWriting(text: string): string {
  const plain = text
    .replace(/\p{Cf}/gu, '')
    .replace(/\p{Zs}/gu, ' ')
    .replace(/\p{Pd}|−/gu, '-')
    .replaceAll('＋', '+');
  return withoutSpreadsheetMarks(plain);
}

/** Digits of the shortest whole number: eight, without an area code. */
const SUBSCRIBER_DIGITS_MIN = 8;

const LONG_MARKS = 'ramal|rml|ram|extens[aã]o|extension|ext';
/** A comma before an extension belongs to the number before it. */
const BETWEEN_NUMBERS = new RegExp(
  String.raw`[;,|\r\n\t&]+(?!\s*(?:${LONG_MARKS}|r\b))|\s(?:e|ou|and|or)\s`,
  'i',
);

/** `0xx11`, `0**11`: where the carrier's code would stand. */
const CARRIER_BLANK = /^([^\d]*)0\s*(?:xx|\*\*)/i;

const WORDS_IN_BRACKETS = /\([^\d()+]*\)/g;

const EXTENSION = new RegExp(
  String.raw`^(.*\d)([^\da-z]*)(?:(?:${LONG_MARKS})(?:[\s.:º-]*\d{1,6})?|(?:r|x|#)[\s.:º-]*\d{1,6})[\s).]*$`,
  'i',
);
const EXTENSION_BEFORE = new RegExp(`(?:^|[^a-z])(?:${LONG_MARKS}|r|x)(?:[^a-z]|$)`, 'i');

/** `3456-7890 a 7899`: a range of lines. */
const UP_TO_LINE = /^(.*\d)\s(?:a|à|até)\s+\d{1,4}[\s).]*$/i;
const LINE_DIGITS_MAX = 4;
const AREA_CODE_ALONE = /^[^\d+]*(?:\+?55[\s)-]*)?\(?0?\d{2}[\s).-]*$/;

function readPieces(piece: string): readonly WrittenNumber[] | WritingProblem {
  const numbers: WrittenNumber[] = [];
  for (const { text, notes } of betweenSlashes(piece.replace(WORDS_IN_BRACKETS, ' '))) {
    const written = readOne(text, notes);
    if (typeof written === 'string') return written;
    numbers.push(written);
  }
  return numbers;
}

type Piece = { text: string; readonly notes: WritingNote[] };

/**
 * A slash stands inside a number (`11/3456-7890`), before the last digits of a second line
 * (`3456-7890/91`), or between two numbers. The text before it tells which.
 */
function betweenSlashes(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  for (const part of text.split(/[/\\]/)) {
    const last = pieces.at(-1);
    if (last && AREA_CODE_ALONE.test(last.text)) last.text += ` ${part}`;
    else if (last && digitsOf(part).length <= LINE_DIGITS_MAX) {
      if (/\d/.test(part)) last.notes.push('second-line-cut');
    } else pieces.push({ text: part, notes: [] });
  }
  return pieces;
}

function readOne(
  piece: string,
  notesBefore: readonly WritingNote[],
): WrittenNumber | WritingProblem {
  const notes: WritingNote[] = [...notesBefore];
  let text = piece.replace(CARRIER_BLANK, (_all, before: string) => {
    notes.push('carrier-code-dropped');
    return `${before}0`;
  });
  const upTo = UP_TO_LINE.exec(text);
  if (upTo) {
    text = upTo[1] ?? '';
    notes.push('second-line-cut');
  }
  const parted = withoutExtension(text);
  if (parted) {
    text = parted.head;
    notes.push('extension-cut');
  }
  const words = /^[^\d(+]*/.exec(text)?.[0] ?? '';
  if (EXTENSION_BEFORE.test(words)) return 'grouping-unclear';
  const [, bare = '', after = ''] = /^(.*[\d)])(.*)$/s.exec(text.slice(words.length)) ?? [];
  // Only separate words may follow the digits: in `9876543x` the letter stands for a digit.
  if (!/^[\d\s().+-]+$/.test(bare) || !/^(?:[\s.-][^*?_#]*)?$/.test(after)) return 'not-a-number';
  const plus = bare.lastIndexOf('+');
  if (plus > bare.search(/\d/)) return 'not-a-number';
  const spans = spansOf(bare);
  if (!spans) return 'grouping-unclear';
  const { extension } = parted ?? {};
  const aside = given({ extension });
  return { ...spans, hasPlus: plus !== -1, ...aside, notes };
}

/** Undefined when there is no extension, or when the letter may stand for a digit: `98765-432x`. */
function withoutExtension(
  text: string,
): { readonly head: string; readonly extension?: string } | undefined {
  const found = EXTENSION.exec(text);
  const [head = '', between = ''] = found?.slice(1) ?? [];
  if (!found || digitsOf(head).length < SUBSCRIBER_DIGITS_MIN) return undefined;
  const isApart = between !== '' || /\D\d{4}$/.test(head);
  if (!isApart) return undefined;
  const extension = digitsOf(text.slice(head.length));
  return { head, ...given({ extension: extension || undefined }) };
}

/** Digits with their cuts and brackets. Undefined when brackets are nested. */
function spansOf(text: string): Pick<WrittenNumber, 'digits' | 'cuts' | 'brackets'> | undefined {
  let digits = '';
  let open: number | undefined;
  let lastOpenEnd = 0;
  const cuts = new Set<number>();
  const brackets: [number, number][] = [];
  for (const letter of text) {
    if (/\d/.test(letter)) {
      digits += letter;
      continue;
    }
    if (digits !== '') cuts.add(digits.length);
    if (letter === '(') {
      if (open !== undefined) return undefined;
      open = digits.length;
    } else if (letter === ')') {
      // `11) 98765-4321` lost its opening bracket: the stretch begins at the start of the text.
      if (open === undefined && brackets.length > 0) return undefined;
      brackets.push([open ?? lastOpenEnd, digits.length]);
      open = undefined;
      lastOpenEnd = digits.length;
    }
  }
  cuts.delete(digits.length);
  // `(11 98765-4321`: an unclosed bracket ends at the next separator.
  if (open !== undefined) {
    const from = open;
    brackets.push([from, [...cuts].find((cut) => cut > from) ?? digits.length]);
  }
  return { digits, cuts, brackets };
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, '');
}
