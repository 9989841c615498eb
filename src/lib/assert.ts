/**
 * A mistake of ours, not of the outside. In the engine it costs the one thing that was being decided
 * (engine/draft.ts); while what was decided is stored or let out, the process stops with this
 * sentence, restarts and recovers. Nobody else catches it to go on.
 */
export class MistakeError extends Error {
  override readonly name = 'MistakeError';
}

/** States what must be true here, in a sentence. Throws {@link MistakeError} when it is not. */
export function assert(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new MistakeError(sentence);
}

/** The end of every `switch` over a union: a new member becomes a compile error at this line. */
export function unreachable(value: never): never {
  throw new MistakeError(`no case for ${shapeOf(value)}`);
}

/** What tells one case from another; the rest of the value may be personal. */
function shapeOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? String(value);
  return 'kind' in value ? `kind ${String(value.kind)}` : `fields ${Object.keys(value).join(', ')}`;
}

/** The value, or a mistake with this sentence when it is null or undefined. */
export function present<T>(value: T | null | undefined, sentence: string): T {
  assert(value !== null && value !== undefined, sentence);
  return value;
}
