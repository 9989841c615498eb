import { type Problem, problem as problemSchema } from '../../protocol/common.ts';

/**
 * The server's answer: a value of the protocol, or a problem whose `code` has a sentence on the
 * page.
 */
export type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: Problem };

/** Enough of a zod schema to read an answer. */
export type Schema<Value> = { safeParse(value: unknown): { success: boolean; data?: Value } };

const ANSWER_WITHIN_MS = 15_000;

/**
 * Asks the server. Never throws: a missing network, a timeout and an unreadable answer are problems
 * too.
 */
export async function ask<Value>(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  schema: Schema<Value>,
  body?: unknown,
): Promise<Answer<Value>> {
  try {
    const response = await fetch(path, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    return readAnswer(response.status, await response.text(), schema);
  } catch {
    return { ok: false, problem: localProblem('no-connection') };
  }
}

/** Reads the body of an answer by its status; shared with uploads, which need another transport. */
export function readAnswer<Value>(
  status: number,
  text: string,
  schema: Schema<Value>,
): Answer<Value> {
  const json = parseJson(text);
  if (status >= 200 && status < 300) {
    const parsed = schema.safeParse(json);
    return parsed.success
      ? { ok: true, value: parsed.data as Value }
      : { ok: false, problem: localProblem('unreadable-answer', status) };
  }
  const told = problemSchema.safeParse(json);
  return { ok: false, problem: told.success ? told.data : localProblem('no-reason', status) };
}

/** A problem noticed by the page itself. */
export function localProblem(
  code: 'no-connection' | 'unreadable-answer' | 'no-reason',
  status = 0,
): Problem {
  return { type: 'about:blank', title: code, status, code, detail: '' };
}

/** For answers whose body does not matter. */
export const anything: Schema<unknown> = {
  safeParse: (value) => ({ success: true, data: value }),
};

function parseJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
