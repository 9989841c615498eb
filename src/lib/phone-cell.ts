/**
 * A cell of a list in which people wrote telephone numbers, taken apart without losing what they meant
 * by it. Brackets and separators say where a part of a number begins and ends, so they are kept beside
 * the digits; an extension and a second line are cut off and never joined to them; and two whole
 * numbers in one cell are two. What a number then is, `phone-number.ts` decides.
 */

/** One number as it is written: its digits, and what stands between them. */
export type WrittenNumber = {
  readonly digits: string;
  /** Offsets into the digits at which something stands between two of them. */
  readonly cuts: ReadonlySet<number>;
  /** Stretches of digits that stand in brackets, from one offset to another. */
  readonly brackets: readonly (readonly [from: number, to: number])[];
  /** A plus stands somewhere before the digits. */
  readonly hasPlus: boolean;
  /** The extension that was cut off, to be asked for when somebody answers; up to six digits. */
  readonly extension?: string;
  readonly notes: readonly WritingNote[];
};

/** What was cut off, or stood where a carrier's code is written as `0xx`. */
export type WritingNote = 'extension-cut' | 'second-line-cut' | 'carrier-code-dropped';

export type WritingProblem = 'empty' | 'not-a-number' | 'grouping-unclear';

/**
 * The numbers of a cell, at least one, or why none can be made out: words between digits, brackets
 * that do not close, or a piece too short to be a number beside others.
 */
export function writtenNumbers(cell: string): readonly WrittenNumber[] | WritingProblem {
  const text = plainWriting(cell);
  if (text === '') return 'empty';
  const numbers: WrittenNumber[] = [];
  for (const piece of text.split(BETWEEN_NUMBERS)) {
    // Words beside a number, such as whose it is.
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
 * One form for what looks alike: every dash a hyphen, every space one space, and no mark that cannot
 * be seen. A web page leaves marks of the writing direction before a plus, which would hide it.
 */
export function plainWriting(text: string): string {
  return text
    .replace(/\p{Cf}/gu, '')
    .replace(/\p{Zs}/gu, ' ')
    .replace(/\p{Pd}|−/gu, '-')
    .replaceAll('＋', '+')
    .replace(/^="(.*)"$/s, '$1')
    .replace(/^'/, '')
    .trim();
}

/** The shortest that stands for a number by itself: eight digits, without an area code. */
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

/** `3456-7890 a 7899`: the lines from the one to the other. */
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
 * (`3456-7890/91`), or between two numbers. What stands before it tells which.
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
  given: string,
  notesBefore: readonly WritingNote[],
): WrittenNumber | WritingProblem {
  const notes: WritingNote[] = [...notesBefore];
  let text = given.replace(CARRIER_BLANK, (_all, before: string) => {
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
  // Only words may follow the digits, and apart from them: in `9876543x` a letter stands for a digit.
  if (!/^[\d\s().+-]+$/.test(bare) || !/^(?:[\s.-][^*?_#]*)?$/.test(after)) return 'not-a-number';
  const plus = bare.lastIndexOf('+');
  if (plus > bare.search(/\d/)) return 'not-a-number';
  const spans = spansOf(bare);
  if (!spans) return 'grouping-unclear';
  const { extension } = parted ?? {};
  const aside = extension === undefined ? {} : { extension };
  return { ...spans, hasPlus: plus !== -1, ...aside, notes };
}

/** Undefined without an extension, and where the letter may stand for a digit: `98765-432x`. */
function withoutExtension(
  text: string,
): { readonly head: string; readonly extension?: string } | undefined {
  const found = EXTENSION.exec(text);
  const [head = '', between = ''] = found?.slice(1) ?? [];
  if (!found || digitsOf(head).length < SUBSCRIBER_DIGITS_MIN) return undefined;
  const isApart = between !== '' || /\D\d{4}$/.test(head);
  if (!isApart) return undefined;
  const extension = digitsOf(text.slice(head.length));
  return { head, ...(extension === '' ? {} : { extension }) };
}

/** Digits with their cuts and brackets. Undefined where brackets stand within each other. */
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
      // `11) 98765-4321` lost its first bracket; what it closes begins where the text does.
      if (open === undefined && brackets.length > 0) return undefined;
      brackets.push([open ?? lastOpenEnd, digits.length]);
      open = undefined;
      lastOpenEnd = digits.length;
    }
  }
  cuts.delete(digits.length);
  // `(11 98765-4321`: what was opened ends at the next separator.
  if (open !== undefined) {
    const from = open;
    brackets.push([from, [...cuts].find((cut) => cut > from) ?? digits.length]);
  }
  return { digits, cuts, brackets };
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, '');
}
