/**
 * A mistake of ours, not of the outside: the process stops with this sentence, restarts and recovers.
 * Never catch it to go on.
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
  throw new MistakeError(`no case for ${JSON.stringify(value)}`);
}

/** The value, or a mistake with this sentence when it is null or undefined. */
export function present<T>(value: T | null | undefined, sentence: string): T {
  assert(value !== null && value !== undefined, sentence);
  return value;
}
