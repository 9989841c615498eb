/**
 * A mistake of ours, not of the outside. In the engine it costs only the one thing being decided
 * (engine/draft.ts). While a decision is stored or its effects are sent, it stops the process with
 * this sentence; the process restarts and recovers. No other code catches it and carries on.
 */
export class MistakeError extends Error {
  override readonly name = 'MistakeError';
}

/** Throws {@link MistakeError} with this sentence unless the condition holds. */
export function assert(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new MistakeError(sentence);
}

/** The end of every `switch` over a union: a new member becomes a compile error at this line. */
export function unreachable(value: never): never {
  throw new MistakeError(`no case for ${shapeOf(value)}`);
}

/** The discriminant of a value; its other fields may be personal data. */
function shapeOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? String(value);
  return 'kind' in value ? `kind ${String(value.kind)}` : `fields ${Object.keys(value).join(', ')}`;
}

/** The value; throws {@link MistakeError} with this sentence when it is null or undefined. */
export function present<T>(value: T | null | undefined, sentence: string): T {
  assert(value !== null && value !== undefined, sentence);
  return value;
}
