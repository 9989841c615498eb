import { useCallback, useEffect, useRef, useState } from 'react';
import { wordsFor } from '../i18n/codes.ts';
import { type Answer, ask, type Schema } from './http.ts';

/** A view read from the server when the page opens and again on `reload`. */
export type Loaded<Value> = {
  readonly value: Value | undefined;
  /** Why the newest reading failed, in words; undefined when it did not. */
  readonly trouble: string | undefined;
  reload(): Promise<void>;
};

export function useLoaded<Value>(path: string | undefined, schema: Schema<Value>): Loaded<Value> {
  const [answer, setAnswer] = useState<{ path: string; answer: Answer<Value> }>();
  const newest = useRef(path);
  newest.current = path;
  const reload = useCallback(async () => {
    if (path === undefined) return;
    const came = await ask('GET', path, schema);
    // Ignores an answer that arrives after another page was opened.
    if (newest.current === path) setAnswer({ path, answer: came });
  }, [path, schema]);
  useEffect(() => void reload(), [reload]);
  const current = answer?.path === path ? answer?.answer : undefined;
  return {
    value: current?.ok ? current.value : undefined,
    trouble: current && !current.ok ? wordsFor('problem', current.problem.code) : undefined,
    reload,
  };
}
