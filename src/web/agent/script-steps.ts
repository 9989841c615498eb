/** One step of a script: the words to say, and a heading if the operation gave one. */
export type ScriptStep = {
  readonly number: string;
  readonly title: string;
  readonly lines: readonly string[];
};

/**
 * Splits a script into steps at empty lines; without any, each line is a step. A step may begin
 * with its own heading, such as `2. Confirmação`; otherwise it gets a number.
 */
export function scriptSteps(text: string): readonly ScriptStep[] {
  const blocks = text
    .trim()
    .split(/\n\s*\n/)
    .map(linesOf)
    .filter((lines) => lines.length > 0);
  const steps = blocks.length > 1 ? blocks : linesOf(text).map((line) => [line]);
  return steps.map((lines, place) => {
    const heading = lines.length > 1 ? /^(\d{1,2})[.)]\s+(.+)$/.exec(lines[0] ?? '') : null;
    if (!heading) return { number: String(place + 1), title: '', lines };
    return { number: heading[1] ?? '', title: heading[2] ?? '', lines: lines.slice(1) };
  });
}

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
